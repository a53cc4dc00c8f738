"""The codes that the program leaves with."""

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130  # what shells expect of Ctrl-C
