"""`train`: a recipe from the command line becomes a run."""

import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mnist_core.cli.events import print_event, print_hint
from mnist_core.cli.options import FAILED, json_option, open_store, read_file
from mnist_core.recipe import MAX_JSON_BYTES, Recipe

if TYPE_CHECKING:  # they load torch, which takes seconds
    from mnist_core.runs.store.store import Store
    from mnist_core.training.control import ControlSource
    from mnist_core.training.events import Event


@click.command()
@click.argument("assignments", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option(
    "--recipe", "recipe_file", type=click.Path(path_type=Path), help="Start from the recipe in this JSON file."
)
@click.option("--run-name", default="", help="Name of the run.")
@click.option("--continue", "parent", metavar="RUN", help="Continue this run from its last epoch, with its recipe.")
@click.option("--epochs", "more", type=click.IntRange(1), help="With --continue: how many more epochs; default 1.")
@click.option(
    "--range-test", "is_range_test", is_flag=True, help="Run a learning-rate range test instead; nothing is kept."
)
@json_option
def train(
    assignments: tuple[str, ...],
    recipe_file: Path | None,
    run_name: str,
    parent: str | None,
    more: int | None,
    is_range_test: bool,
    as_json: bool,
) -> int:
    """Train a model and keep it as a run."""
    if more is not None and parent is None:
        raise click.UsageError("--epochs is for --continue; a new run takes epochs=N.")
    if parent is not None and (assignments or recipe_file or is_range_test):
        raise click.UsageError("--continue uses the run's own recipe: give no settings and no --range-test.")
    if parent is not None:
        return _train_longer(parent, more or 1, run_name, as_json)
    base = Recipe.from_json(read_file(recipe_file, MAX_JSON_BYTES, "recipe_unreadable")) if recipe_file else None
    recipe = Recipe.from_text(assignments, base)
    if is_range_test:
        from mnist_core.training.lr_finder import range_test

        return _print_all(range_test(recipe, _ctrl_c()), recipe, None, as_json)
    from mnist_core.training import loop

    store = open_store()
    run_id = store.create(recipe, run_name).id
    return _print_all(_recorded(loop.train(recipe, _ctrl_c()), store, run_id), recipe, run_id, as_json)


def _train_longer(parent: str, more: int, run_name: str, as_json: bool) -> int:
    from mnist_core.runs.store.store import as_ink
    from mnist_core.training import loop

    store = open_store()
    old = store.find(parent)
    start = store.checkpoint(old.id)
    recipe = old.recipe.replace(epochs=start.epoch + more)
    run = store.create_longer(old.id, recipe, run_name)
    drawing = store.drawing(run.id)
    ink = None if drawing is None else as_ink(drawing)
    announced = loop.train(recipe, _ctrl_c(), start=start, drawing=ink)
    return _print_all(_recorded(announced, store, run.id), recipe, run.id, as_json)


def _recorded(announced: Iterator["Event"], store: "Store", run_id: str) -> Iterator["Event"]:
    """The same events, each kept as the run's before it is passed on."""
    for event in announced:
        store.record(run_id, event)
        yield event


def _print_all(announced: Iterator["Event"], recipe: Recipe, run_id: str | None, as_json: bool) -> int:
    """Print the events as they come, and a run's hints before the last one; returns the exit code."""
    from mnist_core.training import events
    from mnist_core.training.hints import RunHistory, hints

    last: Event | None = None
    history: list[Event] = []
    for last in announced:
        if run_id is not None:
            history.append(replace(last, weights=b"", resume=b"") if isinstance(last, events.Epoch) else last)
            if isinstance(last, events.LAST_EVENTS):
                for hint in hints(recipe, RunHistory.of(history)):
                    print_hint(hint, run_id, as_json)
        print_event(last, run_id, as_json)
    return 0 if isinstance(last, events.Finished | events.RangeTested) else FAILED


def _ctrl_c() -> "ControlSource":
    """Asks for a stop when Ctrl-C is pressed, so that a run ends in order; a second Ctrl-C ends the program."""
    from mnist_core.training.control import stop_if

    pressed = threading.Event()

    def press(*_: object) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, press)
    return stop_if(pressed.is_set)
