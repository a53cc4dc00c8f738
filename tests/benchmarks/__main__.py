"""What measures the program: `python -m tests.benchmarks NAME`."""

from importlib import import_module

import click

from mnist_core.errors import UserError

MODULES = {
    "app": "app",
    "augment": "augment",
    "diagnose": "diagnose",
    "fine-tune": "fine_tune_study",
    "growth": "growth",
    "handwriting": "handwriting_accuracy",
    "load": "load",
    "race": "race",
    "store": "store",
    "suspects": "suspects",
    "train": "train",
    "verdict": "verdict",
}
"""The benchmarks by name, each with its module here, which is imported when it is asked for."""

ALIASES = {"answer": "app", "hands": "fine-tune", "pages": "app", "pens": "handwriting"}


class _Benchmarks(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        name = ALIASES.get(name, name)
        if name not in MODULES:
            return None
        command: click.Command = import_module(f"tests.benchmarks.{MODULES[name]}").BENCHMARK.command(name)
        return command


@click.group(cls=_Benchmarks)
def benchmarks() -> None:
    """Measure the program itself."""


if __name__ == "__main__":
    try:
        benchmarks(prog_name="python -m tests.benchmarks")
    except UserError as error:
        raise SystemExit(f"error: {error}") from None
