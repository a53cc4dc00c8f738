"""Which epoch is kept, against a count by hand."""

import pytest
import torch
from torch import nn

from mnist_core.training.early_stopping import EarlyStopping
from mnist_core.training.models import Classifier


def model_of(number: float) -> Classifier:
    model = Classifier(nn.Sequential(nn.Linear(1, 1, bias=False)))
    with torch.no_grad():
        next(model.parameters()).fill_(number)
    return model


def kept_mask(patience: int, losses: list[float]) -> tuple[int, int]:
    """The epochs that were trained and the one that was kept."""
    keeper = EarlyStopping(patience)
    for epoch, loss in enumerate(losses, start=1):
        keeper.update(epoch, loss, model_of(epoch))
        if keeper.is_over(epoch):
            return epoch, keeper.epoch
    return len(losses), keeper.epoch


@pytest.mark.parametrize(
    ("patience", "losses", "expected"),
    [
        (0, [3, 2, 1, 5, 6, 7], (6, 6)),  # no early stopping: all epochs, the last is kept
        (1, [3, 2, 4, 1], (3, 2)),
        (2, [3, 2, 4, 1, 5, 6, 7], (6, 4)),
        (2, [3, 2, 2, 2, 1], (4, 2)),  # as good as is no gain
        (3, [1, 2, 3], (3, 1)),
        (3, [1, 2, 3, 4], (4, 1)),
    ],
)
def test_patience_is_counted_from_the_best_epoch(patience, losses, expected) -> None:
    assert kept_mask(patience, losses) == expected


def test_the_best_weights_are_put_back_and_were_a_copy() -> None:
    keeper, model = EarlyStopping(5), model_of(1)
    keeper.update(1, 0.5, model)
    with torch.no_grad():
        next(model.parameters()).fill_(2)
    keeper.update(2, 0.6, model)
    keeper.restore_best(model)
    assert next(model.parameters()).item() == 1


def test_without_early_stopping_nothing_is_copied_and_nothing_put_back() -> None:
    keeper, model = EarlyStopping(0), model_of(1)
    keeper.update(1, 0.5, model)
    keeper.restore_best(model)
    assert keeper.weights == {}


def test_whoever_asks_for_more_epochs_has_patience_again() -> None:
    keeper = EarlyStopping(2)
    keeper.load_state(epoch=1, loss=0.1, weights={}, done=3)  # its patience was over
    assert not keeper.is_over(3)
    keeper.update(4, 0.2, model_of(4))
    assert not keeper.is_over(4)
    keeper.update(5, 0.2, model_of(5))
    assert keeper.is_over(5)
    assert keeper.epoch == 1


def test_going_on_in_the_middle_of_waiting_waits_for_the_rest() -> None:
    keeper = EarlyStopping(3)
    keeper.load_state(epoch=1, loss=0.1, weights={}, done=2)
    keeper.update(3, 0.2, model_of(3))
    assert not keeper.is_over(3)
    keeper.update(4, 0.2, model_of(4))
    assert keeper.is_over(4)
