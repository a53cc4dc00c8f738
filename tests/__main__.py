"""All checks and tests, as CI runs them: `python -m tests`. Further words go to pytest."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent

CHECKS = [
    [sys.executable, "-m", "ruff", "check", "."],
    [sys.executable, "-m", "ruff", "format", "--check", "."],
    [sys.executable, "-m", "mypy"],
    [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
]
TESTS = [sys.executable, "-m", "pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]

# Three processes test, of which one mostly waits for a browser, and start others that train: with a thread for each
# processor in all of them, they would mostly wait for one another.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", **os.environ}

# They start hundreds of others. Each would compile the program anew, where nobody may keep what is compiled.
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)

# That of the app's workers: they would get a fifteenth of a processor beside tests that stand above them.
NICENESS = 10


def main(words: Sequence[str]) -> int:
    """Run pytest with these words and, beside it, every check; 0 when all passed."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with ThreadPoolExecutor(1) as beside:
        checks = [beside.submit(_check, command) for command in CHECKS]
        tests = [*TESTS, *words]
        print("$", *tests[1:], flush=True)
        done = [subprocess.run(tests, cwd=ROOT, env=ENVIRONMENT, check=False, text=True)]
        done += [check.result() for check in checks]
    for check in done[1:]:
        print("\n$", *check.args[1:], "\n" + check.stdout)
    failed = [" ".join(one.args[1:]) for one in done if one.returncode]
    print("All checks passed." if not failed else "Failed:\n  " + "\n  ".join(failed))
    return 1 if failed else 0


def _check(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run it, and keep what it says: it must not mix with what the tests say."""
    return subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
