from dataclasses import replace

import pytest

from mnist_core.claims import quick_run as module
from mnist_core.claims.outcome import Outcome, Trial
from mnist_core.claims.quick_run import rerun
from mnist_core.errors import UserError
from mnist_core.training.control import stop_if
from mnist_core.training.events import ClaimTested, Failed, Started, Stopped, TrialDone, from_message, to_message
from tests.claims.made_up import CLAIM

RECIPE = CLAIM.quick_arms()[0].recipe


@pytest.fixture(autouse=True)
def catalog(monkeypatch: pytest.MonkeyPatch) -> dict:
    known = {CLAIM.id: CLAIM}
    monkeypatch.setattr(module, "CLAIMS", known)
    return known


def test_every_way_that_decides_is_tried_with_every_seed() -> None:
    first, *trials, last = rerun(RECIPE, claim=CLAIM.id, seeds=(3, 4))
    assert isinstance(first, Started)
    assert first.steps == 4
    assert [(trial.step, trial.arm, trial.seed) for trial in trials] == [
        (1, "without", 3), (2, "with", 3), (3, "without", 4), (4, "with", 4)
    ]  # fmt: skip
    assert all(isinstance(trial, TrialDone) and 0.5 < trial.values["test_accuracy"] < 1 for trial in trials)
    assert isinstance(last, ClaimTested)
    assert last.step == 4
    assert [from_message(to_message(trial)) for trial in trials] == trials


def test_the_same_seed_gives_the_same_numbers() -> None:
    _, *once, _ = rerun(RECIPE, claim=CLAIM.id, seeds=(0,))
    _, *again, _ = rerun(RECIPE, claim=CLAIM.id, seeds=(0,))
    assert once == again


def test_ways_that_do_not_differ_have_no_effect_and_swapped_ones_the_opposite(catalog: dict) -> None:
    def effect(control: int, treatment: int):
        arms = replace(CLAIM.arms[control], key="without"), replace(CLAIM.arms[treatment], key="with")
        catalog[CLAIM.id] = replace(CLAIM, arms=(*arms, CLAIM.arms[2]))
        _, *trials, _ = rerun(RECIPE, claim=CLAIM.id, seeds=(0, 1))
        outcome = Outcome(CLAIM.id, tuple(Trial(one.arm, one.seed, one.values) for one in trials))
        return outcome.effect(CLAIM.deciding[0])

    assert effect(0, 0).mean == 0
    there, back = effect(0, 2), effect(2, 0)
    assert there.mean == pytest.approx(-back.mean)
    assert there.mean != 0


def test_a_stop_between_trials_is_heard() -> None:
    *trials, last = rerun(RECIPE, stop_if(lambda: True), claim=CLAIM.id, seeds=(0,))
    assert [type(event) for event in trials] == [Started]
    assert last == Stopped(0, last.wall_s)


def test_a_stop_within_a_trial_is_heard_and_what_was_tried_stands() -> None:
    asked = iter([False] * 20 + [True] * 1_000)  # the first trial takes eight steps
    _, *trials, last = rerun(RECIPE, stop_if(lambda: next(asked)), claim=CLAIM.id, seeds=(7,))
    assert isinstance(last, Stopped)
    assert last.step == len(trials) == 1


def test_what_goes_wrong_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise UserError("mnist_missing", "MNIST is not there.", "Fetch it.")

    monkeypatch.setattr(module, "run_trial", fail)
    *_, last = rerun(RECIPE, claim=CLAIM.id, seeds=(0,))
    assert last == Failed("mnist_missing", "MNIST is not there.", "Fetch it.")
