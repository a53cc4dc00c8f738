"""The clock set forward and back while runs train and wait: nothing ends or stops of it, no time becomes negative."""

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.server import ROOT

DAY_S = 86_400

_APP = """
import json, os, struct, sys, time
import psutil
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.store.store import Store
from mnist_core.ui.common import words
from tests.runs.examples import wait_for
from tests.runs.fakes import CLAIM_TEST, TRAINING, Fake, recipe

def set_clock(ahead_s):
    with open(os.environ["SET_CLOCK_FILE"], "r+b") as file:
        file.write(struct.pack("q", ahead_s))

def end_of(run):
    wait_for(lambda: not engine.live(run.id).is_active)
    return engine.live(run.id)

started_s = time.time()
store = Store(sys.argv[1], step_gap_s=0)
with Engine(store, workers=1, training=TRAINING) as engine:
    trained = engine.submit(recipe(Fake.ENDLESS))
    waiting = [engine.submit(recipe(Fake.SHORT))]
    wait_for(lambda: engine.live(trained.id).epoch)
    seen = []
    for ahead_s in map(int, sys.argv[2:]):
        set_clock(ahead_s)
        assert abs(time.time() - started_s - ahead_s) < 3600, "the clock was not set"
        done = engine.live(trained.id).epoch.epoch
        live = wait_for(lambda: (live := engine.live(trained.id)).epoch.epoch > done + 2 and live)
        assert store.recover() == ()
        waiting.append(engine.submit(recipe(Fake.SHORT)))
        queued = engine.live(waiting[-1].id)
        seen.append({
            "state": live.state, "elapsed_s": live.elapsed_s, "remaining_s": live.remaining_s,
            "words": [words.waiting(queued), words.left(live), words.ago(store.run(trained.id).created_at)],
            "listed": [run.id for run in store.runs()] == [run.id for run in [trained, *waiting]][::-1],
        })
    for child in psutil.Process().children(recursive=True):
        if "spawn_main" in " ".join(child.cmdline()):
            child.kill()  # a new one has to find its way in, whatever the time is
    print(json.dumps({
        "seen": seen, "trained": end_of(trained).error.code, "waiting": [end_of(run).state for run in waiting],
        "walls_s": [store.run(run.id).wall_s for run in waiting],
    }))
"""


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of processes whose clock a file sets."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("needs Linux and a C compiler")
    folder = tmp_path_factory.mktemp("clock")
    library, file = folder / "set_clock.so", folder / "ahead_s"
    source = Path(__file__).with_name("set_clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-Wall", "-o", library, source], check=True)
    file.write_bytes(struct.pack("q", 0))
    return {"LD_PRELOAD": str(library), "SET_CLOCK_FILE": str(file)}


def test_runs_go_on_whatever_the_clock_says(clock: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", _APP, f"sqlite:///{tmp_path}/runs.sqlite"]
    jumps = [2 * DAY_S, -400 * DAY_S, 800 * DAY_S, -DAY_S]
    told = subprocess.run(
        [*command, *map(str, jumps)],
        cwd=ROOT,
        env={**os.environ, **clock, "DASK_DISTRIBUTED__WORKER__PRELOAD": "['mnist_core.runs.queue.steady_clock']"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result = json.loads(told.stdout)
    elapsed_s = [moment["elapsed_s"] for moment in result["seen"]]
    assert len(elapsed_s) == len(jumps)
    assert 0 < elapsed_s[0] < DAY_S / 2
    assert elapsed_s == sorted(elapsed_s)
    assert elapsed_s[-1] < DAY_S / 2
    for moment in result["seen"]:
        assert moment["state"] == "running"
        assert moment["listed"]
        assert moment["remaining_s"] >= 0
        assert "-" not in " ".join(moment["words"])
    assert result["trained"] == "worker_lost"
    assert set(result["waiting"]) == {"finished"}
    assert min(result["walls_s"]) >= 0
