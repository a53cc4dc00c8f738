"""What is measured of the program itself, for its developers: `python -m mnist_core bench`."""
