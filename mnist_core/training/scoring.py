"""How accurate a model is on images that it was not trained on: on the validation set, and at last on the test set."""

import time

from torch import Tensor
from torch.nn import functional as F

from mnist_core.data.splits import DataSplits
from mnist_core.training.events import Finished


def score(logits: Tensor, labels: Tensor) -> tuple[float, float]:
    """Mean cross-entropy and accuracy of logits (N, 10) for labels (N,)."""
    correct = logits.argmax(dim=1) == labels
    return float(F.cross_entropy(logits, labels)), float(correct.float().mean())


def finish(probabilities: Tensor, data: DataSplits, started: float, epochs: int = 1, kept_epoch: int = 1) -> Finished:
    """The end of a run, given its probabilities (N, 10) for the test images, which it evaluates once.

    `started` is when the run did, as `time.perf_counter` tells time.
    """
    correct = probabilities.argmax(dim=1) == data.test_labels
    return Finished(
        test_accuracy=float(correct.double().mean()),
        epochs=epochs,
        wall_s=time.perf_counter() - started,
        test_probabilities=probabilities.numpy().astype("<f2").tobytes(),
        kept_epoch=kept_epoch,
    )
