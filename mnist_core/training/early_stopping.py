"""Early stopping: which epoch is the result, and when waiting for a better one is over.

Prechelt, *Early Stopping - But When?*, 1998: the weights of the epoch with the lowest validation loss are kept.
"""

import math

from torch import Tensor

from mnist_core.training.models import Classifier


class EarlyStopping:
    """Keeps the best epoch's weights; with a patience of 0, every epoch counts as better than the one before.

    Args:
        patience: How many epochs without a lower validation loss end the training; 0 for none ever.

    Attributes:
        epoch: The epoch that is kept; 0 before the first.
        loss: Its validation loss, in nats.
        weights: A copy of its weights and buffers; empty while they are the model's own.
        waits_since: The epoch from which on it waits for a better one.
    """

    def __init__(self, patience: int) -> None:
        self.epoch = 0
        self.loss = math.inf
        self.weights: dict[str, Tensor] = {}
        self._patience = patience
        self.waits_since = 0

    def update(self, epoch: int, validation_loss: float, model: Classifier) -> None:
        """Take in how good the model is after this epoch."""
        if self._patience and validation_loss >= self.loss:
            return
        self.epoch = self.waits_since = epoch
        self.loss = validation_loss
        if self._patience:
            self.weights = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}

    def is_over(self, epoch: int) -> bool:
        """Whether to train no longer, after this epoch."""
        return bool(self._patience) and epoch - self.waits_since >= self._patience

    def restore_best(self, model: Classifier) -> None:
        """Give the model the weights that are kept."""
        if self.weights:
            model.load_state_dict(self.weights)

    def load_state(self, epoch: int, loss: float, weights: dict[str, Tensor], done: int) -> None:
        """Go on, `done` epochs done, with what was kept; whoever asks for more epochs has patience again."""
        self.epoch, self.loss, self.weights = epoch, loss, weights
        is_exhausted = done - epoch >= self._patience
        self.waits_since = done if is_exhausted else epoch
