"""Whether a picture looks like a digit at all, whichever model is asked to read it.

A network of its own has learned digits and what is none side by side (`checkpoints.build.ood_detector`). It gives two
scores: how probably the picture is none of the ten digits, and how far it lies from the nearest of MNIST's training
digits in the network's own features (Sun, Ming, Zhu, Li, *Out-of-Distribution Detection with Deep Nearest Neighbors*,
2022: of features of length one). One number, the out-of-distribution score, weighs both.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from mnist_core import checkpoints
from mnist_core.diagnosis.corruption_classifier import convolution
from mnist_core.training.pixels import PIXEL_MEAN, PIXEL_STD

FILE = Path(checkpoints.__file__).with_name("ood_detector.safetensors")
OOD_CLASS = 10
"""The network's eleventh class: no digit."""

OOD_THRESHOLD = 0.5
"""The score from which a picture is called no digit."""

FEATURES = 64
QUANTILES = 201
_AT_ONCE = 500


class FeatureNet(nn.Module):
    """A small network from images to the ten digits and `OOD_CLASS`."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            *convolution(1, 16, 5, 2),  # 14x14
            *convolution(16, 32, 3, 1),
            *convolution(32, 64, 3, 2),  # 7x7
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(64 * 7 * 7, FEATURES, bias=False),
            nn.BatchNorm1d(FEATURES),
            nn.ReLU(),
        )
        self.head = nn.Linear(FEATURES, OOD_CLASS + 1)

    def features(self, images: Tensor) -> Tensor:
        """What the decision is made on, (N, 64), of images (N, 1, 28, 28), 0 to 1."""
        values: Tensor = self.trunk((images - PIXEL_MEAN) / PIXEL_STD)
        return values

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N, 11)."""
        logits: Tensor = self.head(self.features(images))
        return logits


@dataclass(frozen=True, slots=True)
class OodScore:
    """How much one picture looks like a digit.

    Attributes:
        ood_score: 0 to 1: from `OOD_THRESHOLD` on it is called no digit.
        distance_percentile: The share of MNIST's digits, 0 to 1, that lie nearer to the training digits than this does;
            measured on validation digits.
    """

    ood_score: float
    distance_percentile: float


@dataclass(frozen=True, slots=True, eq=False)
class OodDetector:
    """All that is needed to tell how familiar a picture is.

    Attributes:
        net: In evaluation mode.
        known: Features of MNIST's training digits, of length one, float32 (K, 64).
        distances: Of MNIST's validation digits to the nearest of them: 0, 0.5, ... 100 %, float32 (201,).
        weights: What the score is made of, float32 (3,): the weight of the network's log odds for no digit,
            the weight of the distance, and what is added to both.
    """

    net: FeatureNet
    known: Tensor
    distances: Tensor
    weights: Tensor

    def ood_scores(self, images: npt.NDArray[np.float32]) -> list[OodScore]:
        """How familiar each image is, (N, 28, 28), 0 to 1, made as MNIST was (`Preprocessed.canonical`)."""
        odds, distance = self.scores(torch.from_numpy(images))
        ood_score = self.ood_score(odds, distance).tolist()
        below = torch.searchsorted(self.distances, distance).clamp(0, QUANTILES - 1) / (QUANTILES - 1)
        return [OodScore(*pair) for pair in zip(ood_score, below.tolist(), strict=True)]

    @torch.inference_mode()
    def scores(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Of images (N, 28, 28), 0 to 1: the log odds for no digit, and the distance from known ones, (N,) each."""
        features = torch.cat([self.net.features(part.unsqueeze(1)) for part in torch.split(images, _AT_ONCE)])
        logits = self.net.head(features)
        odds = logits[:, OOD_CLASS] - logits[:, :OOD_CLASS].logsumexp(dim=1)
        return odds, nearest(features, self.known)

    def ood_score(self, odds: Tensor, distance: Tensor) -> Tensor:
        """Both scores as one number, 0 to 1, (N,)."""
        return torch.sigmoid(self.weights[0] * odds + self.weights[1] * distance + self.weights[2])


def nearest(features: Tensor, known: Tensor) -> Tensor:
    """The distance of features (N, F) from the nearest known ones (K, F), all at length one: 0 to 2, (N,)."""
    likest = (F.normalize(features) @ known.T).max(dim=1).values
    return (2 - 2 * likest).clamp(min=0).sqrt()


@cache
def load_ood_detector() -> OodDetector:
    """The shipped one."""
    tensors = {name: tensor.float() for name, tensor in load_file(FILE).items()}
    net = FeatureNet()
    net.load_state_dict(
        {name.removeprefix("eye."): tensor for name, tensor in tensors.items() if name.startswith("eye.")}, strict=False
    )
    return OodDetector(net.eval(), F.normalize(tensors["known"]), tensors["distances"], tensors["weights"])


def save_ood_detector(detector: OodDetector, file: Path = FILE) -> None:
    """Write it where `load_ood_detector` finds it, in half precision: it need not be more exact."""
    net = {f"eye.{name}": tensor for name, tensor in detector.net.state_dict().items() if tensor.is_floating_point()}
    rest = {"known": detector.known, "distances": detector.distances, "weights": detector.weights}
    halves = {name: tensor.half() for name, tensor in {**net, "known": detector.known}.items()}
    save_file({name: tensor.contiguous() for name, tensor in {**rest, **halves}.items()}, file)
