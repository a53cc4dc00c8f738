"""Whether the workers of a cluster run what the app runs: each is asked before it gets a run.

A worker with other code or another PyTorch would fail in odd ways, or train something else; and because it fails at
once, it would be free again at once, and fail everybody's runs.
"""

import hashlib
import logging
import platform
from collections.abc import Collection, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from distributed.scheduler import KilledWorker

_PACKAGE = Path(__file__).parents[2]
_PACKAGES = ("torch", "numpy", "scipy", "scikit-learn", "safetensors")  # on which a training's numbers depend
_CODE = "Digit Clinic"
_MOST_DEATHS = 3
_LONGEST = 100  # characters of another program's message

_log = logging.getLogger(__name__)


def versions() -> dict[str, str]:
    """What this process runs: Python, the packages that training needs, and a fingerprint of this program's code."""
    major, minor, _ = platform.python_version_tuple()
    packages = {name: _public_version(name) for name in _PACKAGES}
    return {_CODE: _fingerprint(), "Python": f"{major}.{minor}", **packages}


class WorkerChecks:
    """What the workers of a cluster have answered. Of one thread alone.

    Attributes:
        unfit: What those that cannot be used have otherwise, in words, by their addresses.

    Args:
        client: A `distributed.Client`.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._own = versions()  # by now: the files may change under a process that has read them
        self._asked: dict[str, Any] = {}  # address to a future
        self._fitting: set[str] = set()
        self._deaths = 0  # in a row, of workers that were being asked
        self.unfit: dict[str, str] = {}

    @property
    def fitting(self) -> list[str]:
        """The addresses of the workers that can be used."""
        return sorted(self._fitting)

    @property
    def is_hopeless(self) -> bool:
        """Whether there are workers and none of them can be used."""
        return bool(self.unfit) and not self._fitting and not self._asked

    def ask(self, addresses: Collection[str]) -> None:
        """Of all workers there are, ask those that are new, and forget those that are gone. Waits for none."""
        known = self._asked.keys() | self._fitting | self.unfit.keys()
        for address in known - set(addresses):
            self._forget(address)
        for address in set(addresses) - known:
            # With a name of its own: another app's question is not the answer to this one's.
            self._asked[address] = self._client.submit(versions, workers=[address], pure=False)

    def note_answers(self) -> None:
        """Take in what has been answered since."""
        for address, answer in list(self._asked.items()):
            if answer.status == "pending":
                continue
            self._forget(address)
            if answer.status not in ("finished", "error"):  # its worker is gone; if it is not, it is asked again
                continue
            try:
                difference = differences(answer.result(), self._own)
            except KilledWorker:  # as it was being asked: perhaps it was meant to end, and another one comes
                self._deaths += 1
                if self._deaths < _MOST_DEATHS:
                    continue
                difference = "died as soon as it was asked what it runs"
            except Exception as error:  # whatever its own code, or the lack of it, brings about
                difference = f"none of the app's code ({type(error).__name__}: {str(error)[:_LONGEST]})"
            if difference:
                _log.warning("The worker %s gets no runs: it has %s", address, difference)
                self.unfit[address] = difference
            else:
                self._fitting.add(address)
                self._deaths = 0

    def _forget(self, address: str) -> None:
        self._asked.pop(address, None)
        self._fitting.discard(address)
        self.unfit.pop(address, None)


def differences(theirs: Mapping[str, str], own: Mapping[str, str]) -> str:
    """What somebody's `versions` have otherwise than one's own, in words; empty when nothing."""
    told = []
    for name, wanted in own.items():
        other = theirs.get(name, "none")
        if other != wanted:
            told.append(f"other code of {name}" if name == _CODE else f"{name} {other} (the app {wanted})")
    return ", ".join(told)


def _fingerprint() -> str:
    """Of the code that a worker may load: all but pages."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        name = path.relative_to(_PACKAGE).as_posix()
        if not name.startswith(("ui/", "_app/")):
            digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _public_version(package: str) -> str:
    """Without what names a build, as in 2.14.1+cpu."""
    try:
        return version(package).partition("+")[0]
    except PackageNotFoundError:
        return "none"
