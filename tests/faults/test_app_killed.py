"""The app killed: nobody goes on training for it, and what was paused can go on.

`kills` does so at random moments, whatever the app is doing; here are the moments that need a look of their own.
"""

import subprocess
import sys

import psutil
import pytest

from mnist_core.errors import UserError
from mnist_core.runs.store.store import Store
from tests.patience import PATIENCE_S
from tests.runs.engines import NO_PREPARATION
from tests.runs.examples import weights_of

_APP = """
import sys, time
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.store.store import Store
from tests.runs.fakes import TRAINING, Fake, recipe

store = Store(sys.argv[1], step_gap_s=0)
store.recover()
engine = Engine(store, workers=1, training=TRAINING)
runs = [engine.submit(recipe(Fake.ENDLESS)) for _ in range(2)]
while (engine.live(runs[0].id).epoch is None) if sys.argv[2] == "trains" else (not engine.cluster):
    time.sleep(0.05)
print(*(run.id for run in runs), flush=True)
if sys.argv[3] == "waits":
    sys.stdin.read()
"""

_PAUSING_APP = """
import sys, time
from mnist_core.runs.queue import live
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.store.store import Store
from mnist_core.training.control import Control
from tests.runs.fakes import TRAINING, Fake, recipe

live.PAUSE_HOLDS_S = float(sys.argv[2])
store = Store(sys.argv[1], step_gap_s=0)
engine = Engine(store, workers=1, training=TRAINING)
run = engine.submit(recipe(Fake.REAL, batch_size=100, epochs=3))
engine.set_control(run.id, run.owner_token, Control(pause=True, until_step=15))
while not (engine.live(run.id).is_paused and (sys.argv[2] != "0" or engine.position(run.id) is None)):
    time.sleep(0.05)
print(run.id, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def no_preparation(monkeypatch):
    monkeypatch.setenv(*NO_PREPARATION)


def start(code: str, *words: str) -> subprocess.Popen:
    command = [sys.executable, "-c", code, *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("moment", ["starts", "trains"])
def test_the_workers_of_a_killed_app_are_gone_and_its_runs_interrupted(tmp_path, moment):
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    app = start(_APP, url, moment, "waits")
    training, waiting = app.stdout.readline().split()
    workers = psutil.Process(app.pid).children(recursive=True)
    assert workers
    app.kill()
    app.communicate()
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE_S)
    assert alive == []

    store = Store(url)
    assert set(store.recover()) == {training, waiting}
    for run_id in (training, waiting):
        run = store.run(run_id)
        assert (run.state, run.error.code) == ("interrupted", "interrupted")
    epochs = store.run(training).epochs_done
    assert epochs >= (1 if moment == "trains" else 0)
    assert [store.weights(training, number) for number in range(1, epochs + 1)] == [
        weights_of(number) for number in range(1, epochs + 1)
    ]
    store.close()


@pytest.mark.parametrize("holds_worker_s", ["0", "1000"])
def test_a_run_that_was_paused_when_the_app_was_killed_keeps_its_epochs_and_goes_on_from_them(tmp_path, holds_worker_s):
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    app = start(_PAUSING_APP, url, holds_worker_s)
    run_id = app.stdout.readline().strip()
    workers = psutil.Process(app.pid).children(recursive=True)
    app.kill()
    app.communicate()
    assert psutil.wait_procs(workers, timeout=PATIENCE_S)[1] == []
    store = Store(url)
    assert store.run(run_id).state == "interrupted"  # as whoever asks sees at once
    assert store.recover() == (run_id,)
    run = store.run(run_id)
    assert (run.state, run.epochs_done, run.steps_done) == ("interrupted", 1, 15)
    assert len(store.weights(run_id, 1)) > 1_000
    with pytest.raises(UserError):
        store.suspension(run_id)
    assert store.create_longer(run_id, run.recipe.replace(epochs=4)).steps_done == 10
    store.close()


def test_an_app_that_ends_in_order_takes_its_workers_along(tmp_path):
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    app = start(_APP, url, "trains", "ends")
    training, waiting = app.stdout.readline().split()
    workers = psutil.Process(app.pid).children(recursive=True)
    app.communicate(timeout=PATIENCE_S)
    assert app.returncode == 0
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE_S)
    assert alive == []
    store = Store(url)
    assert {store.run(run_id).state for run_id in (training, waiting)} == {"interrupted"}
    assert store.weights(training)
    store.close()
