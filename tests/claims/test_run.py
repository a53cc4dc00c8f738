"""Testing a claim in a worker: real trainings, small ones."""

from dataclasses import replace

import pytest
import torch

from mnist_core.claims import run
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec
from mnist_core.claims.outcome import Outcome, Trial
from mnist_core.claims.run import run_claim, run_trial
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.control import Control, stop_if
from mnist_core.training.events import (
    ClaimTested,
    Epoch,
    Failed,
    Finished,
    Started,
    Stopped,
    TrialDone,
    from_message,
    to_message,
)
from mnist_core.training.loop import train
from tests.claims.made_up import CLAIM

SMALL = Recipe(model="linear", train_images=200, epochs=1)
BIGGER = SMALL.replace(epochs=6)


def claim(control: Recipe, treatment: Recipe) -> Claim:
    return Claim(
        id="planted", title="Planted", statement="It helps.", setup="So.", protocol=CLAIM.protocol,
        arms=(Arm("control", "Control", control), Arm("treatment", "Treatment", treatment)),
        primary=(Comparison("control", "treatment", "test_accuracy", "higher", 0.01, "It"),),
        figure=FigureSpec("forest", ("test_accuracy",)),
    )  # fmt: skip


def outcome_of(planted: Claim) -> Outcome:
    found = [run_trial(arm, seed, planted.metrics) for seed in range(3) for arm in planted.arms]
    return Outcome(planted.id, tuple(found))


@pytest.fixture(autouse=True)
def nothing_kept():
    run.TRAINED.clear()


def test_identical_arms_have_no_effect():
    planted = claim(SMALL, SMALL)
    run.TRAINED.clear()
    found = outcome_of(planted)
    effect = found.primary_findings(planted)[0].effect
    assert (effect.mean, effect.low, effect.high, effect.n) == (0, 0, 0, 3)
    assert found.verdict(planted) == "does_not_hold"


def test_the_same_training_twice_is_the_same_without_being_remembered():
    first = run_trial(Arm("a", "A", SMALL), 1, ["test_accuracy", "test_loss"])
    run.TRAINED.clear()
    assert run_trial(Arm("a", "A", SMALL), 1, ["test_accuracy", "test_loss"]) == first


def test_swapped_arms_flip_the_sign():
    there, back = claim(SMALL, BIGGER), claim(BIGGER, SMALL)
    one, other = (outcome_of(one).primary_findings(one)[0].effect for one in (there, back))
    assert one.mean > 0.01
    assert (other.mean, other.low, other.high) == pytest.approx((-one.mean, -one.high, -one.low))
    assert outcome_of(there).verdict(there) == "holds"
    assert outcome_of(back).verdict(back) == "does_not_hold"


def test_a_trial_measures_what_the_training_ended_with():
    last = list(train(SMALL.replace(seed=4)))[-1]
    assert isinstance(last, Finished)
    assert run_trial(Arm("a", "A", SMALL), 4, ["test_accuracy"]).values["test_accuracy"] == pytest.approx(
        last.test_accuracy
    )


def test_arms_that_differ_in_what_they_are_shown_share_a_training(monkeypatch):
    trained = []
    monkeypatch.setattr(run, "train", lambda recipe, control: trained.append(recipe) or train(recipe, control))
    for arm in (
        Arm("a", "A", SMALL),
        Arm("b", "B", SMALL, test_inputs="clipped"),
        Arm("c", "C", SMALL.replace(test_offset_px=3)),
    ):
        values = run_trial(arm, 0, ["read_accuracy"]).values
    assert len(trained) == 1
    assert values["read_accuracy"] < run_trial(Arm("a", "A", SMALL), 0, ["read_accuracy"]).values["read_accuracy"]


def test_what_diverges_at_once_is_measured_as_it_began():
    wild = Recipe(
        model="mlp", train_images=1_000, optimizer="sgd", learning_rate=10.0, schedule="constant", batch_norm=False,
        scaling="none", batch_size=16,
    )  # fmt: skip
    values = run_trial(Arm("a", "A", wild), 0, ["test_accuracy", "diverged", "epochs_trained"]).values
    assert (values["diverged"], values["epochs_trained"]) == (1, 0)
    assert 0 < values["test_accuracy"] < 0.3


def test_early_stopping_is_measured_at_the_kept_epoch():
    recipe = Recipe(
        model="mlp", train_images=200, label_noise=0.6, epochs=20, early_stopping=2, schedule="constant", batch_size=32
    )  # fmt: skip
    events = list(train(recipe))
    kept = events[-1].kept_epoch
    assert kept < sum(isinstance(event, Epoch) for event in events)
    found = run_trial(Arm("a", "A", recipe), 0, ["test_accuracy"])
    assert found.values["test_accuracy"] == pytest.approx(events[-1].test_accuracy)


