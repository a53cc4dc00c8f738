"""For each rule of `training.hints` a recipe and a made-up history in which it finds something."""

from collections.abc import Sequence
from dataclasses import replace

from mnist_core.recipe import Recipe
from mnist_core.training.events import EpochCheck, Step
from mnist_core.training.hints import RunHistory
from tests.runs.examples import epoch, measured

PLAIN = Recipe(model="mlp", epochs=9, batch_norm=False)


def _steps(losses: Sequence[float], rate: float = 0.01) -> list[Step]:
    return [Step(number, number / 10, loss, rate) for number, loss in enumerate(losses, start=1)]


def _check(training_accuracy: float, validation_accuracy: float, rare: int | None = None, **more) -> EpochCheck:
    """A check whose confusion matrix is right in that share of each digit, but for a rare one in half of it."""
    rights = [round(1_000 * (validation_accuracy if digit != rare else 0.5)) for digit in range(10)]
    confusion = [
        [right if read == true else (1_000 - right) * (read == (true + 5) % 10) for read in range(10)]
        for true, right in enumerate(rights)
    ]
    usual = {"training_loss": 0.1, "contradicted": 0.0, "images": 2_000}
    return EpochCheck(1, 40, confusion, training_accuracy=training_accuracy, **{**usual, **more})


def _probes(**changes) -> list:
    return [replace(measured(number), **changes) for number in range(1, 4)]


HISTORIES: dict[str, tuple[Recipe, RunHistory]] = {
    "diverged": (PLAIN, RunHistory(steps=_steps([2.3, 9.0]), diverged_at=3)),
    "bad_kernel_width": (
        Recipe(model="svm", svm_gamma=0.1, scaling="per_pixel"),
        RunHistory(checked=[_check(1.0, 0.2, kernel_median=0.001)]),
    ),
    "vanishing_gradient": (
        PLAIN.replace(activation="sigmoid"),
        RunHistory(measured=_probes(gradient_norms={"dense 1": 1e-7, "output": 1.0}), epochs=[epoch(1)]),
    ),
    "learning_rate_too_high": (PLAIN, RunHistory(steps=_steps([2.3] * 10 + [8.0] * 30))),
    "dead_units": (PLAIN, RunHistory(measured=_probes(dead_units={"dense 1": 0.9}))),
    "learning_rate_too_low": (PLAIN, RunHistory(steps=_steps([2.3 - number / 1_000 for number in range(40)], 1e-6))),
    "label_noise": (PLAIN, RunHistory(checked=[_check(0.7, 0.95, contradicted=0.2)])),
    "class_imbalance": (PLAIN.replace(keep_4=0.05), RunHistory(checked=[_check(0.95, 0.97, rare=4)])),
    "overfit": (
        PLAIN,
        RunHistory(
            checked=[_check(1.0, 0.9, training_loss=0.001)],
            epochs=[epoch(1, validation_accuracy=0.9, validation_loss=0.5)],
        ),
    ),
    "early_stopping": (
        PLAIN,
        RunHistory(epochs=[epoch(number, validation_loss=0.1 * number) for number in range(1, 7)]),
    ),
    "underfit": (PLAIN, RunHistory(checked=[_check(0.6, 0.6)], epochs=[epoch(1)])),
    "test_differs": (PLAIN, RunHistory(epochs=[epoch(1, validation_accuracy=0.95)], test_accuracy=0.6)),
}
