"""`evaluate`, `runs` and `ship`: the models that there are."""

import json
from pathlib import Path

import click

from mnist_core.cli.events import say_event
from mnist_core.cli.options import json_option, open_store, store_for


@click.command()
@click.argument("name")
@json_option
def evaluate(name: str, as_json: bool) -> None:
    """How right a shipped model or a run is on MNIST's test set."""
    from mnist_core.runs import registry

    found = registry.evaluate(name, store_for(name))
    mistakes = found.mistakes()
    if as_json:
        result = {
            "accuracy": found.accuracy,
            "confusion": found.confusion.tolist(),
            "per_class": [
                {"digit": digit, "precision": float(precision), "recall": float(recall)}
                for digit, (precision, recall) in enumerate(zip(found.precision, found.recall, strict=True))
            ],
            "calibration_error": found.calibration_error,
            "mistakes": [
                {
                    "index": int(index),
                    "true": int(found.labels[index]),
                    "predicted": int(found.predicted[index]),
                    "confidence": float(found.confidence[index]),
                }
                for index in mistakes
            ],
        }
        click.echo(json.dumps(result))
        return
    click.echo(f"{found.accuracy:.2%} of {len(found.labels):,} test images; {len(mistakes)} wrong")
    click.echo("\n".join(" ".join(f"{cell:5d}" for cell in row) for row in found.confusion))


@click.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
def runs(limit: int, as_json: bool) -> None:
    """The runs that were kept, the newest first."""
    for run in open_store().runs(limit):
        if as_json:
            click.echo(json.dumps(run.as_dict()))
        else:
            score = f"{run.test_accuracy:.2%}" if run.test_accuracy is not None else "-"
            click.echo(f"{run.id}  {run.state:<12} {score:>7}  {run.created_at:%Y-%m-%d %H:%M}  {run.name}")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--strokes", type=click.Path(path_type=Path), help="An .npz of pen strokes to measure on, too.")
@click.option("--cards", is_flag=True, help="Train nothing: only write the cards again.")
@json_option
def ship(names: tuple[str, ...], strokes: Path | None, cards: bool, as_json: bool) -> None:
    """Train the shipped models again, all or those of these NAMES, and write checkpoints/."""
    from mnist_core.checkpoints.build import shipped_models

    for name in names or tuple(shipped_models.RECIPES):
        if cards:
            shipped_models.describe_again(name, strokes=strokes)
            continue
        for event in shipped_models.ship(name, strokes=strokes):
            say_event(event, name, as_json)
