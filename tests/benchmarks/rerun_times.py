"""How long a page's script takes when it runs again: `python -m tests.benchmarks.rerun_times PAGE N [RUN]`.

A program of its own, which prints pairs of wall and processor time in ms as JSON: what measures (`bench`) does not know
the ui.
"""

import json
import sys
import threading
import time
from functools import cache
from unittest.mock import patch

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from mnist_core.runs.queue.engine import Engine
from mnist_core.ui import services
from tests.browser.server import ROOT

_WARM_UP = 3
_PATIENCE_S = 600


def rerun_times(page: str, repeats: int, run: str | None = None) -> list[tuple[float, float]]:
    """Wall and processor times in ms of so many reruns of a page that somebody has opened, perhaps with a run's link.

    Raises:
        RuntimeError: What the page said when it broke.
    """
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=_PATIENCE_S)
    if run is not None:
        app.query_params["run"] = run
    app.switch_page(f"pages/{page}.py")
    _time_run(app)
    for thread in threading.enumerate():
        if thread.name == "warm":
            thread.join()
    return [_time_run(app) for _ in range(_WARM_UP + repeats)][_WARM_UP:]


def _time_run(app: AppTest) -> tuple[float, float]:
    start, start_processor = time.perf_counter(), time.process_time()
    app.run()
    taken_ms = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - start_processor)
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return taken_ms


@cache
def _engine() -> Engine:
    """One that answers for runs from the store: without `start` it has no workers to disturb what is timed."""
    return Engine(services.store())


if __name__ == "__main__":
    page, repeats, *run = sys.argv[1:]
    with (
        patch.object(services, "engine", _engine),
        # Before each run the tester looks through all installed packages for browser parts; a server does so once.
        patch.object(manifest_scanner, "scan_component_manifests", list),
    ):
        print(json.dumps(rerun_times(page, int(repeats), *run)))
