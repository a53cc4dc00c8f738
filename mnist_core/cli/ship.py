"""`ship`: the shipped models, trained again."""

from pathlib import Path

import click

from mnist_core.cli.events import print_event
from mnist_core.cli.options import json_option


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--strokes", type=click.Path(path_type=Path), help="Measure on the pen strokes in this .npz, too.")
@click.option("--cards", is_flag=True, help="Train nothing: only write the model cards again.")
@json_option
def ship(names: tuple[str, ...], strokes: Path | None, cards: bool, as_json: bool) -> None:
    """Train the shipped models again, all or those NAMEd, and write checkpoints/."""
    from mnist_core.checkpoints.build import shipped_models

    for name in names or tuple(shipped_models.RECIPES):
        if cards:
            shipped_models.describe_again(name, strokes=strokes)
            continue
        for event in shipped_models.ship(name, strokes=strokes):
            print_event(event, name, as_json)
