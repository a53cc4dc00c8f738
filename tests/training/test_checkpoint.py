"""Going on from where a training was, against the training that never ended."""

import dataclasses
import struct

import pytest
import torch
from safetensors.torch import load, save

from mnist_core.data.dataset import build_dataset
from mnist_core.recipe import Recipe
from mnist_core.training.checkpoint import Checkpoint, to_resume
from mnist_core.training.control import Control, no_control
from mnist_core.training.early_stopping import EarlyStopping
from mnist_core.training.events import (
    Epoch,
    EpochCheck,
    Event,
    Failed,
    Finished,
    PairFitted,
    Paused,
    Resumed,
    SettingChanged,
    Started,
    Step,
    Suspended,
)
from mnist_core.training.learner import Learner, batches_at_once
from mnist_core.training.loop import train

pytestmark = pytest.mark.usefixtures("few_images")

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
    def listen() -> Control:
        return Control(learning_rate=0.002, conv_dropout=0.6)

    whole = list(train(SMALL, listen))
    start = point(whole, 1)
    rest = list(train(SMALL, start=start))
    assert losses_of(rest) == losses_of(whole)[start.step :]
    assert epochs_of(rest)[-1].weights == epochs_of(whole)[-1].weights
    assert not [event for event in rest if isinstance(event, SettingChanged)]


def done_after(event: Event) -> int:
    """How many steps, or of a support vector machine how many borders, are done after it."""
    match event:
        case Step():
            return event.step
        case PairFitted():
            return event.done
    return 0


def in_pieces(recipe: Recipe, *steps: int, change=lambda step, wishes: wishes) -> list[Event]:
    """The run's events, where it is suspended after each of these steps and goes on in another process each time."""
    run: list[Event] = []
    start = None
    for until_step in [*steps, None]:
        wanted = Control() if until_step is None else Control(pause=True, until_step=until_step, suspend=True)

        def listen(wanted=wanted, run=run) -> Control:
            done = max((done_after(event) for event in run), default=0)
            wishes = wanted if wanted.pause and done >= wanted.until_step else Control()
            return change(done, wishes)

        for event in train(recipe, listen, start=start):
            run += [event]  # at once, for `listen` looks at them
        torch.manual_seed(99)
        if until_step is not None:
            assert isinstance(run[-1], Suspended)
            start = Checkpoint(run[-1].epoch, run[-1].step, run[-1].weights, run[-1].resume, is_suspended=True)
    return run


def facts_of(run: list[Event]) -> list[object]:
    """Everything that a run comes to, without the times."""
    epochs = [(*dataclasses.astuple(event)[:5], event.weights) for event in epochs_of(run)]
    checks = [event for event in run if isinstance(event, EpochCheck)]
    changes = [event for event in run if isinstance(event, SettingChanged)]
    last = run[-1]
    return [losses_of(run), epochs, checks, changes, (last.test_probabilities, last.epochs, last.kept_epoch)]


STEPS_AN_EPOCH = 5  # of `SMALL`


