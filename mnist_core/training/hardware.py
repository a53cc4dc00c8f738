"""What the machine decides: device, number format, threads and memory.

Runs, benchmarks, tests and exported scripts all ask here, so that they decide alike. The functions that scripts need
are lifted into them as they stand, in the 88 columns of a script: they import nothing of ours.
"""

import ctypes
import os
import platform
from collections.abc import Mapping
from functools import cache

import torch

# Of glibc's malloc.h, with the largest values that help: 32 MB is the most that it takes for the second.
_TRIM_THRESHOLD, _KEPT_BYTES = -1, 2**30
_MMAP_THRESHOLD, _LARGEST_BLOCK_BYTES = -3, 2**25


def pick_device() -> torch.device:
    """CUDA or MPS where there is one, else the CPU.

    The environment variable DIGIT_CLINIC_DEVICE (auto, cpu, cuda, mps) decides.
    """
    wanted = os.environ.get("DIGIT_CLINIC_DEVICE", "auto")
    if wanted != "auto":
        return torch.device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether the device computes faster in bfloat16 than in float32.

    A processor without instructions for bfloat16 emulates it, and is slower.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu":
        return False
    # PyTorch before 2.11 cannot tell: there it stays float32.
    get_capabilities = getattr(torch.cpu, "get_capabilities", dict)
    capabilities: Mapping[str, object] = get_capabilities()
    instructions = ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16")
    return any(capabilities.get(name) for name in instructions)


def mixed_precision(device: torch.device) -> torch.autocast:
    """In here, layers compute in bfloat16 where the device is fast at it.

    Weights, their gradients and the optimizer's memory stay float32 (Micikevicius et al.,
    2018). As bfloat16 reaches as far as float32, the loss needs no scaling (Kalamkar et
    al., 2019).
    """
    is_fast = has_fast_bfloat16(device)
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=is_fast)


def limit_threads() -> None:
    """Compute on one thread in this process, as the app does and every benchmark of it.

    One image is no work for many threads, and the workers need the processor.
    """
    torch.set_num_threads(1)


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
