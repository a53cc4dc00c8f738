"""What happens in a worker process: a training, and its way back to the app.

Dask loads this module by name into every worker and its nanny, so it stays light until a run comes.
"""

import importlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import distributed
import psutil  # type: ignore[import-untyped]
from distributed import Nanny, Worker

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.kinds import TRAINING
from mnist_core.runs.queue import steady_clock  # noqa: F401
from mnist_core.runs.queue.control_channel import ControlSubscriber, control_topic
from mnist_core.training.control import Control, ControlSource, no_control
from mnist_core.training.events import Event, Failed, Step, to_message

_STEP_GAP_S = 0.1
_WATCHED_STEPS_PER_S = 20  # a speed limit as low as this is there for watching every step
_NICENESS = 10  # the lower a process stands, the more it gives way; 0 is usual, 19 the lowest
_LOOK_S = 1.0  # between two looks for what no message brought: that one was missed, or that the app is gone

_log = logging.getLogger(__name__)


def dask_setup(server: Worker | Nanny) -> None:
    """Make a process of this machine ready; Dask calls this (the module is a preload of both kinds).

    A worker does now what takes seconds: it imports torch and reads MNIST. After that it gives way to the app, for
    drawing goes before training. Its nanny, the small process that looks after it, ties both to the app: when that is
    gone, however it went, so are they.
    """
    if isinstance(server, Nanny):
        threading.Thread(target=_end_with_the_app, name="parent-watchdog", daemon=True).start()
        return
    _find(TRAINING.function)
    from mnist_core.data.mnist_files import load_mnist

    with suppress(UserError):  # the runs will say what is wrong with it
        load_mnist()
    if hasattr(os, "setpriority"):  # not more than that below an app that is itself in the background: it would starve
        os.setpriority(os.PRIO_PROCESS, 0, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))


def _end_with_the_app() -> None:
    """Watch the pipe that the app holds open and never writes to."""
    sys.stdin.buffer.read()
    os._exit(0)


def perform(
    run_id: str,
    topic: str,
    recipe_json: str,
    function: str,
    arguments: Mapping[str, Any],
    control: Control,
    control_number: int,
) -> None:
    """Call what does the run, and tell what happens under the topic.

    Each message is `{"run", "memory_share", "event"}`: the event as `events.to_message` writes it, None for the
    first; and the share of its memory limit that the process uses.

    Args:
        run_id: Whose training it is.
        topic: What the app listens to; what it wants comes under another topic (see `control_channel`).
        recipe_json: A valid recipe.
        function, arguments: What to call with it, see `kinds.RunKind`.
        control, control_number: What is wanted of the run, and the number of the newest message by then.
    """
    worker = distributed.get_worker()

    def tell(event: Event | None) -> None:
        message = to_message(event) if event else None
        worker.log_event(topic, {"run": run_id, "memory_share": _memory_share(worker), "event": message})

    with _subscribed(ControlSubscriber(run_id, control, control_number), run_id, topic, worker) as latest:
        tell(None)
        for event in _never_raising(function, arguments, Recipe.from_json(recipe_json), latest):
            tell(event)


def thinned(
    events: Iterator[Event], gap_s: float = _STEP_GAP_S, control: ControlSource = no_control
) -> Iterator[Event]:
    """The events without the steps that follow the last one too closely.

    A step that anything else comes after, a pause or a probe, is told always; and every step is under a low speed
    limit.
    """
    skipped: Event | None = None
    told_at_s = -gap_s
    for event in events:
        is_close = isinstance(event, Step) and time.monotonic() - told_at_s < gap_s
        if is_close and not 0 < control().steps_per_s <= _WATCHED_STEPS_PER_S:
            skipped = event
            continue
        if isinstance(event, Step):
            told_at_s = time.monotonic()
        elif skipped:
            yield skipped
        skipped = None
        yield event


def _never_raising(
    function: str, arguments: Mapping[str, Any], recipe: Recipe, control: ControlSource
) -> Iterator[Event]:
    try:
        yield from thinned(_find(function)(recipe, control, **arguments), control=control)
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
def _subscribed(subscriber: ControlSubscriber, run_id: str, topic: str, worker: Worker) -> Iterator[ControlSource]:
    """What the app wants of the run; a stop when the app is gone or wants the run no more."""
    done = threading.Event()
    client, own_topic, task = distributed.get_client(), control_topic(topic), worker.get_current_task()

    def look() -> None:
        for _, message in client.get_events(own_topic)[-1:]:
            subscriber.read(message)
        # The app has taken the task back, or has left the cluster; Dask lets its thread go on all the same.
        known = worker.state.tasks.get(task)
        if known is None or known.state == "cancelled":
            subscriber.force_stop()

    def keep_looking() -> None:
        try:
            while not done.wait(_LOOK_S):
                look()
        except Exception:  # whatever it is, nobody is left to train for
            subscriber.force_stop()

    client.subscribe_topic(own_topic, lambda event: subscriber.read(event[1]))  # type: ignore[no-untyped-call]
    look()
    threading.Thread(target=keep_looking, name=f"control-{run_id}", daemon=True).start()
    try:
        yield subscriber.latest
    finally:
        done.set()
