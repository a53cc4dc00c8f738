"""`evaluate`: how right a model is on MNIST's test set."""

import click

from mnist_core.cli.options import json_option, say, store_for


@click.command()
@click.argument("name", metavar="RUN_OR_MODEL")
@json_option
def evaluate(name: str, as_json: bool) -> None:
    """Measure a run or a shipped model on MNIST's test set."""
    from mnist_core.runs import registry

    found = registry.evaluate(name, store_for(name))
    mistakes = found.mistakes()
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
    lines = [f"accuracy {found.accuracy:.2%} on {len(found.labels):,} test images; {len(mistakes)} mistakes"]
    lines += [" ".join(f"{cell:5d}" for cell in row) for row in found.confusion]
    say(result, "\n".join(lines), as_json)
