"""Where networks are trained."""

import os

import torch

DEVICE_VARIABLE = "DIGIT_CLINIC_DEVICE"


def pick_device() -> torch.device:
    """CUDA or MPS where there is one, else the CPU; `DIGIT_CLINIC_DEVICE` (auto, cpu, cuda, mps) decides."""
    wanted = os.environ.get(DEVICE_VARIABLE, "auto")
    if wanted != "auto":
        return torch.device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
