"""The commands of ``radcite``, one file a command; ``app/cli.py`` lists them."""
