"""What several commands share: options, exit codes, and how they open images and runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mnist_core.errors import UserError

if TYPE_CHECKING:  # the heavy rooms are imported by the commands that need them
    from mnist_core.runs.store.store import Store

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130  # what shells expect of Ctrl-C

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line on stdout.")
model_option = click.option("--model", default="default", show_default=True, help="A shipped model, or a run.")
steps_option = click.option("--steps", help="Only these preprocessing steps, by name, separated by commas.")
raw_option = click.option("--raw", is_flag=True, help="Only resize to 28x28, with no other preprocessing.")


def chosen_steps(steps: str | None, raw: bool) -> frozenset[str]:
    """The steps that `--steps` or `--raw` ask for; MNIST's own without either."""
    from mnist_core.preprocessing.steps import MNIST_STEPS, RAW, STEP_NAMES

    if steps is not None and raw:
        raise click.UsageError("Either --steps or --raw.")
    if steps is None:
        return RAW if raw else MNIST_STEPS
    names = frozenset(name.strip() for name in steps.split(",") if name.strip())
    if unknown := names - set(STEP_NAMES):
        known = ", ".join(STEP_NAMES)
        raise click.UsageError(f"No step is called {', '.join(sorted(unknown))}. There are: {known}.")
    return names


def read_image(path: Path) -> bytes:
    """The file's bytes, see `read_file`.

    Raises:
        UserError: `image_unreadable` when it cannot be opened.
    """
    from mnist_core.preprocessing.image_file import MAX_BYTES

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


def store_for(model: str) -> "Store | None":
    """The runs, unless a shipped model is meant, which needs no database."""
    from mnist_core.runs.cards import shipped

    return None if model in {card.name for card in shipped()} else open_store()