@pytest.mark.parametrize(
    ("optimizer", "steps"),
    [("adamw", (3,)), ("adamw", (STEPS_AN_EPOCH,)), ("adamw", (0, 0, 2, 3, 9)), ("momentum", (1, 7))],
    ids=str,
)
def test_a_run_that_was_suspended_is_the_run_that_never_was_bit_for_bit(optimizer, steps) -> None:
    recipe = SMALL.replace(optimizer=optimizer, schedule="one_cycle", learning_rate=0.003, balance="resample")
    whole = list(train(recipe))
    pieces = in_pieces(recipe, *steps)
    assert facts_of(pieces) == facts_of(whole)
    assert [(event.epoch, event.step) for event in pieces if isinstance(event, Suspended)] == [
        (step // STEPS_AN_EPOCH, step) for step in steps
    ]
    assert [event.step for event in pieces if isinstance(event, Paused)] == list(steps)
    assert [event.step for event in pieces if isinstance(event, Resumed)] == list(steps)
    assert epochs_of(pieces)[-1].wall_s > epochs_of(pieces)[0].wall_s > 0


def test_batches_that_are_augmented_together_are_gone_on_with_in_their_middle() -> None:
    """Groups of 20, 20 and 5 batches an epoch; suspended within each, and where one ends."""
    recipe = SMALL.replace(train_images=4_500, model="linear", batch_size=100, schedule="cosine", rotation_deg=0)
    assert batches_at_once(recipe) == 20
    assert facts_of(in_pieces(recipe, 1, 19, 20, 33, 42, 45, 65)) == facts_of(list(train(recipe)))


def test_a_suspended_run_keeps_what_was_changed_its_patience_and_its_plateau() -> None:
    def change(step: int, wishes: Control) -> Control:
        if step < 2:
            return wishes
        return dataclasses.replace(wishes, learning_rate=0.02, dense_dropout=0.5 if step >= 12 else None)

    recipe = SMALL.replace(
        model="mlp", learning_rate=0.03, label_noise=0.8, batch_norm=False, epochs=12, early_stopping=3,
        schedule="plateau",
    )  # fmt: skip
    whole = in_pieces(recipe, change=change)
    assert len([event for event in whole if isinstance(event, SettingChanged)]) == 2
    assert whole[-1].epochs < 12
    assert facts_of(in_pieces(recipe, 1, 3, 11, 14, 21, 22, change=change)) == facts_of(whole)


def test_a_longer_run_that_is_suspended_does_not_get_more_patience() -> None:
    recipe = SMALL.replace(
        model="mlp", learning_rate=0.03, label_noise=0.8, batch_norm=False, epochs=12, early_stopping=2
    )
    start = point(list(train(recipe)), 3)
    learned, kept = Learner(recipe, build_dataset(recipe)), EarlyStopping(recipe.early_stopping)
    start.restore(learned, kept)
    kept.waits_since = 3
    next(learned.train_batches())
    sums = {"epoch.loss": 0.0, "epoch.correct": 0.0, "epoch.images": 0.0}
    resume = to_resume(learned, kept, 1.0, sums)
    again, anew = Learner(recipe, build_dataset(recipe)), EarlyStopping(recipe.early_stopping)
    Checkpoint(3, start.step, start.weights, resume, is_suspended=True).restore(again, anew)
    assert anew.waits_since == 3


def test_a_support_vector_machine_goes_on_with_the_borders_it_has() -> None:
    recipe = Recipe(model="svm", train_images=300)
    whole, pieces = list(train(recipe)), in_pieces(recipe, 0, 1, 17, 45)
    assert [event for event in pieces if isinstance(event, PairFitted)] == [
        event for event in whole if isinstance(event, PairFitted)
    ]
    assert epochs_of(pieces)[0].weights == epochs_of(whole)[0].weights
    assert pieces[-1].test_probabilities == whole[-1].test_probabilities
    assert [event.step for event in pieces if isinstance(event, Resumed)] == [0, 1, 17, 45]


@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {"weights": torch.zeros(3, 45), "offsets": torch.zeros(45), "progress": torch.zeros(2, dtype=torch.float64)},
        {"weights": torch.zeros(300, 45), "offsets": torch.zeros(45), "progress": torch.tensor([46.0, 1.0]).double()},
        {"weights": torch.zeros(300, 45), "offsets": torch.zeros(45), "progress": torch.tensor([1.0])},
    ],
    ids=["empty", "other images", "too many pairs", "no time"],
)
def test_a_support_vector_machine_does_not_go_on_from_what_is_damaged(tensors) -> None:
    (only,) = train(Recipe(model="svm", train_images=300), start=Checkpoint(0, 1, b"", save(tensors), True))
    assert isinstance(only, Failed)
    assert only.code == "checkpoint_unreadable"


# --- what comes in ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good() -> Checkpoint:
    return point(list(train(SMALL.replace(epochs=1))), 1)


def refusal(start: Checkpoint, recipe: Recipe = SMALL) -> str:
    (only,) = train(recipe, no_control, start=start)
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
