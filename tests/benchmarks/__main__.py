"""What measures the program: `python -m tests.benchmarks NAME`."""

from tests.benchmarks.commands import bench

bench(prog_name="python -m tests.benchmarks")