def test_a_shipped_model_is_not_trained(monkeypatch):
    monkeypatch.setattr(run, "train", None)
    arm = Arm("linear", "Linear", Recipe(model="linear", epochs=5), model="linear")
    assert run_trial(arm, 0, ["test_accuracy"]).values["test_accuracy"] == pytest.approx(0.92, abs=0.02)


def test_a_stop_is_heard():
    assert run_trial(Arm("a", "A", BIGGER), 0, ["test_accuracy"], lambda: Control(stop=True)) is None


def test_what_cannot_be_trained_says_why():
    arm = Arm("a", "A", SMALL.replace(**{f"keep_{digit}": 0.0 for digit in range(10)}))
    with pytest.raises(UserError) as error:
        run_trial(arm, 0, ["test_accuracy"])
    assert error.value.code == "no_training_images"


def test_seeds_draw_other_images_and_the_arms_of_a_seed_the_same():
    from mnist_core.claims.arms import learns
    from mnist_core.data.dataset import source_indices

    first, again, other = (
        source_indices(learns(500, **{**changes, "seed": seed}))
        for seed, changes in ((0, {}), (0, {"model": "mlp", "rotation_deg": 10.0}), (1, {}))
    )
    assert len(first) == pytest.approx(500, abs=10)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


# --- a whole claim --------------------------------------------------------------------------------------

QUICK = CLAIM.arms_for(quick=True)[0].recipe


@pytest.fixture
def catalog(monkeypatch):
    known = {CLAIM.id: CLAIM}
    monkeypatch.setattr(run, "CLAIMS", known)
    return known


def test_every_primary_arm_is_tried_with_every_seed(catalog):
    first, *trials, last = run_claim(QUICK, claim=CLAIM.id, seeds=(3, 4))
    assert isinstance(first, Started)
    assert first.steps == 4
    assert [(trial.step, trial.arm, trial.seed) for trial in trials] == [
        (1, "without", 3), (2, "with", 3), (3, "without", 4), (4, "with", 4)
    ]  # fmt: skip
    assert all(isinstance(trial, TrialDone) and 0.5 < trial.values["test_accuracy"] < 1 for trial in trials)
    assert isinstance(last, ClaimTested)
    assert last.step == 4
    assert [from_message(to_message(trial)) for trial in trials] == trials


def test_the_same_seed_gives_the_same_numbers(catalog):
    _, *once, _ = run_claim(QUICK, claim=CLAIM.id, seeds=(0,))
    run.TRAINED.clear()
    _, *again, _ = run_claim(QUICK, claim=CLAIM.id, seeds=(0,))
    assert once == again


def test_arms_that_do_not_differ_have_no_effect_and_swapped_ones_the_opposite(catalog):
    def effect(control: int, treatment: int):
        arms = replace(CLAIM.arms[control], key="without"), replace(CLAIM.arms[treatment], key="with")
        catalog[CLAIM.id] = replace(CLAIM, arms=(*arms, CLAIM.arms[2]))
        _, *trials, _ = run_claim(QUICK, claim=CLAIM.id, seeds=(0, 1))
        outcome = Outcome(CLAIM.id, tuple(Trial(one.arm, one.seed, one.values) for one in trials))
        return outcome.primary_findings(catalog[CLAIM.id])[0].effect

    assert effect(0, 0).mean == 0
    there, back = effect(0, 2), effect(2, 0)
    assert there.mean == pytest.approx(-back.mean)
    assert there.mean != 0


def test_a_stop_between_trials_is_heard(catalog):
    *trials, last = run_claim(QUICK, stop_if(lambda: True), claim=CLAIM.id, seeds=(0,))
    assert [type(event) for event in trials] == [Started]
    assert last == Stopped(0, last.wall_s)


def test_a_stop_within_a_trial_is_heard_and_what_was_tried_stands(catalog):
    asked = iter([False] * 20 + [True] * 1_000)  # the first trial takes eight steps
    _, *trials, last = run_claim(QUICK, stop_if(lambda: next(asked)), claim=CLAIM.id, seeds=(7,))
    assert isinstance(last, Stopped)
    assert last.step == len(trials) == 1


def test_what_goes_wrong_ends_the_test_with_a_failure(catalog, monkeypatch):
    def fail(*_):
        raise UserError("mnist_missing", "MNIST is not there.", "Fetch it.")

    monkeypatch.setattr(run, "run_trial", fail)
    *_, last = run_claim(QUICK, claim=CLAIM.id, seeds=(0,))
    assert last == Failed("mnist_missing", "MNIST is not there.", "Fetch it.")


def test_only_the_arms_asked_for_are_tried_and_in_full_unless_it_is_quick(catalog):
    _, *trials, last = run_claim(QUICK, claim=CLAIM.id, seeds=(2,), arms=("dark", "with"), quick=False)
    assert [trial.arm for trial in trials] == ["with", "dark"]
    assert last.step == 2
    assert trials[1].values == run_trial(CLAIM.arms[2], 2, CLAIM.metrics).values
