"""`train`: a recipe from the command line becomes a run."""

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mnist_core.cli.events import say_event
from mnist_core.cli.exits import FAILED
from mnist_core.cli.options import json_option, open_store
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe

if TYPE_CHECKING:
    from mnist_core.training.events import Event


@click.command()
@click.argument("assignments", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option("--recipe", "recipe_file", type=click.Path(path_type=Path), help="A recipe as a JSON file.")
@click.option("--run-name", default="", help="What to call the run.")
@json_option
def train(assignments: tuple[str, ...], recipe_file: Path | None, run_name: str, as_json: bool) -> int:
    """Train a model and keep it as a run."""
    from mnist_core.training import events, loop

    base = _read_recipe(recipe_file) if recipe_file else None
    recipe = Recipe.from_text(assignments, base)
    store = open_store()
    run = store.create(recipe, run_name)
    last: Event | None = None
    for last in loop.train(recipe, _ctrl_c().is_set):
        store.record(run.id, last)
        say_event(last, run.id, as_json)
    return 0 if isinstance(last, events.Finished) else FAILED


def _ctrl_c() -> threading.Event:
    """Set when Ctrl-C is pressed, so that a run ends in order; a second Ctrl-C ends the program."""
    pressed = threading.Event()

    def press(*_: object) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, press)
    return pressed


def _read_recipe(path: Path) -> Recipe:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError("recipe_unreadable", f"{path} cannot be opened: {error.strerror}.", "Check the path.") from None
    return Recipe.from_json(content)
