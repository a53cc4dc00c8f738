"""`diagnose`: why the digit in an image is misread."""

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
@click.option("--label", type=click.IntRange(0, 9), help="The digit that was meant; else the one that is read.")
@steps_option
@raw_option
@model_option
@json_option
def diagnose(image: Path, label: int | None, steps: str | None, raw: bool, model: str, as_json: bool) -> None:
    """Find out why the digit in an image is misread, and what would make it right."""
    from mnist_core.diagnosis import diagnosis
    from mnist_core.diagnosis.prediction import predict
    from mnist_core.preprocessing.pipeline import digitize
    from mnist_core.runs.registry import load_model

    chosen = chosen_steps(steps, raw)
    content = read_image(image)
    network = load_model(model, store_for(model)).model
    meant = label if label is not None else predict(network, digitize(content, chosen)).digit
    found = diagnosis.diagnose(network, content, meant or 0, chosen)
    if as_json:
        click.echo(json.dumps(_diagnosis_as_json(found, label)))
    else:
        _say_diagnosis(found)


def _diagnosis_as_json(found: "Diagnosis", label: int | None) -> dict[str, Any]:
    keys = ("code", "score", "measured", "usual", "text", "helps", "probability")
    return {
        "predicted": found.reading.digit,
        "label": label,
        "correct": found.correct if label is not None else None,
        "causes": [{key: getattr(cause, key) for key in keys} for cause in found.causes],
        "minimal_fix": None if found.fix is None else list(found.fix.parts),
        "verdict": found.reading.verdict,
    }


def _say_diagnosis(found: "Diagnosis") -> None:
    read = "nothing" if found.reading.digit is None else f"a {found.reading.digit} ({found.reading.confidence:.1%})"
    click.echo(f"reads {read}; a {found.label} was meant")
    for cause in found.causes:
        click.echo(f"{cause.score:6.1%}  {cause.code}: {cause.text} ({cause.measured}; usual: {cause.usual})")
    if found.fix is not None:
        click.echo(f"right after: {', then '.join(found.fix.words)}")
    elif not found.correct:
        click.echo("nothing that was tried makes it right: the model, not the drawing")
