"""Whether a digit looks as MNIST's do, and if not, in which way it was spoilt: a small network's judgement.

It sees the ink in the 28x28 field and is told which digit was meant, and was trained on MNIST's training digits,
left as they are or spoilt in one known way (`checkpoints.build.corruption_classifier`). It never saw what a
classifier reads: what makes a picture look right and what makes the answer right are two witnesses, and a diagnosis
wants both.
"""

from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from mnist_core import checkpoints

FILE = Path(checkpoints.__file__).with_name("corruption_classifier.safetensors")

CLEAN = "usual"
CORRUPTIONS = (
    CLEAN,
    "off_center",
    "too_small",
    "too_large",
    "stretched",
    "too_thin",
    "too_thick",
    "rotated",
    "slanted",
    "mirrored",
    "transposed",
)
"""As MNIST's digits are, or the code of the cause that it is not."""

_HIDDEN = 64


class CorruptionClassifier(nn.Module):
    """From the ink (N, 28, 28), 0 to 1, and the digit that was meant (N,), to a logit for each of `CORRUPTIONS`."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = nn.Sequential(
            *convolution(1, 16, 5, 2),
            *convolution(16, 32, 3, 1),
            *convolution(32, 48, 3, 2),
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(48 * 7 * 7, _HIDDEN),
        )
        self.meant = nn.Linear(10, _HIDDEN)
        self.judged = nn.Sequential(
            nn.ReLU(), nn.Linear(_HIDDEN, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, len(CORRUPTIONS))
        )

    def forward(self, ink: Tensor, meant: Tensor) -> Tensor:
        """Logits (N, 11)."""
        logits: Tensor = self.judged(self.seen(ink.unsqueeze(1)) + self.meant(F.one_hot(meant, 10).float()))
        return logits


@torch.inference_mode()
def log_probs(ink: Tensor, meant: int) -> Tensor:
    """The log probability of each of `CORRUPTIONS`, (N, 11), for ink (N, 28, 28), 0 to 1, meant as one digit."""
    logits: Tensor = load_corruption_classifier()(ink, torch.full((len(ink),), meant))
    return logits.log_softmax(dim=1)


@cache
def load_corruption_classifier() -> CorruptionClassifier:
    """The shipped network, in evaluation mode."""
    classifier = CorruptionClassifier()
    classifier.load_state_dict(load_file(FILE))
    return classifier.eval()


def convolution(inputs: int, outputs: int, kernel_size: int, stride: int) -> list[nn.Module]:
    """A convolution that keeps the size, but for its stride, with batch normalisation and ReLU."""
    convolution = nn.Conv2d(inputs, outputs, kernel_size, stride, kernel_size // 2, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]
