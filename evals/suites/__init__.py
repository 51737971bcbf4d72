"""Cases: questions with what is right, from this repository's suites or from files by path."""
