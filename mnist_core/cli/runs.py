"""`runs`: the runs in the database."""

import click

from mnist_core.cli.options import json_option, open_store, say


@click.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@json_option
def runs(limit: int, as_json: bool) -> None:
    """List the runs, newest first."""
    for run in open_store().runs(limit):
        score = f"{run.test_accuracy:.2%}" if run.test_accuracy is not None else "-"
        line = f"{run.id}  {run.state:<12} {score:>7}  {run.created_at:%Y-%m-%d %H:%M}  {run.name}"
        say(run.as_dict(), line, as_json)
