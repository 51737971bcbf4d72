"""Quality control over time: a fixed suite, a history, control limits, the probable cause."""
