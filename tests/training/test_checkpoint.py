"""Going on from where a training was, against the training that never ended."""

import struct

import pytest
import torch
from safetensors.torch import load, save

from mnist_core.recipe import Recipe
from mnist_core.training.checkpoint import Checkpoint
from mnist_core.training.events import Changed, Epoch, Event, Failed, Finished, Started, Step
from mnist_core.training.loop import train
from mnist_core.training.wishes import Wishes, nothing_wanted

SMALL = Recipe(
    train_images=300, batch_size=64, width=0.25, epochs=2, schedule="constant", conv_dropout=0.2, dense_dropout=0.3,
    rotation_deg=10, shift_x=0.1, pixel_noise=0.1,
)  # fmt: skip


def epochs_of(run: list[Event]) -> list[Epoch]:
    return [event for event in run if isinstance(event, Epoch)]


def losses_of(run: list[Event]) -> list[tuple[int, float, float]]:
    return [(event.step, event.loss, event.learning_rate) for event in run if isinstance(event, Step)]


def point(run: list[Event], epoch: int) -> Checkpoint:
    """The end of that epoch."""
    steps = max(event.step for event in run[: run.index(epochs_of(run)[epoch - 1])] if isinstance(event, Step))
    return Checkpoint(epoch, steps, epochs_of(run)[epoch - 1].weights, epochs_of(run)[epoch - 1].resume)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"])
def test_one_epoch_and_one_more_are_two_epochs_bit_for_bit(optimizer) -> None:
    recipe = SMALL.replace(optimizer=optimizer, learning_rate=0.003, balance="resample", scaling="per_pixel")
    whole = list(train(recipe))
    half = list(train(recipe.replace(epochs=1)))
    torch.manual_seed(99)  # another process
    rest = list(train(recipe, start=point(half, 1)))
    assert losses_of(half) + losses_of(rest) == losses_of(whole)
    first, second = epochs_of(whole)
    assert epochs_of(half)[0].weights == first.weights
    (last,) = epochs_of(rest)
    assert (last.epoch, last.weights, last.validation_loss) == (2, second.weights, second.validation_loss)
    assert rest[-1].test_probabilities == whole[-1].test_probabilities


def test_it_counts_on() -> None:
    whole = list(train(SMALL.replace(epochs=1)))
    start = point(whole, 1)
    rest = list(train(SMALL.replace(epochs=3), start=start))
    assert isinstance(rest[0], Started)
    assert rest[0].steps == 3 * start.step
    assert [step for step, *_ in losses_of(rest)] == list(range(start.step + 1, 3 * start.step + 1))
    assert [event.epoch for event in epochs_of(rest)] == [2, 3]
    assert rest[-1].epochs == rest[-1].kept_epoch == 3
    assert epochs_of(rest)[0].wall_s > epochs_of(whole)[-1].wall_s


def test_a_schedule_counts_over_the_new_total() -> None:
    recipe = SMALL.replace(model="linear", schedule="cosine", epochs=1)
    start = point(list(train(recipe)), 1)
    rest = list(train(recipe.replace(epochs=2), start=start))
    whole = list(train(recipe.replace(epochs=2)))
    assert [rate for *_, rate in losses_of(rest)] == [rate for *_, rate in losses_of(whole)[start.step :]]


def test_a_plateau_goes_on_with_what_it_has_seen() -> None:
    """Wrong labels that are learned by heart: the validation loss climbs, so the rate falls."""
    recipe = SMALL.replace(
        model="mlp", schedule="plateau", learning_rate=0.03, label_noise=0.8, batch_norm=False, epochs=9
    )
    whole = list(train(recipe))
    assert len({rate for *_, rate in losses_of(whole)}) > 1
    for done in (3, 5, 6):
        rest = list(train(recipe, start=point(whole, done)))
        assert losses_of(rest) == losses_of(whole)[-len(losses_of(rest)) :]


