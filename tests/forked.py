"""Python code in a process of its own, forked from one that has imported PyTorch already.

Importing it takes a fresh interpreter two seconds of its processor, and the tests of the command line and of exported
scripts need some fifty processes. A forked one has its own memory, environment, output and exit code as any other.
"""

import io
import multiprocessing
import os
import runpy
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]

_IMPORTED = [
    "torch", "torchvision.datasets", "scipy.ndimage", "sklearn.svm", "joblib", "PIL.Image", "mnist_core.cli.main",
    "mnist_core.runs.registry", "mnist_core.runs.store.store", "mnist_core.training.loop",
    "mnist_core.diagnosis.diagnosis", "tests.forked",
]  # fmt: skip


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    return context


def run_command(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """What `python -m mnist_core` does with these words in that environment."""
    return _run("mnist_core", list(words), dict(environment), ROOT)


def run_fresh_command(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The same in an interpreter that has imported nothing yet, as people start it."""
    command = [sys.executable, "-m", "mnist_core", *words]
    return subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)


def run_python(path: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """What `python -I -W error` does with that script, in its folder: it finds nothing of this project."""
    return _run(str(path), list(words), {}, path.parent)


def _run(program: str, words: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory() as heard:
        out, errors = Path(heard) / "out", Path(heard) / "errors"
        child = _context().Process(target=_be, args=(program, words, environment, folder, out, errors))
        child.start()
        child.join()
        code = child.exitcode
        child.close()
        return subprocess.CompletedProcess(
            [program, *words], code or 0, out.read_text("utf-8"), errors.read_text("utf-8")
        )


def _be(program: str, words: list[str], environment: dict[str, str], folder: Path, out: Path, errors: Path) -> None:
    """Become that program, in the forked process."""
    for path, stream in ((out, 1), (errors, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), stream)
    sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), "utf-8")
    sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb", closefd=False), "utf-8", line_buffering=True)
    os.chdir(folder)
    sys.argv = [program, *words]
    if program == "mnist_core":
        os.environ.clear()
        os.environ.update(environment)
        runpy.run_module(program, run_name="__main__", alter_sys=True)
        return
    sys.path[:] = [entry for entry in sys.path if entry and not ROOT.is_relative_to(entry)]
    for name in [name for name in sys.modules if name.partition(".")[0] in ("mnist_core", "tests", "pages")]:
        del sys.modules[name]
    warnings.resetwarnings()
    warnings.simplefilter("error")
    runpy.run_path(program, run_name="__main__")
