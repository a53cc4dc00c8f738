"""What is made of a training's events, on stories made by hand."""

import math

import numpy as np
import pytest

from mnist_core.claims.training_log import TrainingLog
from mnist_core.training.events import Diverged, Epoch, Finished, ProbeResult, Step


def steps(*losses: float) -> list[Step]:
    return [Step(number, 0.0, loss, 0.1) for number, loss in enumerate(losses, start=1)]


def epoch(number: int, accuracy: float, loss: float = 0.0) -> Epoch:
    return Epoch(number, 0.0, 0.0, loss, accuracy, 0.0, weights=b"weights %d" % number)


def look(step: int, *norms: float) -> ProbeResult:
    named = {f"layer {number}": norm for number, norm in enumerate(norms)}
    return ProbeResult(step, 0.0, named, {}, {}, {})


def story(*events) -> TrainingLog:
    told = TrainingLog()
    for event in events:
        told.on_event(event)
    return told


def test_oscillation_is_the_deviation_of_the_steps_of_the_second_half():
    losses = [9.0, 3.0, 7.0, 1.0, 2.0, 1.5, 1.0, 3.0]
    assert story(*steps(*losses)).loss_oscillation == pytest.approx(np.diff(losses[4:]).std())


def test_a_loss_that_falls_evenly_does_not_oscillate():
    assert story(*steps(4.0, 3.5, 3.0, 2.5, 2.0, 1.5)).loss_oscillation == pytest.approx(0)


def test_what_diverged_has_no_oscillation():
    assert math.isnan(story(*steps(1.0, 1e9, 1.0, 1e30, 5.0, 1e35), Diverged(7, 1.0)).loss_oscillation)
    assert math.isnan(story(*steps(1.0, 2.0)).loss_oscillation)


def test_the_weakest_gradient_is_per_weight_and_of_the_early_looks():
    """Three layers of 100, 10,000 and 100 weights: 1, 0.01 and 10 each at the first look."""
    told = story(
        look(1, 10.0, 1.0, 100.0), look(2, 10.0, 10.0, 100.0), look(4, 10.0, 0.1, 100.0), look(65, 9e9, 9e9, 1)
    )
    assert told.weakest_gradient([100, 10_000, 100]) == pytest.approx(-3)
    assert told.weakest_gradient([100, 100, 100]) == pytest.approx(-2)


def test_no_gradient_is_the_weakest():
    assert math.isnan(story().weakest_gradient([1, 1]))
    assert math.isnan(story(look(1, 0.0, 0.0)).weakest_gradient([1, 1]))
    assert math.isnan(story(look(1, 1.0)).weakest_gradient([1]))  # no hidden layer
    assert story(look(1, 0.0, 1.0)).weakest_gradient([1, 1]) == -12


def test_the_validation_loss_rises_from_its_lowest():
    assert story(epoch(1, 0.5, 0.9), epoch(2, 0.6, 0.4), epoch(3, 0.6, 0.7)).validation_loss_rise == pytest.approx(0.3)
    assert story(epoch(1, 0.5, 0.9), epoch(2, 0.6, 0.4)).validation_loss_rise == 0
    assert math.isnan(story(epoch(1, 0.5, 0.9), Diverged(9, 1.0)).validation_loss_rise)
    assert math.isnan(story().validation_loss_rise)


def test_a_loss_has_risen_when_it_was_twice_the_first():
    assert not story(*steps(2.3, 4.5, 2.3)).loss_rose
    assert story(*steps(2.3, 4.7, 2.3, 2.3)).loss_rose
    assert story(*steps(2.3), Diverged(2, 1.0)).loss_rose
    assert not story().loss_rose


def test_epochs_to_an_accuracy():
    told = story(epoch(1, 0.5), epoch(2, 0.91), epoch(3, 0.89), epoch(4, 0.95))
    assert told.epochs_to(0.9, planned=4) == 2
    assert told.epochs_to(0.99, planned=4) == 5  # never: one more than were trained


def test_the_result_is_the_kept_epoch_or_the_last_good_one():
    assert story().last_good is None
    assert story(epoch(1, 0.5), epoch(2, 0.6), Diverged(9, 1.0)).last_good == b"weights 2"
    assert story(epoch(1, 0.5), epoch(2, 0.6), Finished(0.6, 2, 1.0, b"", 1)).last_good == b"weights 1"
    told = story(epoch(1, 0.5))
    told.weights.clear()
    assert told.last_good is None
    assert told.validation == [0.5]
