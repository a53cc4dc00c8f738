"""Outcomes: their numbers, their way to a file and back, and what is still missing of them."""

import json
import math
from contextlib import suppress
from dataclasses import replace

import pytest

from mnist_core.claims.claim import Tuned
from mnist_core.claims.outcome import Outcome, Trial, missing, shipped
from mnist_core.errors import UserError
from tests.claims.made_up import CLAIM, outcome


def test_values_stand_seed_by_seed_whatever_the_order_of_the_trials():
    found = Outcome("x", (Trial("a", 1, {"m": 2.0}), Trial("b", 0, {"m": 5.0}), Trial("a", 0, {"m": 1.0})))
    assert found.seeds == (0, 1)
    assert found.values("a", "m") == [1.0, 2.0]
    assert found.values("b", "m")[0] == 5.0
    assert math.isnan(found.values("b", "m")[1])


def test_the_verdict_is_that_of_the_primary_comparisons():
    assert outcome(gain=0.05).verdict(CLAIM) == "holds"
    assert outcome(gain=0.0).verdict(CLAIM) == "does_not_hold"
    assert outcome(seeds=1).verdict(CLAIM) == "undecided"


TUNED = replace(
    CLAIM,
    tuned=(Tuned("best", "The best light", ("with", "dark"), "with"),),
    primary=(replace(CLAIM.primary[0], treatment="best"),),
    secondary=(),
)


def chosen(*by_seed: tuple[float, float, float, float]) -> Outcome:
    """Of each seed the validation losses of two arms, and their test accuracies."""
    trials = []
    for seed, (loss, other, accuracy, other_accuracy) in enumerate(by_seed):
        trials.append(Trial("without", seed, {"validation_loss": 0.0, "test_accuracy": 0.5}))
        trials.append(Trial("with", seed, {"validation_loss": loss, "test_accuracy": accuracy}))
        trials.append(Trial("dark", seed, {"validation_loss": other, "test_accuracy": other_accuracy}))
    return Outcome(TUNED.id, tuple(trials))


def test_of_tuned_arms_each_seed_has_the_one_with_the_lowest_validation_loss_whatever_the_test_says():
    found = chosen((0.2, 0.3, 0.6, 0.9), (0.3, 0.2, 0.9, 0.7), (math.nan, 0.2, 0.9, 0.8))
    assert found.values_of(TUNED, "best", "test_accuracy") == [0.6, 0.7, 0.8]
    assert found.values_of(TUNED, "without", "test_accuracy") == [0.5] * 3
    (finding,) = found.primary_findings(TUNED)
    assert finding.effect.mean == pytest.approx(0.2)
    assert TUNED.arm("best").recipe == TUNED.arm("with").recipe
    assert "validation_loss" in TUNED.metrics


def test_a_quick_test_of_tuned_arms_has_the_usual_one():
    assert [arm.key for arm in TUNED.arms_for(quick=True)] == ["without", "with"]
    usual = Outcome(TUNED.id, chosen((0.2, 0.1, 0.6, 0.9)).trials[:2], quick=True)
    assert usual.values_of(TUNED, "best", "test_accuracy") == [0.6]


def test_json_and_back():
    first = replace(outcome(quick=True), fingerprint="ab", trials=(*outcome().trials, Trial("odd", 9, {"m": math.nan})))
    text = first.to_json()
    second = Outcome.from_json(text)
    assert json.loads(text)["trials"][-1]["values"] == {"m": None}  # NaN is no JSON
    assert math.isnan(second.trials[-1].values["m"])
    assert second.to_json() == text
    assert replace(second, trials=()) == replace(first, trials=())
    assert [(trial.arm, trial.seed) for trial in second.trials] == [(trial.arm, trial.seed) for trial in first.trials]
    assert second.values("with", "test_accuracy")[:5] == pytest.approx(first.values("with", "test_accuracy")[:5])


def test_numbers_have_six_digits():
    found = Outcome("x", (Trial("a", 0, {"m": 1 / 3}),))
    assert '"m": 0.333333}' in found.to_json()


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '"x"', "{}", '{"claim": "x"}', '{"claim": "x", "trials": 3}',
        '{"claim": "x", "trials": [{"arm": "a"}]}',
        '{"claim": "x", "trials": [{"arm": "a", "seed": "zero", "values": {}}]}',
        '{"claim": "x", "trials": [{"arm": "a", "seed": 0, "values": {"m": "much"}}]}',
        '{"claim": "x", "trials": [{"arm": "a", "seed": 0, "values": [1]}]}',
        '{"claim": "x", "trials": [], "unheard": "of"}',
        '{"claim": 5, "trials": []}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_damage_is_told(text, tmp_path):
    (tmp_path / "x.json").write_text(text, "utf-8")
    with pytest.raises(UserError) as error:
        shipped("x", tmp_path)
    assert error.value.code == "result_damaged"


@pytest.mark.parametrize("name", ["seed", "wall_s"])
@pytest.mark.parametrize("value", ["1e400", "-1e400", "NaN", '"1e400"', "null", "[]", "9" * 5_000])
def test_a_number_that_is_none_never_escapes_as_another_error(name, value, tmp_path):
    trial = {"arm": "with", "seed": 0, "values": {"test_accuracy": 0.5}}
    text = json.dumps({"claim": "x", "wall_s": 1.5, "trials": [trial]})
    text = text.replace(f'"{name}": {1.5 if name == "wall_s" else 0}', f'"{name}": {value}')
    (tmp_path / "x.json").write_text(text)
    with suppress(UserError):
        found = shipped("x", tmp_path)
        assert math.isfinite(found.wall_s)
        assert Outcome.from_json(found.to_json()) == found


def test_a_result_that_is_no_text_is_damaged(tmp_path):
    (tmp_path / "x.json").write_bytes(b'{"claim": "\xff"}')
    with pytest.raises(UserError):
        shipped("x", tmp_path)


def test_what_has_not_been_tested_has_no_result(tmp_path):
    assert shipped("made_up", tmp_path) is None


def test_what_is_missing_comes_seed_after_seed():
    assert missing(CLAIM, [], (0, 1), quick=False) == [
        ("without", 0), ("with", 0), ("dark", 0), ("without", 1), ("with", 1), ("dark", 1),
    ]  # fmt: skip
    assert missing(CLAIM, [], (0,), quick=True) == [("without", 0), ("with", 0)]
    assert missing(CLAIM, outcome(seeds=2).trials, (0, 1, 2), quick=True) == [("without", 2), ("with", 2)]


def test_a_trial_without_a_metric_is_missing():
    half = (Trial("without", 0, {"something_else": 1.0}), Trial("with", 0, {"test_accuracy": 0.9}))
    assert missing(CLAIM, half, (0,), quick=True) == [("without", 0)]


def test_an_outcome_fits_its_own_experiment_only():
    own = replace(outcome(), fingerprint=CLAIM.fingerprint())
    assert own.fits(CLAIM)
    assert own.fits(replace(CLAIM, title="Other words", setup="Said otherwise."))
    assert not own.fits(replace(CLAIM, id="other"))
    assert not replace(own, quick=True).fits(CLAIM)
    arms = (replace(CLAIM.arms[0], recipe=CLAIM.arms[0].recipe.replace(epochs=3)), *CLAIM.arms[1:])
    assert not own.fits(replace(CLAIM, arms=arms))
