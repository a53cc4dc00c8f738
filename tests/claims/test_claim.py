"""What a claim is made of, and its quick version."""

from dataclasses import replace

import pytest

from mnist_core.claims.claim import Arm, Comparison, FigureSpec
from mnist_core.recipe import Recipe
from tests.claims.made_up import CLAIM, SMALL


def test_arms_are_found_by_name():
    assert CLAIM.arm("dark").label == "In the dark"
    with pytest.raises(KeyError):
        CLAIM.arm("nothing")


def test_quick_is_what_decides_with_the_quick_changes():
    arms = CLAIM.arms_for(quick=True)
    assert [arm.key for arm in arms] == ["without", "with"]
    assert {arm.recipe.epochs for arm in arms} == {1}
    assert arms[1].recipe.rotation_deg == 10.0
    assert CLAIM.arms_for(quick=True) == arms
    assert CLAIM.arms_for(quick=False) == CLAIM.arms


def test_quick_keeps_what_an_arm_is_shown_and_leaves_shipped_models_alone():
    shipped = Arm("without", "", Recipe(epochs=20), test_inputs="drawn_raw", model="default")
    claim = replace(CLAIM, arms=(shipped, replace(CLAIM.arms[1], test_inputs="letters", calibrated=True)))
    first, second = claim.arms_for(quick=True)
    assert first == shipped
    assert (second.test_inputs, second.calibrated, second.recipe.epochs) == ("letters", True, 1)


def test_a_seed_is_for_what_is_trained():
    assert CLAIM.arms[0].with_seed(7).recipe == SMALL.replace(seed=7)
    shipped = Arm("x", "", Recipe(), model="default")
    assert shipped.with_seed(7) is shipped


def test_metrics_are_those_compared_and_those_drawn_each_once():
    claim = replace(
        CLAIM,
        secondary=(*CLAIM.secondary, Comparison("without", "with", "gap", "lower", 0.1, "")),
        figure=FigureSpec("forest", ("gap", "test_loss")),
    )
    assert claim.metrics == ("test_accuracy", "gap", "test_loss")


def test_the_fingerprint_is_of_what_is_trained_and_measured():
    known = {CLAIM.fingerprint(), CLAIM.fingerprint(quick=True)}
    arm = CLAIM.arms[0]
    changed = (replace(arm, test_inputs="broken"), replace(arm, calibrated=True), replace(arm, model="default"))
    for first in changed:
        known.add(replace(CLAIM, arms=(first, *CLAIM.arms[1:])).fingerprint())
    known.add(replace(CLAIM, figure=FigureSpec("forest", ("gap",))).fingerprint())
    assert len(known) == 6
    renamed = (replace(arm, label="Called otherwise"), *CLAIM.arms[1:])
    assert replace(CLAIM, arms=renamed, statement="Said otherwise.").fingerprint() == CLAIM.fingerprint()


def test_arms_share_a_training_when_they_differ_in_what_they_are_shown():
    moved = replace(CLAIM.arms[0], recipe=SMALL.replace(test_offset_px=3), test_inputs="centred")
    assert moved.training == CLAIM.arms[0].training == SMALL
    assert CLAIM.arms[1].training != SMALL
