"""What machine a figure is from: without it and its n, a time says nothing."""

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil  # type: ignore[import-untyped]


@dataclass(frozen=True, slots=True)
class Hardware:
    """The machine and what runs on it.

    Attributes:
        processor: Its name, as the system tells it.
        cores: Logical ones that this process may use.
        memory_gb: All of it, in 10^9 bytes.
        threads: What OMP_NUM_THREADS asks for; None where it is not set.
        load: Processes that wanted to run in the last minute, on average: below `cores`, the machine has room.
        system, python, torch: Names and versions.
    """

    processor: str
    cores: int
    memory_gb: float
    threads: str | None
    load: float
    system: str
    python: str
    torch: str


def describe_hardware() -> Hardware:
    """This machine, now."""
    return Hardware(
        processor=_processor_name(),
        cores=len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else os.cpu_count() or 1,
        memory_gb=psutil.virtual_memory().total / 1e9,
        threads=os.environ.get("OMP_NUM_THREADS"),
        load=psutil.getloadavg()[0],
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        torch=version("torch"),
    )


def _processor_name() -> str:
    told = Path("/proc/cpuinfo")  # Linux: platform.processor() is empty there
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()
