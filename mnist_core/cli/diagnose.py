"""`diagnose`: why the digit in an image is misclassified."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mnist_core.cli.options import json_option, load_classifier, model_option, read_image, say, steps_options

if TYPE_CHECKING:
    from mnist_core.diagnosis.diagnosis import Diagnosis


@click.command()
@click.argument("image", type=click.Path(path_type=Path))
@click.option("--label", type=click.IntRange(0, 9), help="The true digit; without it, the predicted one.")
@steps_options
@model_option
@json_option
def diagnose(image: Path, label: int | None, steps: frozenset[str], model: str, as_json: bool) -> None:
    """Find out why the digit in an image is misclassified, and what would correct it."""
    from mnist_core.diagnosis import diagnosis
    from mnist_core.diagnosis.prediction import predict
    from mnist_core.preprocessing.pipeline import preprocess

    digit = preprocess(read_image(image), steps)
    network = load_classifier(model)
    true = label if label is not None else predict(network, digit).digit
    found = diagnosis.diagnose(network, digit.downscaled(), true or 0)
    keys = ("code", "score", "measured", "usual", "text", "helps", "probability")
    facts = {
        "predicted": found.reading.digit,
        "label": label,
        "correct": found.correct if label is not None else None,
        "causes": [{key: getattr(cause, key) for key in keys} for cause in found.causes],
        "minimal_fix": None if found.fix is None else list(found.fix.parts),
        "verdict": found.reading.verdict,
    }
    say(facts, "\n".join(_lines(found)), as_json)


def _lines(found: "Diagnosis") -> Iterator[str]:
    digit = found.reading.digit
    predicted = "nothing" if digit is None else f"{digit} ({found.reading.confidence:.1%})"
    yield f"predicted: {predicted}; true digit: {found.label}"
    for cause in found.causes:
        yield f"{cause.score:6.1%}  {cause.code}: {cause.text} ({cause.measured}; usual: {cause.usual})"
    if found.fix is not None:
        yield f"correct after: {', then '.join(found.fix.words)}"
    elif not found.correct:
        yield "no correction helps: the cause is the model, not the drawing"
