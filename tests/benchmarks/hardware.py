"""What machine a figure is from: without it and its n, a time says nothing."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil  # type: ignore[import-untyped]


def describe_hardware() -> dict[str, object]:
    """The machine and what runs on it, now: memory in 10^9 bytes, the cores that this process may use.

    `threads` is what OMP_NUM_THREADS asks for. `load` is how many processes wanted to run in the last minute, on
    average: below `cores`, the machine has room.
    """
    can_tell = hasattr(psutil.Process, "cpu_affinity")
    return {
        "processor": _processor_name(),
        "cores": len(psutil.Process().cpu_affinity()) if can_tell else os.cpu_count() or 1,
        "memory_gb": psutil.virtual_memory().total / 1e9,
        "threads": os.environ.get("OMP_NUM_THREADS"),
        "load": psutil.getloadavg()[0],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "torch": version("torch"),
    }


def _processor_name() -> str:
    told = Path("/proc/cpuinfo")  # Linux: platform.processor() is empty there
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()
