"""In which number format a network's layers are worked out while it learns."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

import torch

from mnist_core.recipe import Recipe

# Of the capabilities that `torch.cpu.get_capabilities` tells, those with instructions for bfloat16. Without any of
# them bfloat16 is emulated, and slower than float32.
_FAST_ON_CPU = ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16")


def worked_out(recipe: Recipe, device: torch.device) -> AbstractContextManager[object]:
    """In here, layers are worked out as the recipe's `precision` says; what they return may be bfloat16.

    Mixed precision (Micikevicius et al., 2018): weights, their gradients and the optimizer's memory stay float32. With
    bfloat16, which reaches as far as float32, the loss needs no scaling (Kalamkar et al., 2019).
    """
    is_mixed = recipe.precision == "mixed" and has_fast_bfloat16(device)
    return torch.autocast(device.type, torch.bfloat16, enabled=is_mixed)


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether the device works with bfloat16 faster than with float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        # PyTorch 2.10 does not tell yet: there it stays float32.
        capabilities: Mapping[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
        return any(capabilities.get(name) for name in _FAST_ON_CPU)
    return False
