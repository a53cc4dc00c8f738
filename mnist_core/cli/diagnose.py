"""`diagnose`: why the digit in an image is misclassified."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mnist_core.cli.options import (
    chosen_steps,
    json_option,
    model_option,
    raw_option,
    read_image,
    steps_option,
    store_for,
)

if TYPE_CHECKING:
    from mnist_core.diagnosis.diagnosis import Diagnosis


@click.command()
@click.argument("image", type=click.Path(path_type=Path))
@click.option("--label", type=click.IntRange(0, 9), help="The true digit; without it, the predicted one.")
@steps_option
@raw_option
@model_option
@json_option
def diagnose(image: Path, label: int | None, steps: str | None, raw: bool, model: str, as_json: bool) -> None:
    """Find out why the digit in an image is misclassified, and what would correct it."""
    from mnist_core.diagnosis import diagnosis
    from mnist_core.diagnosis.prediction import predict
    from mnist_core.preprocessing.pipeline import preprocess
    from mnist_core.runs.registry import load_model

    chosen = chosen_steps(steps, raw)
    digit = preprocess(read_image(image), chosen)
    network = load_model(model, store_for(model)).model
    true = label if label is not None else predict(network, digit).digit
    found = diagnosis.diagnose(network, digit.downscaled(), true or 0)
    if as_json:
        click.echo(json.dumps(_as_dict(found, label)))
    else:
        _print(found)


def _as_dict(found: "Diagnosis", label: int | None) -> dict[str, Any]:
    keys = ("code", "score", "measured", "usual", "text", "helps", "probability")
    return {
        "predicted": found.reading.digit,
        "label": label,
        "correct": found.correct if label is not None else None,
        "causes": [{key: getattr(cause, key) for key in keys} for cause in found.causes],
        "minimal_fix": None if found.fix is None else list(found.fix.parts),
        "verdict": found.reading.verdict,
    }


def _print(found: "Diagnosis") -> None:
    digit = found.reading.digit
    predicted = "nothing" if digit is None else f"{digit} ({found.reading.confidence:.1%})"
    click.echo(f"predicted: {predicted}; true digit: {found.label}")
    for cause in found.causes:
        click.echo(f"{cause.score:6.1%}  {cause.code}: {cause.text} ({cause.measured}; usual: {cause.usual})")
    if found.fix is not None:
        click.echo(f"correct after: {', then '.join(found.fix.words)}")
    elif not found.correct:
        click.echo("no correction helps: the cause is the model, not the drawing")
