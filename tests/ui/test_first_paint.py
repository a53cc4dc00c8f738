import subprocess
import sys

import pytest

from tests.ui.app import ROOT

HEAVY = ("torch", "pandas", "pyarrow", "plotly.graph_objs._figure", "captum", "distributed")

RUN = f"""
import sys
from mnist_core.ui import services
from tests.ui.app import open_page

services.preload = lambda: None
open_page(sys.argv[1])
print(*[name for name in {HEAVY} if name in sys.modules])
"""


@pytest.mark.parametrize("page", ["draw", "claims"])
def test_nothing_heavy_is_loaded_for_the_first_paint(page: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_CLINIC_DATABASE", f"sqlite:///{tmp_path / 'runs.sqlite'}")
    done = subprocess.run(
        [sys.executable, "-c", RUN, page], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_the_panels_of_a_page_load_what_is_heavy_when_they_are_shown_and_not_before() -> None:
    code = (
        f"import sys, mnist_core.ui.data.panels, mnist_core.ui.mistakes.panels; print(*set({HEAVY}) & {{*sys.modules}})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
