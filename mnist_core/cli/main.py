"""Where the command line begins, and where everything that goes wrong becomes a line and an exit code."""

import json
import os
import subprocess
import sys
from typing import NoReturn

import click

from mnist_core import APP_FOLDER
from mnist_core.cli.claims import claims
from mnist_core.cli.diagnose import diagnose
from mnist_core.cli.evaluate import evaluate
from mnist_core.cli.export import export
from mnist_core.cli.options import FAILED, INTERRUPTED, WRONG_USAGE
from mnist_core.cli.predict import predict
from mnist_core.cli.runs import runs
from mnist_core.cli.ship import ship
from mnist_core.cli.train import train
from mnist_core.errors import UserError

APP = APP_FOLDER / "app.py"
_FOR_A_CLASS = ["--server.address", "0.0.0.0"]
ALIASES = {"causes": "claims", "build-checkpoints": "ship"}
"""Other names of commands, which the help leaves out."""


class _Commands(click.Group):
    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return super().get_command(ctx, ALIASES.get(name, name))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Digit Clinic: why is my MNIST model predicting wrongly?"""


for command in (predict, diagnose, train, evaluate, runs, export, claims, ship):
    cli.add_command(command)


def main(prog_name: str = "python -m mnist_core") -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        code = cli.main(prog_name=prog_name, standalone_mode=False)
    except click.UsageError as error:
        error.show()
        _print_error(UserError("usage", error.format_message(), "See --help."))
        code = WRONG_USAGE
    except click.ClickException as error:
        error.show()
        code = FAILED
    except click.Abort:
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our lines has left (`| head`); Python would complain about it while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except UserError as error:
        click.echo(f"error: {error}", err=True)
        _print_error(error)
        code = WRONG_USAGE if error.code == "recipe_invalid" else FAILED
    sys.exit(code or 0)


def digit_clinic() -> NoReturn:
    """The installed command `digit-clinic`: alone it opens the app, with a command it is the command line.

    `digit-clinic --class` opens the app for others on the network, who are asked for a join code.
    """
    is_for_class = sys.argv[1:] == ["--class"]
    if sys.argv[1:] and not is_for_class:
        main("digit-clinic")
    try:
        command = [sys.executable, "-m", "streamlit", "run", str(APP), *(_FOR_A_CLASS if is_for_class else ())]
        sys.exit(subprocess.run(command, check=False).returncode)
    except KeyboardInterrupt:  # Ctrl-C reached the server, too
        sys.exit(INTERRUPTED)


def _print_error(error: UserError) -> None:
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": error.as_dict()}))
