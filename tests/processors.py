"""Processors that tests pretend to have, so that what depends on them is tested on any machine."""

import pytest
import torch

PROCESSORS = {
    "with bfloat16": {"avx512_f": True, "avx512_bf16": True},
    "without bfloat16": {"avx512_f": True, "avx512_bf16": False, "amx_bf16": False},
}
"""What PyTorch tells of each, as `torch.cpu.get_capabilities` does."""


def as_processor(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PyTorch tell in this process what it would tell on such a processor."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: PROCESSORS[name], raising=False)


def code_as_processor(name: str, file: str) -> str:
    """Python code that runs a file as a script, as on such a processor."""
    return (
        f"import runpy, torch\ntorch.cpu.get_capabilities = lambda: {PROCESSORS[name]!r}\n"
        f"runpy.run_path({file!r}, run_name='__main__')"
    )
