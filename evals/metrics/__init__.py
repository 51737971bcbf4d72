"""Metrics as pure functions: no file, no clock, no model. Each names its formula and its source.

A function returns ``None`` where the case cannot be scored; means count such cases as unscored and
never as zero (``means.py``).
"""
