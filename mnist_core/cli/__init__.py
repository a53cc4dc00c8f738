"""The command line: the same core as the pages, for scripts and for machines without a browser.

`--json` prints one JSON object a line on stdout and nothing else there. Errors are a line for people on
stderr, and an `error` object in JSON. Exit 0: all done; 1: something asked for failed; 2: wrong usage.
"""
