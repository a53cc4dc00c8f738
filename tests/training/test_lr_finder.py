"""The range test: its arithmetic on made curves, and its suggestions by training with them."""

import math

import numpy as np
import pytest

from mnist_core.recipe import Recipe
from mnist_core.training.control import stop_if
from mnist_core.training.events import Epoch, Failed, RangeTested, Started, Step, Stopped
from mnist_core.training.loop import train
from mnist_core.training.lr_finder import (
    HIGHEST_RATE,
    LOWEST_RATE,
    STEPS,
    range_test,
    rates,
    smoothed,
    suggestion,
)

SMALL = Recipe(train_images=2_000, model="mlp", batch_size=64)


@pytest.fixture(scope="module")
def tested():
    return list(range_test(SMALL))


def test_the_rates_climb_evenly_in_their_logarithm() -> None:
    tried = rates()
    assert (tried[0], tried[-1], len(tried)) == (pytest.approx(LOWEST_RATE), pytest.approx(HIGHEST_RATE), STEPS)
    assert np.ptp(np.diff(np.log(tried))) < 1e-9


def test_smoothing_keeps_a_line_and_takes_noise_out() -> None:
    line = np.linspace(2, 1, 60)
    assert smoothed(list(line))[15:-15] == pytest.approx(line[15:-15])
    noise = np.random.default_rng(0).normal(size=500)
    assert smoothed(list(noise)).std() < 0.4


def test_the_steepest_fall_of_a_made_curve_is_found() -> None:
    """An S in the logarithm of the rate, steepest at 0.01, that climbs again from 0.3 on."""
    tried = rates()
    losses = 2.3 - 2 / (1 + np.exp(-3 * np.log(tried / 0.01))) + np.maximum(0, np.log(tried / 0.3)) ** 2
    suggested, lowest = suggestion(list(tried), list(losses))
    assert 0.007 < suggested < 0.014
    assert 0.1 < lowest < 0.5


def test_a_steep_end_after_the_lowest_loss_suggests_nothing() -> None:
    """A loss that has blown up falls steeply again now and then."""
    tried = list(rates())
    losses = [2.3 - 0.02 * place for place in range(60)] + [50.0] * 20 + [20.0] * 20
    assert suggestion(tried, losses)[0] <= tried[59]


def test_a_loss_that_never_falls_suggests_nothing() -> None:
    assert suggestion(list(rates()), [1 + place / 10 for place in range(STEPS)]) == (None, None)
    assert suggestion([1e-5, 1e-4], [2.3, 1.0]) == (None, None)


def test_it_announces_itself_and_its_steps(tested) -> None:
    first, *steps, last = tested
    assert isinstance(first, Started)
    assert first.steps == STEPS
    assert all(isinstance(step, Step) for step in steps)
    assert [step.step for step in steps] == list(range(1, len(steps) + 1))
    assert [step.learning_rate for step in steps] == pytest.approx(rates()[: len(steps)])
    assert isinstance(last, RangeTested)
    assert last.suggested < last.lowest


def test_the_first_step_is_the_recipes_own(tested) -> None:
    assert tested[1].loss == next(event for event in train(SMALL) if isinstance(event, Step)).loss


def test_it_ends_early_when_the_loss_blows_up() -> None:
    steps = [event for event in range_test(SMALL.replace(optimizer="sgd", batch_norm=False)) if isinstance(event, Step)]
    assert len(steps) < STEPS
    assert all(math.isfinite(step.loss) for step in steps)


@pytest.mark.parametrize("model", ["mlp", "linear"])
@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_the_suggestion_trains_better_than_thirty_times_as_much_and_a_thirtieth(model, optimizer) -> None:
    # Batch normalisation forgives a rate that is too high.
    recipe = SMALL.replace(model=model, optimizer=optimizer, schedule="constant", epochs=2, batch_norm=False)
    suggested = list(range_test(recipe))[-1].suggested

    def loss_with(rate: float) -> float:
        epochs = [event for event in train(recipe.replace(learning_rate=rate)) if isinstance(event, Epoch)]
        return epochs[-1].validation_loss if len(epochs) == recipe.epochs else math.inf

    good = loss_with(suggested)
    assert good < 1.2
    assert good < loss_with(suggested / 30)
    assert good < loss_with(min(10.0, suggested * 30))


def test_a_stop_is_heard() -> None:
    asked = iter([False, False, True])
    *_, last = range_test(SMALL, stop_if(lambda: next(asked)))
    assert isinstance(last, Stopped)
    assert last.step == 2


def test_a_support_vector_machine_has_no_rate() -> None:
    (only,) = range_test(SMALL.replace(model="svm"))
    assert isinstance(only, Failed)
    assert only.code == "not_trainable_in_steps"
