"""Metrics on a model whose every answer is known."""

import math

import pytest
import torch

from mnist_core.claims.claim import Arm
from mnist_core.claims.metric_functions import TrainedArm, measure
from mnist_core.claims.metrics import METRICS
from mnist_core.claims.training_log import TrainingLog
from mnist_core.recipe import Recipe
from mnist_core.training.models import build
from tests.claims.examples import lesson, reader

LABELS = [4, 4, 4, 4, 9, 9, 1, 2, 3, 3]
ANSWERS = [4, 9, 9, 1, 9, 4, 9, 2, 3, 3]
SURE = math.exp(10) / (math.exp(10) + 9)  # of every answer


def subject(answers=ANSWERS, labels=LABELS, story=None, recipe=None, **arm) -> TrainedArm:
    given = Arm("a", "A", recipe or Recipe(epochs=3), **arm)
    return TrainedArm(given, 0, reader(), story or TrainingLog(), lesson(answers, labels))


def value(key: str, **changes) -> float:
    return measure(subject(**changes), [key])[key]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("test_accuracy", 0.5),
        ("training_accuracy", 0.5),
        ("gap", 0.0),
        ("test_loss", (5 * math.log(1 + 9 * math.exp(-10)) + 5 * (10 + math.log(1 + 9 * math.exp(-10)))) / 10),
        ("read_accuracy", 0.5),
        ("read_confidence", SURE),
        ("overconfidence", SURE - 0.5),
        ("mistake_confidence", SURE),
        ("calibration_error", SURE - 0.5),
        ("validation_error", 0.5),
        ("validation_loss", 5 + math.log(1 + 9 * math.exp(-10))),
        ("loss_rose", 0.0),
        ("recall_4", 1 / 4),
        ("fours_read_as_9", 2 / 4),
        ("others_read_as_9", 3 / 8),
        ("diverged", 0.0),
        ("epochs_trained", 0),
        ("epochs_to_90", 4),
    ],
)
def test_values_counted_by_hand(key, expected):
    assert value(key) == pytest.approx(expected, rel=1e-4)


def test_what_never_errs_has_no_confidence_when_wrong():
    assert math.isnan(value("mistake_confidence", answers=LABELS))


def test_letters_are_never_right_nor_wrong():
    shown = subject(test_inputs="letters")
    values = measure(shown, ["read_accuracy", "read_confidence", "overconfidence"])
    assert math.isnan(values["read_accuracy"])
    assert math.isnan(values["overconfidence"])
    assert 0.1 <= values["read_confidence"] <= 1


def test_calibration_changes_how_sure_but_not_what_is_read():
    plain, calibrated = subject(), subject(calibrated=True)
    assert calibrated.temperature > 2  # half of its answers to the validation images are wrong
    assert calibrated.test.accuracy == plain.test.accuracy
    assert calibrated.test.confidence.max() < plain.test.confidence.min()


def test_a_story_is_measured_too():
    told = TrainingLog(losses=[3.0, 1.0, 2.0, 1.0, 3.0, 0.0], validation=[0.5, 0.95, 0.9], has_diverged=False)
    keys = ["epochs_trained", "epochs_to_90", "loss_oscillation"]
    values = measure(subject(story=told), keys)
    assert values["epochs_trained"] == 3
    assert values["epochs_to_90"] == 2
    assert values["loss_oscillation"] == pytest.approx(2.5)  # changes +2 and -3


def weakest_by_hand(network: TrainedArm) -> float:
    layers = [layer for layer in network.model.modules() if isinstance(layer, torch.nn.Linear)]
    first, second, last = (layer.weight.numel() ** 0.5 for layer in layers)
    return math.log10(min(0.5 / first, 0.2 / second) / (1.0 / last))


def test_every_metric_is_a_number_for_a_network():
    torch.manual_seed(0)
    recipe = Recipe(model="mlp")
    story = TrainingLog([3.0, 2.0, 1.0, 1.5, 1.0, 1.0], [0.5], [0.9], [(1, [0.5, 0.2, 1.0])])
    network = TrainedArm(
        Arm("a", "A", recipe), 0, build(recipe).eval(), story, lesson(ANSWERS, LABELS)
    )  # fmt: skip
    values = measure(network, list(METRICS))
    assert values.keys() == METRICS.keys()
    assert all(math.isfinite(one) for one in values.values())
    assert values["weakest_gradient"] == pytest.approx(weakest_by_hand(network), rel=1e-6)
    shares = [values[key] for key, metric in METRICS.items() if metric.kind == "share"]
    assert all(-1 <= share <= 1 for share in shares)
