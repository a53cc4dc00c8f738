import json
import subprocess
import sys

import pytest

from mnist_core.errors import UserError
from tests.benchmarks import app
from tests.browser import server
from tests.browser.server import ROOT, find_chromium

STROKES = 2
PAGES = ("Train", "Draw")
SHORT = f"""
from contextlib import ExitStack, nullcontext
from functools import cache

from tests.benchmarks import app
from tests.benchmarks.__main__ import benchmarks

app._STROKES = {STROKES}
app._LATER_VISITS = 1
app.PAGES = {{name: app.PAGES[name] for name in {PAGES}}}
servers, start = ExitStack(), app._fresh_server
first = cache(lambda: servers.enter_context(start()))
app._fresh_server = lambda: nullcontext(first())
with servers:
    benchmarks()
"""
"""With one server for all: a second one prepares itself and its workers for 15 s of the processor."""


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    command = [sys.executable, "-c", SHORT, "app", "--repeats", "1", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()][1:]


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine")
def test_waits_are_timed_in_a_real_browser(rows: list[dict]) -> None:
    assert [(row["what"], row["count"]) for row in rows] == [
        ("evaluate default on 10,000 test images", 1),
        ("cold start: server answers", 1),
        ("cold start: first paint", 1),
        ("cold start: pad can be used", 1),
        ("cold start: first stroke is read", 1),
        ("page switch: Train, first visit", 1),
        ("page switch: Draw, later visits", 2),
        ("page switch: Train, later visits", 1),
        ("cell to tiles", STROKES),
        ("tile to image close up", STROKES),
        ("stroke to answer, idle", STROKES),
        ("stroke to answer, while a run trains", STROKES),
    ]
    assert all(0 < row["p50_ms"] <= row["p95_ms"] <= row["slowest_ms"] for row in rows)
    start = [row["p50_ms"] for row in rows if row["what"].startswith("cold start")]
    assert start == sorted(start)


def test_without_a_browser_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "find_chromium", lambda: None)
    with pytest.raises(UserError, match="no browser"):
        next(app.bench_app())
