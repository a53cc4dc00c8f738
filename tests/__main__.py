"""All checks and tests, as CI runs them: `python -m tests`. Further words go to pytest."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent

CHECKS = [
    [sys.executable, "-m", "ruff", "check", "."],
    [sys.executable, "-m", "ruff", "format", "--check", "."],
    [sys.executable, "-m", "mypy"],
    [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    [sys.executable, "-m", "pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", *sys.argv[1:]],
]

# Three processes test, of which about one waits for a browser, and start others that train: with a thread for each
# processor in all of them, they would mostly wait for one another.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", **os.environ}


def main(checks: Sequence[Sequence[str]] = CHECKS) -> int:
    """Run every check, also after one has failed; 0 when all passed."""
    failed = []
    for command in checks:
        print("\n$", *command[1:], flush=True)
        if subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=False).returncode:
            failed.append(" ".join(command[1:]))
    print("\n" + ("All checks passed." if not failed else "Failed:\n  " + "\n  ".join(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
