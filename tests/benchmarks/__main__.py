"""What measures the program: `python -m tests.benchmarks NAME`."""

from importlib import import_module

import click

from mnist_core.errors import UserError

NAMES = (
    "app", "augment", "diagnose", "fine-tune", "growth", "handwriting", "load", "planted", "race", "store", "suspects",
    "train", "verdict",
)  # fmt: skip
"""The benchmarks; each has its module here, which is imported when it is asked for."""

ALIASES = {"hands": "fine-tune", "pages": "app", "pens": "handwriting"}


class _Benchmarks(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(NAMES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        name = ALIASES.get(name, name)
        if name not in NAMES:
            return None
        command: click.Command = import_module(f"tests.benchmarks.{name.replace('-', '_')}").BENCHMARK.command(name)
        return command


@click.group(cls=_Benchmarks)
def benchmarks() -> None:
    """Measure the program itself."""


if __name__ == "__main__":
    try:
        benchmarks(prog_name="python -m tests.benchmarks")
    except UserError as error:
        raise SystemExit(f"error: {error}") from None
