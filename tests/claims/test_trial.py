"""Trials: real trainings, small ones."""

import pytest
import torch

from mnist_core.claims import trial as trials
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.trial import run_trial
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.control import Control
from mnist_core.training.events import Epoch, Finished
from mnist_core.training.loop import train

SMALL = Recipe(model="linear", train_images=200, epochs=1)
BIGGER = SMALL.replace(epochs=6)


def claim(control: Recipe, treatment: Recipe) -> Claim:
    return Claim(
        "planted", "Planted", "It helps.", "So.",
        (Arm("control", "Control", control), Arm("treatment", "Treatment", treatment)),
        (Comparison("control", "treatment", "test_accuracy", "higher", 0.01, "It"),),
        FigureSpec("bars", ("test_accuracy",)),
    )  # fmt: skip


def outcome_of(planted: Claim) -> Outcome:
    found = [run_trial(arm, seed, planted.metrics) for seed in range(3) for arm in planted.arms]
    return Outcome(planted.id, tuple(found))


@pytest.fixture(autouse=True)
def nothing_kept():
    trials._kept.clear()


def test_identical_arms_have_no_effect():
    planted = claim(SMALL, SMALL)
    trials._kept.clear()
    found = outcome_of(planted)
    effect = found.effect(planted.deciding[0])
    assert (effect.mean, effect.low, effect.high, effect.n) == (0, 0, 0, 3)
    assert found.verdict(planted) == "refuted"


def test_the_same_training_twice_is_the_same_without_being_remembered():
    first = run_trial(Arm("a", "A", SMALL), 1, ["test_accuracy", "test_loss"])
    trials._kept.clear()
    assert run_trial(Arm("a", "A", SMALL), 1, ["test_accuracy", "test_loss"]) == first


def test_swapped_arms_flip_the_sign():
    there, back = claim(SMALL, BIGGER), claim(BIGGER, SMALL)
    one, other = outcome_of(there).effect(there.deciding[0]), outcome_of(back).effect(back.deciding[0])
    assert one.mean > 0.01
    assert (other.mean, other.low, other.high) == pytest.approx((-one.mean, -one.high, -one.low))
    assert outcome_of(there).verdict(there) == "confirmed"
    assert outcome_of(back).verdict(back) == "refuted"


def test_a_trial_measures_what_the_training_ended_with():
    last = list(train(SMALL.replace(seed=4)))[-1]
    assert isinstance(last, Finished)
    assert run_trial(Arm("a", "A", SMALL), 4, ["test_accuracy"]).values["test_accuracy"] == pytest.approx(
        last.test_accuracy
    )


def test_arms_that_differ_in_what_they_are_shown_share_a_training(monkeypatch):
    trained = []
    real = trials._train
    monkeypatch.setattr(trials, "_train", lambda recipe, listen: trained.append(recipe) or real(recipe, listen))
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
    monkeypatch.setattr(trials, "_train", None)
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
    from mnist_core.claims.catalog.arms import learns
    from mnist_core.data.dataset import source_indices

    first, again, other = (
        source_indices(learns(500, **{**changes, "seed": seed}))
        for seed, changes in ((0, {}), (0, {"model": "mlp", "rotation_deg": 10.0}), (1, {}))
    )
    assert len(first) == pytest.approx(500, abs=10)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