def test_early_stopping_goes_on_with_its_best_epoch() -> None:
    recipe = SMALL.replace(
        model="mlp",
        learning_rate=0.03,
        label_noise=0.8,
        batch_norm=False,
        epochs=12,
        early_stopping=2,
        schedule="constant",
    )
    whole = list(train(recipe))
    finished = whole[-1]
    assert isinstance(finished, Finished)
    assert finished.kept_epoch == finished.epochs - 2
    rest = list(train(recipe, start=point(whole, finished.kept_epoch + 1)))
    assert (rest[-1].epochs, rest[-1].kept_epoch) == (finished.epochs, finished.kept_epoch)
    assert rest[-1].test_probabilities == finished.test_probabilities


def test_what_was_changed_on_the_way_stays_changed_and_is_not_announced_again() -> None:
    def listen() -> Wishes:
        return Wishes(learning_rate=0.002, conv_dropout=0.6)

    whole = list(train(SMALL, listen))
    start = point(whole, 1)
    rest = list(train(SMALL, start=start))
    assert losses_of(rest) == losses_of(whole)[start.step :]
    assert epochs_of(rest)[-1].weights == epochs_of(whole)[-1].weights
    assert not [event for event in rest if isinstance(event, Changed)]


# --- what comes in ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good() -> Checkpoint:
    return point(list(train(SMALL.replace(epochs=1))), 1)


def refusal(start: Checkpoint, recipe: Recipe = SMALL) -> str:
    (only,) = train(recipe, nothing_wanted, start=start)
    assert isinstance(only, Failed)
    assert only.fix
    return only.code


def changed(good: Checkpoint, change) -> Checkpoint:
    tensors = load(good.resume)
    change(tensors)
    return Checkpoint(good.epoch, good.step, good.weights, save(tensors))


@pytest.mark.parametrize("resume", [b"", b"\x80\x04N.", b"x" * 1000, struct.pack("<Q", 2**60)], ids=str)
def test_what_is_no_safetensors_file_is_refused(good, resume) -> None:
    assert refusal(Checkpoint(1, good.step, good.weights, resume)) == "checkpoint_unreadable"
    assert refusal(Checkpoint(1, good.step, resume, good.resume)) == "checkpoint_unreadable"


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors.pop("random.torch"),
        lambda tensors: tensors.pop("optimizer.0.exp_avg"),
        lambda tensors: tensors.pop("learning_rate"),
        lambda tensors: tensors.update(more=torch.zeros(1)),
        lambda tensors: tensors.update({"optimizer.0.exp_avg": torch.zeros(3)}),
        lambda tensors: tensors.update({"optimizer.0.exp_avg": tensors["optimizer.0.exp_avg"].double()}),
        lambda tensors: tensors.update({"kept.weights.layers.0.weight": torch.zeros(4, 1, 5, 5)}),
        lambda tensors: tensors.update(worked_s=torch.zeros(2, dtype=torch.float64)),
    ],
)
def test_other_names_shapes_and_types_are_refused(good, change) -> None:
    assert refusal(changed(good, change)) == "checkpoint_mismatch"


@pytest.mark.parametrize("name", ["optimizer.0.exp_avg", "learning_rate", "kept.epoch", "kept.loss", "worked_s"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_refused(good, name, value) -> None:
    assert refusal(changed(good, lambda tensors: tensors[name].fill_(value))) == "checkpoint_not_finite"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("random.torch", 7),
        ("random.dice", 255),
        ("learning_rate", 1e9),
        ("conv_dropout", 1.0),
        ("worked_s", -1.0),
        ("kept.epoch", 0.5),
    ],
)
def test_numbers_that_nothing_can_go_on_from_are_refused(good, name, value) -> None:
    assert refusal(changed(good, lambda tensors: tensors[name].fill_(value))) == "checkpoint_damaged"


@pytest.mark.parametrize(
    "recipe",
    [
        SMALL.replace(optimizer="sgd"),
        SMALL.replace(width=0.5),
        SMALL.replace(model="mlp"),
        SMALL.replace(early_stopping=2),
        SMALL.replace(batch_size=32),
        SMALL.replace(epochs=1),
    ],
)
def test_a_training_with_another_recipe_is_refused(good, recipe) -> None:
    assert refusal(good, recipe) == "checkpoint_mismatch"


def test_a_support_vector_machine_cannot_go_on(good) -> None:
    assert refusal(good, SMALL.replace(model="svm")) == "not_trainable_in_steps"
