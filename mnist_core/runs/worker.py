"""What happens in a worker process: a training, and its way back to the app.

This module is imported by name on every worker, so it stays light until a run comes.
"""

import importlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import distributed
import psutil  # type: ignore[import-untyped]
from distributed import Worker

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.events import LAST_EVENTS, Event, Failed, Step, to_message

if TYPE_CHECKING:
    from mnist_core.training.fine_tune import Lesson

DEFAULT_TRAINING = "mnist_core.training.loop:train"
TEACHING = "mnist_core.training.fine_tune:teach"

_STEP_GAP_S = 0.1
_NICENESS = 10
_LOOK_S = 0.1  # between two looks at the stop sign; a look takes a millisecond or two

_log = logging.getLogger(__name__)


def stop_sign(run_id: str, client: Any) -> Any:
    """The `distributed.Event` that app and worker share: set means stop."""
    return distributed.Event(f"stop-{run_id}", client=client)  # type: ignore[no-untyped-call]


def dask_setup(worker: Worker) -> None:  # noqa: ARG001
    """Make a worker process of this machine ready before its first run; Dask calls this (it is a preload).

    Importing torch and reading MNIST takes seconds, so it is done now. After that the process gives way to the app:
    drawing goes before training.
    """
    _find(DEFAULT_TRAINING)
    from mnist_core.data.mnist_files import load_mnist

    with suppress(UserError):  # the runs will say what is wrong with it
        load_mnist()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)


def perform(run_id: str, topic: str, recipe_json: str, training: str, lesson: "Lesson | None" = None) -> None:
    """Train, or teach, and tell what happens under the topic.

    Each message is `{"run", "memory_share", "event"}`: the event as `events.to_message` writes it, None for the
    first; and the share of its memory limit that the process uses.

    Args:
        run_id: Whose training it is.
        topic: What the app listens to.
        recipe_json: A valid recipe.
        training: The function to call, as `module:name`; it is called like `training.loop.train`, with a
            lesson like `training.fine_tune.teach`.
        lesson: What to teach the recipe's model; None trains it from the start.
    """
    worker = distributed.get_worker()

    def tell(event: Event | None) -> None:
        message = to_message(event) if event else None
        worker.log_event(topic, {"run": run_id, "memory_share": _memory_share(worker), "event": message})

    tell(None)
    with _stop_asked(run_id) as asked:
        for event in _never_raising(training, Recipe.from_json(recipe_json), asked, lesson):
            tell(event)


def thinned(events: Iterator[Event], gap_s: float = _STEP_GAP_S) -> Iterator[Event]:
    """The events without the steps that follow the last one too closely; the very last step is kept."""
    skipped: Step | None = None
    told_at_s = -gap_s
    for event in events:
        if isinstance(event, Step) and time.monotonic() - told_at_s < gap_s:
            skipped = event
            continue
        if isinstance(event, LAST_EVENTS) and skipped:
            yield skipped
        if isinstance(event, Step):
            skipped, told_at_s = None, time.monotonic()
        yield event


def _never_raising(training: str, recipe: Recipe, asked: threading.Event, lesson: "Lesson | None") -> Iterator[Event]:
    more = () if lesson is None else (lesson,)
    try:
        yield from thinned(_find(training)(recipe, asked.is_set, *more))
    except Exception as error:
        _log.exception("A training ended with an error")
        yield Failed(
            "training_error",
            f"The training ended with an error ({type(error).__name__}).",
            "Start it again; if that does not help, the server's log says more.",
        )


def _find(training: str) -> Callable[..., Iterator[Event]]:
    module, _, name = training.partition(":")
    found: Any = getattr(importlib.import_module(module), name)
    return found  # type: ignore[no-any-return]


def _memory_share(worker: Worker) -> float:
    """Used memory over the limit, 0 without a limit."""
    limit = worker.memory_manager.memory_limit
    return psutil.Process().memory_info().rss / limit if limit else 0.0


@contextmanager
def _stop_asked(run_id: str) -> Iterator[threading.Event]:
    """An event that is set when the app asks for a stop, and also when the app is gone."""
    asked, done = threading.Event(), threading.Event()
    sign = stop_sign(run_id, distributed.get_client())

    def listen() -> None:
        try:
            while not done.wait(_LOOK_S):
                if sign.is_set():
                    asked.set()
        except Exception:  # whatever it is, nobody is left to train for
            asked.set()

    threading.Thread(target=listen, name=f"stop-{run_id}", daemon=True).start()
    try:
        yield asked
    finally:
        done.set()
