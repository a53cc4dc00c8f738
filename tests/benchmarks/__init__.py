"""What is measured of the program itself, for its developers: `python -m tests.benchmarks NAME`."""
