"""Words follow the numbers."""

from dataclasses import replace

import pytest

from mnist_core.claims.claim import Comparison
from mnist_core.claims.decision import Finding
from mnist_core.claims.effect import Effect, paired_effect
from mnist_core.claims.metrics import METRICS
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.wording import answer, conclude, effect_text, finding_text, interval_text, meaning
from tests.claims.made_up import CLAIM, finding, outcome

HIGHER = Comparison("a", "b", "test_accuracy", "higher", 0.01, "More")
LOWER = replace(HIGHER, direction="lower")


@pytest.mark.parametrize(
    ("comparison", "effect", "means"),
    [
        (HIGHER, Effect(0.05, 0.04, 0.06, 5), "holds"),
        (LOWER, Effect(0.05, 0.04, 0.06, 5), "opposite"),
        (LOWER, Effect(-0.05, -0.06, -0.04, 5), "holds"),
        (HIGHER, Effect(-0.05, -0.06, -0.04, 5), "opposite"),
        (HIGHER, Effect(0.0, 0.0, 0.0, 5), "no_effect"),
        (HIGHER, Effect(0.002, -0.005, 0.009, 5), "no_effect"),
        (HIGHER, Effect(0.005, 0.002, 0.008, 5), "too_small"),  # surely there, and surely less than matters
        (LOWER, Effect(0.005, 0.002, 0.008, 5), "opposite"),
        (HIGHER, Effect(-0.01, -0.03, 0.009, 5), "rather_opposite"),
        (HIGHER, Effect(0.02, -0.01, 0.05, 5), "open"),
        (HIGHER, Effect(0.009, 0.003, 0.015, 5), "slight"),
        (HIGHER, Effect(0.03, 0.003, 0.057, 5), "slight"),
        (LOWER, Effect(-0.009, -0.015, -0.003, 5), "slight"),
        (HIGHER, Effect(0.02, float("nan"), float("nan"), 1), "not_measured"),
    ],
)
def test_what_an_effect_means(comparison, effect, means):
    assert meaning(Finding(comparison, effect)) == means


def test_the_numbers_are_in_it():
    said = conclude(CLAIM, outcome(gain=0.05, spread=0.0))
    assert said == (
        "Over 5 seeds, with intervals in brackets that hold together with 95 % confidence: “With light”: test accuracy "
        "95.0 % instead of 90.0 %, 5.0 points higher (5.0 to 5.0). So the claim holds here, by more than the smallest "
        "effect that matters."
    )


def test_no_effect_is_called_so():
    assert "there is no effect" in conclude(CLAIM, outcome(gain=0.0))
    assert "the other way round" in conclude(CLAIM, outcome(gain=-0.05))
    assert "the seeds leave it open" in conclude(CLAIM, outcome(gain=0.006, spread=0.02))
    assert "two seeds" in conclude(CLAIM, outcome(seeds=1))
    assert "intervals" not in conclude(CLAIM, outcome(seeds=1))
    assert "not measured" in conclude(CLAIM, Outcome(CLAIM.id, ()))


def test_several_primary_comparisons_are_told_apart():
    both = replace(CLAIM, primary=CLAIM.comparisons, secondary=())
    said = conclude(both, outcome())
    assert "holds under some conditions only; “With light: test accuracy”: it holds, “In the dark: test acc" in said
    assert "accuracy”: the effect is too small to matter." in said
    assert "is undecided; “With light: test accuracy”: the seeds leave it open" in conclude(
        both, outcome(gain=0.006, spread=0.02)
    )
    neither = conclude(both, outcome(gain=-0.05))
    assert "does not hold; “With light: test accuracy”: it is the other way round" in neither
    assert neither.count(". ") == 1  # two sentences


def test_what_is_undecided_says_how_many_seeds_would_decide_it():
    assert "seeds would decide it" in conclude(CLAIM, outcome(gain=0.006, spread=0.001))
    assert "Not even 1,000 seeds" in conclude(CLAIM, outcome(gain=0.0051, spread=0.02))
    assert "would decide" not in conclude(CLAIM, outcome(gain=0.05, spread=0.001))


def test_the_answer_is_the_claim_s_own_while_it_fits_the_verdicts():
    told = replace(CLAIM, answers={("holds",): "Light helps."})
    assert answer(told, outcome(gain=0.05)) == "Light helps."
    assert answer(told, outcome(gain=0.0)) == "So there is no effect that matters: the claim does not hold here."


SHARE, LOSS, EPOCHS = METRICS["test_accuracy"], METRICS["test_loss"], METRICS["epochs_to_90"]


@pytest.mark.parametrize(
    ("effect", "metric", "said"),
    [
        (Effect(0.05, 0.049, 0.051, 5), SHARE, "5.0 points higher (4.9 to 5.1)"),
        (Effect(-0.05, -0.051, -0.049, 5), SHARE, "5.0 points lower (4.9 to 5.1)"),
        (Effect(-0.004, -0.0061, -0.0021, 5), SHARE, "0.40 points lower (0.21 to 0.61)"),
        (Effect(0.01, -0.02, 0.04, 3), SHARE, "no clear difference: between 2.0 points lower and 4.0 points higher"),
        (Effect(0.0, 0.0, 0.0, 5), SHARE, "no difference at all"),
        (Effect(0.02, float("nan"), float("nan"), 1), SHARE, "2.0 points higher (one seed, no interval)"),
        (paired_effect([], []), SHARE, "not measured"),
        (Effect(-0.25, -0.5, -0.125, 5), LOSS, "0.25 lower (0.125 to 0.5)"),
        (Effect(3.0, 2.5, 3.5, 5), EPOCHS, "3.0 epochs higher (2.5 to 3.5)"),
    ],
)
def test_an_effect_is_said_plainly(effect, metric, said):
    assert effect_text(effect, metric) == said


def test_a_finding_names_what_is_compared_and_measured():
    first = CLAIM.primary[0]
    assert finding_text(finding(first)).startswith("With light: test accuracy 5.0 points higher (")
    named = replace(first, label="With light, test accuracy")  # is not said twice
    assert finding_text(finding(named)).startswith("With light, test accuracy: 5.0 points higher")


def test_an_interval_in_a_table_has_signs_and_one_unit():
    assert interval_text(Effect(0.0, -0.02, 0.04, 3), SHARE) == "−2.0 to +4.0 points"
    assert interval_text(Effect(0.0, float("nan"), float("nan"), 1), SHARE) == ""
