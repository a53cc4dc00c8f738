"""Where the command line begins, and where everything that goes wrong becomes a line and an exit code."""

import json
import os
import sys
from typing import NoReturn

import click

from mnist_core.cli.claims import causes
from mnist_core.cli.diagnose import diagnose
from mnist_core.cli.exits import FAILED, INTERRUPTED, WRONG_USAGE
from mnist_core.cli.export import export
from mnist_core.cli.models import evaluate, runs, ship
from mnist_core.cli.predict import predict
from mnist_core.cli.train import train
from mnist_core.errors import UserError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Digit Clinic: why is my MNIST model predicting wrongly?"""


for command in (predict, diagnose, train, evaluate, runs, export, ship, causes):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        code = cli.main(prog_name="python -m mnist_core", standalone_mode=False)
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


def _print_error(error: UserError) -> None:
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": error.as_dict()}))
