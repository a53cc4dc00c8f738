"""Memory that a training frees and soon asks for again."""

import ctypes
import platform
from functools import cache

# Of glibc's malloc.h, with the largest values that help: 32 MB is the most that it takes for the second.
_TRIM_THRESHOLD, _KEPT_BYTES = -1, 2**30
_MMAP_THRESHOLD, _LARGEST_BLOCK_BYTES = -3, 2**25


@cache
def keep_freed_memory() -> bool:
    """Let this process keep what it frees, up to 1 GB, where its C library is glibc.

    Dask starts its workers with the order to give it back at once. Every step of a training then gets the same blocks
    again, page by page and filled with zeros, which made a step of `net` take 54 ms instead of 31. Elsewhere glibc
    learns after some steps to keep them; here it need not.

    Returns:
        Whether it does.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return all([mallopt(_TRIM_THRESHOLD, _KEPT_BYTES), mallopt(_MMAP_THRESHOLD, _LARGEST_BLOCK_BYTES)])
