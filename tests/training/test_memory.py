import mmap
import os
import platform
import subprocess
import sys

import pytest

from mnist_core.training.memory import keep_freed_memory

_PAGES = 4_000_000 * 4 // mmap.PAGESIZE
_COUNT = """
import resource, torch
from mnist_core.training.memory import keep_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def of_one_block(count=10):
    for _ in range(20):  # the first ones make room
        torch.ones(4_000_000)
    before = faults()
    for _ in range(count):
        torch.ones(4_000_000)
    return (faults() - before) / count

print(of_one_block(), keep_freed_memory(), of_one_block())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to keep memory")
def test_blocks_come_back_without_new_pages_even_where_dask_wants_them_given_away():
    environment = os.environ | {"MALLOC_TRIM_THRESHOLD_": "65536"}  # what Dask starts its workers with
    told = subprocess.run([sys.executable, "-c", _COUNT], capture_output=True, text=True, check=True, env=environment)
    before, kept, after = told.stdout.split()
    assert kept == "True"
    assert float(before) > 0.9 * _PAGES
    assert float(after) < 0.1 * _PAGES


def test_other_c_libraries_are_left_alone(monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not keep_freed_memory.__wrapped__()
