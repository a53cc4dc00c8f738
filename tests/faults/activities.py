"""What an app is doing when somebody kills it: one record each, and how to tell afterwards whether anything was lost.

Whatever else keeps things in the database (a check-up, a sweep, a lesson's results) joins here: a function that does it
for ever and a line in `ACTIVITIES`; and, if it keeps something that is no run, a function that looks for it afterwards.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import UserError
from mnist_core.preprocessing.digit_collection import MyDigit, from_zip, to_zip
from mnist_core.recipe import Recipe
from mnist_core.runs.kinds import CLAIM_TEST, FINE_TUNING, LR_FINDER, TRAINING
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.run import Run, end_of
from mnist_core.runs.store.store import Store
from mnist_core.training.control import ControlSource
from mnist_core.training.events import LAST_EVENTS, Epoch, Event, TrialDone
from tests.claims.made_up import CLAIM
from tests.runs.examples import epoch, finished, started, step

Told = Mapping[str, Any]
"""Something that the store has kept, as the app said as soon as it had."""

_POLL_S = 0.02
_DIGITS = 40  # of one import
_EPOCHS = 6
_RECIPE = Recipe(model="linear", train_images=1_000, batch_size=100, epochs=_EPOCHS)


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that an app does and that may be cut short at any moment.

    Attributes:
        about: What it does, in words.
        work: Does it, for ever, in the app's process.
        find_lost: Given the store after a restart and what was told, says what is not there as it should be.
        kinds: The kinds of runs that workers do for it; without any, it needs no worker.
    """

    about: str
    work: Callable[["App"], None]
    find_lost: Callable[[Store, Sequence[Told]], Iterator[str]]
    kinds: tuple[str, ...] = ()


class TellingStore(Store):
    """Tells what it has kept as soon as it has: whoever hears that may count on it."""

    def __init__(self, url: str, telling: Connection) -> None:
        super().__init__(url, step_gap_s=0)
        self._telling, self._one_by_one = telling, threading.Lock()

    def tell(self, **what: Any) -> None:
        """Tell what is kept by now."""
        with self._one_by_one:
            self._telling.send(what)

    def record(self, run_id: str, event: Event) -> None:
        super().record(run_id, event)
        if isinstance(event, Epoch):
            self.tell(run=run_id, epoch=event.epoch, weights=_digest(event.weights))
        elif isinstance(event, TrialDone):
            self.tell(run=run_id, trial=[event.arm, event.seed])
        elif isinstance(event, LAST_EVENTS):
            self.tell(run=run_id, end=end_of(event)[0])


@dataclass(frozen=True, slots=True)
class App:
    """What an app has: its store, and its engine, if the activity needs workers."""

    store: TellingStore
    engine: Engine | None

    def finish(self, submit: Callable[[Engine], Run]) -> Run:
        """Submit a run and wait for its end, whatever that is."""
        assert self.engine is not None
        run = submit(self.engine)
        while self.engine.live(run.id).is_active:
            time.sleep(_POLL_S)
        return self.store.run(run.id)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


# --- what is done ---------------------------------------------------------------------------------------


def _train(app: App) -> None:
    """A run, and the same one longer."""
    for seed in count():
        run = app.finish(lambda engine, seed=seed: engine.submit(_RECIPE.replace(seed=seed)))
        if run.state == "finished":
            longer = run.recipe.replace(epochs=run.recipe.epochs + _EPOCHS)
            app.finish(lambda engine, run=run, longer=longer: engine.submit(longer, continues=run.id))


def _fine_tune(app: App) -> None:
    from mnist_core.runs import fine_tune_job
    from mnist_core.runs.registry import load_model

    trained = load_model("linear")
    pictures = np.random.default_rng(0).random((20, 28, 28), np.float32)
    job = fine_tune_job.prepare(trained, pictures, [place % 10 for place in range(20)], "somebody")
    while True:
        app.finish(lambda engine: engine.submit(fine_tune_job.recipe_for(trained), fine_tuning=job))


def _test_ranges(app: App) -> None:
    while True:
        app.finish(lambda engine: engine.test_range(_RECIPE))


def _test_claim(app: App) -> None:
    for seed in count(step=3):
        app.finish(lambda engine, seed=seed: engine.test_claim(CLAIM, (seed, seed + 1, seed + 2)))


def run_made_up_claim(recipe: Recipe, control: ControlSource, **arguments: Any) -> Iterator[Event]:
    """What a worker calls for the claim above, which stands in no catalogue."""
    from mnist_core.claims.run import run_claim  # it loads PyTorch

    with patch.dict("mnist_core.claims.run.CLAIMS", {CLAIM.id: CLAIM}):
        yield from run_claim(recipe, control, **arguments)


