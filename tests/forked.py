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
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]

_IMPORTED = [
    "torch", "torchvision.datasets", "scipy.ndimage", "sklearn.svm", "joblib", "PIL.Image", "mnist_core.cli.main",
    "mnist_core.runs.queue.engine", "mnist_core.runs.registry", "mnist_core.runs.store.store",
    "mnist_core.training.loop", "mnist_core.diagnosis.diagnosis", "tests.forked",
]  # fmt: skip


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    return context


def start(do: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """That function in a process that goes on by itself; it may be killed."""
    process = _context().Process(target=do, args=arguments)
    process.start()
    return process


def run_command(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """What `python -m mnist_core` does with these words in that environment."""
    return _run(_run_module, words, environment, ROOT)


def run_fresh_command(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The same in an interpreter that has imported nothing yet, as people start it."""
    command = [sys.executable, "-m", "mnist_core", *words]
    return subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)


def run_python(path: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """What `python -I -W error` does with that script, in its folder: it finds nothing of this project."""
    return _run(partial(_run_script, path), words, os.environ, path.parent)


def run_copy(folder: Path, words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """What `python -m mnist_core` does with these words in a folder that holds another copy of this program.

    With `-c` first, what the Python code after it does there.
    """
    return _run(_run_copy, words, environment, folder)


def _run(
    program: Callable[[], None], words: Sequence[str], environment: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory() as heard:
        out, errors = Path(heard) / "out", Path(heard) / "errors"
        child = start(_be, program, list(words), dict(environment), folder, out, errors)
        child.join()
        code = child.exitcode
        child.close()
        return subprocess.CompletedProcess(list(words), code or 0, out.read_text("utf-8"), errors.read_text("utf-8"))


def _be(
    program: Callable[[], None], words: list[str], environment: dict[str, str], folder: Path, out: Path, errors: Path
) -> None:
    """Become that program, in the forked process."""
    for path, stream in ((out, 1), (errors, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), stream)
    sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), "utf-8")
    sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb", closefd=False), "utf-8", line_buffering=True)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["", *words]
    program()


def _run_module() -> None:
    runpy.run_module("mnist_core", run_name="__main__", alter_sys=True)


def _run_script(path: Path) -> None:
    _forget_this_program()
    warnings.resetwarnings()
    warnings.simplefilter("error")
    runpy.run_path(str(path), run_name="__main__")


def _run_copy() -> None:
    _forget_this_program()
    sys.path.insert(0, str(Path.cwd()))
    if sys.argv[1] != "-c":
        _run_module()
        return
    del sys.argv[1]
    code = sys.argv.pop(1)
    exec(compile(code, "-c", "exec"), {"__name__": "__main__"})


def _forget_this_program() -> None:
    sys.path[:] = [entry for entry in sys.path if entry and not ROOT.is_relative_to(entry)]
    for name in [name for name in sys.modules if name.partition(".")[0] in ("mnist_core", "tests", "pages")]:
        del sys.modules[name]
