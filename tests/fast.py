"""The checks and the quick tests, for every few minutes of work: `python -m tests.fast`. Further words go to pytest.

No browser, no server, no worker processes, no page, and hardly any training: what takes long is left to
`python -m tests`.
"""

import sys

from tests.__main__ import main

SLOW = (
    "benchmarks", "browser", "checkpoints", "cli", "evaluation", "export", "faults", "runs/queue",
    "runs/test_pausing.py",
    "test_cli.py", "test_docs.py", "training/test_checkpoint.py", "training/test_data_effects.py",
    "training/test_fine_tuning.py", "training/test_hardware.py", "training/test_hints.py", "training/test_loop.py",
    "training/test_lr_finder.py", "training/test_model_effects.py", "training/test_svm.py", "data/test_cleaning.py",
    "data/test_dataset.py", "data/test_label_errors.py", "diagnosis", "code_bugs", "ui",
)  # fmt: skip
"""Below tests/: what trains, starts processes or opens pages."""

if __name__ == "__main__":
    passed_over = [f"--ignore=tests/{name}" for name in SLOW]
    sys.exit(main([*passed_over, *sys.argv[1:]]))
