"""Models and images for measuring: an answer key that reads a corner of the picture, so that all is known of it."""

import torch
from torch import Tensor, nn

from mnist_core.data.splits import DataSplits
from mnist_core.training.models import Classifier


class Reader(nn.Module):
    """Reads the digit that the first ten pixels of the first row spell, as sure as their brightness says."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("anything", torch.zeros(1))  # by which a model tells its device

    def forward(self, images: Tensor) -> Tensor:
        return 10 * images[:, 0, 0, :10]


def reader() -> Classifier:
    return Classifier(nn.Sequential(Reader()), "unit").eval()


def pictures_of(answers: list[int], levels: int = 255) -> Tensor:
    """Images uint8 (N, 28, 28) that `reader` reads so."""
    images = torch.zeros(len(answers), 28, 28, dtype=torch.uint8)
    images[torch.arange(len(answers)), 0, torch.tensor(answers)] = levels
    return images


def lesson(answers: list[int], labels: list[int]) -> DataSplits:
    """Its test images are read as `answers`; of its four training images the reader has half right."""
    training, given = pictures_of([0, 1, 2, 3]), torch.tensor([0, 1, 9, 9])
    return DataSplits(training, given, training, given, pictures_of(answers), torch.tensor(labels))
