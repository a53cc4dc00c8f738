import json
import subprocess
import sys

import pytest

from mnist_core.errors import UserError
from tests.benchmarks import pages
from tests.browser import server
from tests.browser.server import ROOT, find_chromium


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine")
def test_clicks_are_timed_in_a_real_browser() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "pages", "--repeats", "2", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()][1:]
    assert [(row["what"], row["count"]) for row in rows] == [("cell to tiles", 2), ("tile to image close up", 2)]
    assert all(0 < row["p50_ms"] <= row["p95_ms"] <= row["slowest_ms"] for row in rows)


def test_without_a_browser_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "find_chromium", lambda: None)
    with pytest.raises(UserError, match="no browser"):
        next(pages.bench_pages())
