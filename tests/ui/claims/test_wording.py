from dataclasses import replace

import pytest

from mnist_core.claims.effect import Effect, paired
from mnist_core.claims.metrics import METRICS
from mnist_core.ui.claims import wording
from tests.claims.made_up import CLAIM, outcome

SHARE, LOSS, EPOCHS = METRICS["test_accuracy"], METRICS["test_loss"], METRICS["epochs_to_90"]


@pytest.mark.parametrize(
    ("effect", "metric", "said"),
    [
        (Effect(0.05, 0.049, 0.051, 5), SHARE, "5.0 points higher (4.9 to 5.1)"),
        (Effect(-0.05, -0.051, -0.049, 5), SHARE, "5.0 points lower (4.9 to 5.1)"),
        (Effect(-0.004, -0.0061, -0.0021, 5), SHARE, "0.40 points lower (0.21 to 0.61)"),
        (Effect(0.01, -0.02, 0.04, 3), SHARE, "no clear difference: between 2.0 points lower and 4.0 points higher"),
        (Effect(0.0, 0.0, 0.0, 5), SHARE, "no difference at all"),
        (Effect(0.02, float("nan"), float("nan"), 1), SHARE, "2.0 points higher, with one seed: nobody knows how sure"),
        (paired([], []), SHARE, "could not be measured"),
        (Effect(-0.25, -0.5, -0.125, 5), LOSS, "0.25 lower (0.125 to 0.5)"),
        (Effect(3.0, 2.5, 3.5, 5), EPOCHS, "3.0 epochs higher (2.5 to 3.5)"),
    ],
)
def test_an_effect_is_said_plainly(effect, metric, said) -> None:
    assert wording.effect_words(effect, metric).startswith(said)


def test_a_sentence_names_what_is_compared_and_measured() -> None:
    first = CLAIM.deciding[0]
    assert wording.sentence(first, outcome().effect(first)).startswith("With light: test accuracy 5.0 points higher (")


def test_a_metric_that_is_named_already_is_not_said_twice() -> None:
    first = replace(CLAIM.deciding[0], words="With light, test accuracy")
    assert wording.sentence(first, outcome().effect(first)).startswith("With light, test accuracy: 5.0 points higher")


def test_an_interval_in_a_table_has_signs_and_one_unit() -> None:
    assert wording.interval_words(Effect(0.0, -0.02, 0.04, 3), SHARE) == "−2.0 to +4.0 points"
    assert wording.interval_words(Effect(0.0, float("nan"), float("nan"), 1), SHARE) == ""
