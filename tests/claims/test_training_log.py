"""What is made of a training's events, on stories made by hand."""

import math

import numpy as np
import pytest

from mnist_core.claims.training_log import TrainingLog
from mnist_core.training.events import Diverged, Epoch, Finished, ProbeResult, Step


def steps(*losses: float) -> list[Step]:
    return [Step(number, 0.0, loss, 0.1) for number, loss in enumerate(losses, start=1)]


def epoch(number: int, accuracy: float) -> Epoch:
    return Epoch(number, 0.0, 0.0, 0.0, accuracy, 0.0, weights=b"weights %d" % number)


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


def test_the_reach_is_a_power_of_ten_of_the_early_looks():
    told = story(look(1, 0.001, 5.0, 1.0), look(2, 0.1, 5.0, 1.0), look(4, 0.01, 5.0, 1.0), look(65, 100.0, 1.0, 1.0))
    assert told.gradient_reach == pytest.approx(-2)


def test_no_gradient_reaches_nothing():
    assert math.isnan(story().gradient_reach)
    assert math.isnan(story(look(1, 0.0, 0.0)).gradient_reach)
    assert story(look(1, 0.0, 1.0)).gradient_reach == -12


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
