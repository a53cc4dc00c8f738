"""What the help of a setting says was measured is what the results say."""

import json
from statistics import mean

import pytest

from mnist_core.claims import setting_effects
from mnist_core.claims.claim import Arm
from mnist_core.claims.outcome import RESULTS
from mnist_core.claims.setting_effects import setting_effect
from mnist_core.recipe import FIELDS, Recipe


def test_the_file_is_what_the_results_say():
    told = setting_effects.measure()
    assert {field: setting_effect(field) for field in FIELDS if setting_effect(field)} == told
    assert told.keys() <= FIELDS.keys()


def test_a_number_is_that_of_the_trials():
    trials = json.loads((RESULTS / "no_augmentation.json").read_bytes())["trials"]
    accuracy = {(trial["arm"], trial["seed"]): trial["values"]["test_accuracy"] for trial in trials}
    seeds = {seed for arm, seed in accuracy if arm == "rotation"}
    points = 100 * mean(accuracy["rotation", seed] - accuracy["none", seed] for seed in seeds)
    effect = setting_effect("rotation_deg")
    assert effect is not None
    assert effect.claim == "no_augmentation"
    assert f"{points:.2f} points higher" in effect.text
    assert effect.text.endswith(f"{len(seeds)} seeds")


def test_nothing_is_said_of_a_setting_that_no_claim_tests_alone():
    assert setting_effect("seed") is None


PLAIN = Arm("plain", "Plain", Recipe())


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (Arm("other", "Other", Recipe(epochs=9)), "epochs"),
        (Arm("other", "Other", Recipe(epochs=9, seed=1)), ""),
        (Arm("other", "Other", Recipe()), ""),
        (Arm("other", "Other", Recipe(epochs=9), test_inputs="broken"), ""),
        (Arm("other", "Other", Recipe(epochs=9), calibrated=True), ""),
        (Arm("other", "Other", Recipe(epochs=9), x=9, series="Long"), "epochs"),
    ],
)
def test_two_arms_differ_in_one_field_or_in_none_alone(other: Arm, field: str):
    assert PLAIN.only_difference(other) == other.only_difference(PLAIN) == field
