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
from typing import Any

import distributed
import psutil  # type: ignore[import-untyped]
from distributed import Worker

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue.control_channel import ControlSubscriber, control_topic
from mnist_core.runs.queue.job import TRAINING, Assignment
from mnist_core.training.control import ControlSource, no_control
from mnist_core.training.events import Event, Failed, Step, to_message

_STEP_GAP_S = 0.1
_WATCHED_STEPS_PER_S = 20  # a speed limit as low as this is there for watching every step
_NICENESS = 10
_LOOK_S = 1.0  # between two looks for what a notice did not bring: that it was missed, or that the app is gone

_log = logging.getLogger(__name__)


def dask_setup(worker: Worker) -> None:  # noqa: ARG001
    """Make a worker process of this machine ready before its first run; Dask calls this (it is a preload).

    Importing torch and reading MNIST takes seconds, so it is done now. After that the process gives way to the app:
    drawing goes before training.
    """
    _find(TRAINING)
    from mnist_core.data.mnist_files import load_mnist

    with suppress(UserError):  # the runs will say what is wrong with it
        load_mnist()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)


def perform(run_id: str, topic: str, recipe_json: str, assignment: Assignment) -> None:
    """Do what was assigned and tell what happens under the topic.

    Each message is `{"run", "memory_share", "event"}`: the event as `events.to_message` writes it, None for the
    first; and the share of its memory limit that the process uses.

    Args:
        run_id: Whose training it is.
        topic: What the app listens to; it says what it wishes on the topic's board (see `wish_board`).
        recipe_json: A valid recipe.
        assignment: What to call with it.
    """
    worker = distributed.get_worker()

    def tell(event: Event | None) -> None:
        message = to_message(event) if event else None
        worker.log_event(topic, {"run": run_id, "memory_share": _memory_share(worker), "event": message})

    with _heard(run_id, topic, worker) as listen:
        tell(None)
        for event in _never_raising(assignment, Recipe.from_json(recipe_json), listen):
            tell(event)


def thinned(events: Iterator[Event], gap_s: float = _STEP_GAP_S, listen: ControlSource = no_control) -> Iterator[Event]:
    """The events without the steps that follow the last one too closely.

    A step that anything else comes after, a pause or a look inside, is told always; and every step is while a low
    speed limit is wished for.
    """
    skipped: Step | None = None
    told_at_s = -gap_s
    for event in events:
        if isinstance(event, Step) and time.monotonic() - told_at_s < gap_s and not _is_watched(listen):
            skipped = event
            continue
        if isinstance(event, Step):
            told_at_s = time.monotonic()
        elif skipped:
            yield skipped
        skipped = None
        yield event


def _is_watched(listen: ControlSource) -> bool:
    return 0 < listen().steps_per_s <= _WATCHED_STEPS_PER_S


def _never_raising(assignment: Assignment, recipe: Recipe, listen: ControlSource) -> Iterator[Event]:
    try:
        events = _find(assignment.function)(recipe, listen, **assignment.arguments)
        yield from thinned(events, listen=listen)
    except Exception as error:
        _log.exception("A training ended with an error")
        yield Failed(
            "training_error",
            f"The training ended with an error ({type(error).__name__}).",
            "Start it again; if that does not help, look into the server's log.",
        )


def _find(function: str) -> Callable[..., Iterator[Event]]:
    module, _, name = function.partition(":")
    found: Any = getattr(importlib.import_module(module), name)
    return found  # type: ignore[no-any-return]


def _memory_share(worker: Worker) -> float:
    """Used memory over the limit, 0 without a limit."""
    limit = worker.memory_manager.memory_limit
    return psutil.Process().memory_info().rss / limit if limit else 0.0


@contextmanager
def _heard(run_id: str, topic: str, worker: Worker) -> Iterator[ControlSource]:
    """What the app wishes of the run; a stop when the app is gone or wants the run no more."""
    reader, done = ControlSubscriber(run_id), threading.Event()
    client, board, task = distributed.get_client(), control_topic(topic), worker.get_current_task()

    def look() -> None:
        for _, notice in client.get_events(board)[-1:]:
            reader.read(notice)
        if _is_cancelled(worker, task):
            reader.force_stop()

    def keep_looking() -> None:
        try:
            while not done.wait(_LOOK_S):
                look()
        except Exception:  # whatever it is, nobody is left to train for
            reader.force_stop()

    client.subscribe_topic(board, lambda event: reader.read(event[1]))  # type: ignore[no-untyped-call]
    look()
    threading.Thread(target=keep_looking, name=f"wishes-{run_id}", daemon=True).start()
    try:
        yield reader.latest
    finally:
        done.set()


def _is_cancelled(worker: Worker, task: Any) -> bool:
    """Whether the app has taken the task back, or has left the cluster; Dask lets its thread go on all the same."""
    known = worker.state.tasks.get(task)
    return known is None or known.state == "cancelled"
