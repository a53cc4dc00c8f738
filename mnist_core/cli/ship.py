"""`ship`: all that ships, made again."""

from pathlib import Path

import click

from mnist_core.cli.events import print_event
from mnist_core.cli.options import json_option, say


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--strokes", type=click.Path(path_type=Path), help="Measure on the pen strokes in this .npz, too.")
@click.option("--cards", is_flag=True, help="Train nothing: only write the model cards again.")
@json_option
def ship(names: tuple[str, ...], strokes: Path | None, cards: bool, as_json: bool) -> None:
    """Make what ships again, all or what is NAMEd: models, detectors, reference; write checkpoints/."""
    from mnist_core.checkpoints.build import detectors, shipped_models

    for name in names or (*shipped_models.RECIPES, *detectors.DETECTORS):
        is_detector = name in detectors.DETECTORS
        if cards and is_detector:
            detectors.describe_detector_again(name)
        elif cards:
            shipped_models.describe_again(name, strokes=strokes)
        elif is_detector:
            for line in detectors.ship_detector(name):
                say({"run": name, "progress": line}, f"{name}: {line}", as_json)
        else:
            for event in shipped_models.ship(name, strokes=strokes):
                print_event(event, name, as_json)
