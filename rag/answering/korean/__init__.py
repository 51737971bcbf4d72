"""Korean in and out: a question read through the glossary, an answer said from templates.

:mod:`asking` gives a Korean question in the English of the glossary, so that it takes the same
routes; :mod:`rendering` says a finished response in Korean. Numbers, units and labels are never
translated; quotations stay in the original, with the Korean of their terms beside.
"""