def pretend_to_train(recipe: Recipe, _: ControlSource, start: Any = None, **more: Any) -> Iterator[Event]:
    """A training that computes nothing, and so needs no PyTorch: six hundredths of a second an epoch."""
    done = start.epoch if start else 0
    yield started(steps=2 * recipe.epochs)
    for number in range(done + 1, recipe.epochs + 1):
        yield step(2 * number - 1)
        time.sleep(0.06)
        yield step(2 * number)
        yield epoch(number, resume=b"the state of an optimizer")
    yield finished(recipe.epochs)


def _save(app: App) -> None:
    """Runs as fast as they can be written: most of the time a transaction is under way."""
    while True:
        run = app.store.create(Recipe())
        app.store.record(run.id, started())
        for number in range(1, 21):
            app.store.record(run.id, step(2 * number - 1))
            app.store.record(run.id, step(2 * number))
            app.store.record(run.id, epoch(number, weights=bytes([number]) * 20_000))
        app.store.record(run.id, finished(20))


def _import_digits(app: App) -> None:
    """Zips of digits, each of another owner's."""
    while True:
        zipped = to_zip([MyDigit(_seven(place), 7) for place in range(_DIGITS)])
        owner = secrets.token_hex(8)
        app.store.tell(begun=owner)
        app.store.my_digits.add(owner, from_zip(zipped).digits)
        app.store.tell(kept=owner)


def _seven(place: int) -> NDArray[np.uint8]:
    """One of the digits, each with its roof and its bar elsewhere."""
    picture = np.zeros((28, 28), np.uint8)
    picture[3 + place // 10, 4:20] = picture[3 + place // 10 : 24, 10 + place % 10] = 255
    return picture


# --- what must be there afterwards ----------------------------------------------------------------------


def _lost_of_runs(store: Store, told: Sequence[Told]) -> Iterator[str]:
    """Epochs, trials and ends that were told; and what is half there."""
    for one in told:
        run_id = one["run"]
        if "epoch" in one and _digest(_weights(store, run_id, one["epoch"])) != one["weights"]:
            yield f"run {run_id}: the weights of epoch {one['epoch']}"
        if "trial" in one and one["trial"] not in [[trial.arm, trial.seed] for trial in store.trials_of(run_id)]:
            yield f"run {run_id}: the trial {one['trial']}"
        if "end" in one and store.run(run_id).state != one["end"]:
            yield f"run {run_id}: that it ended as {one['end']}"
    ids = {one["run"] for one in told} | {run.id for run in store.runs(10_000)}
    for run in map(store.run, sorted(ids)):
        yield from (f"run {run.id}: {lost}" for lost in _half_there(store, run))


def _half_there(store: Store, run: Run) -> Iterator[str]:
    numbers = [row.epoch for row in store.curve(run.id, max_points=2).epochs]
    if numbers != list(range(1, run.epochs_done + 1)):
        yield f"it has done {run.epochs_done} epochs and holds {numbers}"
    is_trained = run.kind in (TRAINING.name, FINE_TUNING.name)
    if is_trained and (store.test_probabilities(run.id) is not None) != (run.state == "finished"):
        yield f"it is {run.state}, which its evaluation does not fit"
    if run.is_active or (run.state == "interrupted") != (run.error is not None and run.error.code == "interrupted"):
        yield f"it is {run.state} although nobody is at it"


def _weights(store: Store, run_id: str, number: int) -> bytes:
    try:
        return store.weights(run_id, number)
    except UserError:
        return b""


def _lost_of_digits(store: Store, told: Sequence[Told]) -> Iterator[str]:
    """Sets that were told; and of the last one all digits or none."""
    kept = {one["kept"] for one in told if "kept" in one}
    for owner in (one["begun"] for one in told if "begun" in one):
        there = len(store.my_digits.all(owner))
        if there not in ((_DIGITS,) if owner in kept else (0, _DIGITS)):
            yield f"of a set of {_DIGITS} digits all but {there}"


ACTIVITIES = {
    "training": Activity("trains runs, and trains them longer", _train, _lost_of_runs, (TRAINING.name,)),
    "fine-tuning": Activity("fine-tunes a model", _fine_tune, _lost_of_runs, (FINE_TUNING.name,)),
    "range test": Activity("looks for learning rates", _test_ranges, _lost_of_runs, (LR_FINDER.name,)),
    "claim": Activity("tests a claim, trial after trial", _test_claim, _lost_of_runs, (CLAIM_TEST.name,)),
    "saving": Activity("writes runs as fast as it can", _save, _lost_of_runs),
    "importing": Activity("imports zips of digits", _import_digits, _lost_of_digits),
}
"""All of them by name; another one is a line here."""
