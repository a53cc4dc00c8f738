"""What several commands share: options, exit codes, and how they open images and runs."""

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mnist_core.errors import UserError

if TYPE_CHECKING:  # the heavy rooms are imported by the commands that need them
    from mnist_core.runs.store.store import Store
    from mnist_core.training.models import Classifier

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130  # what shells expect of Ctrl-C

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line on stdout.")
model_option = click.option("--model", default="default", show_default=True, help="A shipped model, or a run.")


def say(facts: object, text: str, as_json: bool) -> None:
    """Print what was found: the facts as a line of JSON, or the text for people."""
    click.echo(json.dumps(facts) if as_json else text)


def steps_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--steps` and `--raw`: the command gets the `steps` that they ask for; MNIST's own without either."""

    @click.option("--steps", "names", help="Only these preprocessing steps, by name, separated by commas.")
    @click.option("--raw", is_flag=True, help="Only resize to 28x28, with no other preprocessing.")
    @wraps(command)
    def with_steps(names: str | None, raw: bool, **options: Any) -> Any:
        from mnist_core.preprocessing.steps import MNIST_STEPS, RAW, STEP_NAMES

        if names is not None and raw:
            raise click.UsageError("Either --steps or --raw.")
        asked = RAW if raw else MNIST_STEPS
        if names is not None:
            asked = frozenset(name.strip() for name in names.split(",") if name.strip())
        if unknown := asked - set(STEP_NAMES):
            known = ", ".join(STEP_NAMES)
            raise click.UsageError(f"No step is called {', '.join(sorted(unknown))}. There are: {known}.")
        return command(steps=asked, **options)

    return with_steps


def read_image(path: Path) -> bytes:
    """The file's bytes, see `read_file`.

    Raises:
        UserError: `image_unreadable` when it cannot be opened.
    """
    from mnist_core.preprocessing.image_header import MAX_BYTES

    return read_file(path, MAX_BYTES, "image_unreadable")


def read_file(path: Path, most_bytes: int, code: str) -> bytes:
    """The file's first bytes: one more than is read of such a file, so that its door sees that it is too large.

    Raises:
        UserError: With that code, when it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            return file.read(most_bytes + 1)
    except OSError as error:
        raise UserError(code, f"{path} cannot be opened: {error.strerror}.", "Check the path.") from None


def open_store() -> "Store":
    """The runs' database, with what a killed app left behind put in order."""
    from mnist_core.runs.store.store import Store

    store = Store()
    store.recover()
    return store


def load_classifier(name: str) -> "Classifier":
    """The shipped model or run of that name."""
    from mnist_core.runs.registry import load_model

    return load_model(name, store_for(name)).model


def store_for(model: str) -> "Store | None":
    """The runs, unless a shipped model is meant, which needs no database."""
    from mnist_core.runs.cards import shipped_card

    return None if shipped_card(model) else open_store()
