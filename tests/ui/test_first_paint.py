import subprocess
import sys

import pytest

from tests.ui.app import ROOT

HEAVY = ("torch", "pandas", "pyarrow", "captum", "distributed")

RUN = f"""
import sys
from mnist_core.ui import services
from tests.ui.app import open_page

services.warm = lambda: None
open_page(sys.argv[1])
print(*[name for name in {HEAVY} if name in sys.modules])
"""


@pytest.mark.parametrize("page", ["draw", "causes"])
def test_nothing_heavy_is_loaded_for_the_first_paint(page: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_CLINIC_DATABASE", f"sqlite:///{tmp_path / 'runs.sqlite'}")
    done = subprocess.run(
        [sys.executable, "-c", RUN, page], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
