"""How the out-of-distribution detector is trained.

What it learns from is MNIST's training digits, the same in other hands, digits and strangers that are made up; what
its thresholds are chosen on is the same made of MNIST's validation digits and of other random numbers. No font and
no pen digit has a part in it: they are left for measuring (`tests.benchmarks.verdict`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.checkpoints.build.descent import descend
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.diagnosis.ood_detector import OOD_CLASS, QUANTILES, FeatureNet, OodDetector
from mnist_core.diagnosis.outlier_exposure import (
    FIELD_PX,
    Random,
    as_seen,
    draw_non_digits,
    from_digits,
    written_digit,
)
from mnist_core.training.augmentation.affine import Warps, warp
from mnist_core.training.augmentation.pen_variants import add_pen_variants

EPOCHS = 5
_AT_ONCE = 500
_BATCH = 256
_STRANGERS_PER_DIGIT = 1.45
_WRITTEN_PER_DIGIT = 0.58
_MIXED_PER_DIGIT = 0.2
_HABITS_PER_DIGIT = 0.4
_PENS_PX = (-2, -1, -1, 0, 0, 0, 1, 2, 3)
_SHARPNESS = 4.0  # edges as sharp as those of a drawing
_ROOM = 1.15  # so much smaller, so that nothing bends out of the field
_KNOWN_PER_DIGIT = 150
_REFUSED = 0.01  # of the validation digits, a third of them as MNIST has them: of those it is half as many


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Pictures with what they are: uint8 (N, 28, 28), and int64 (N,), 0 to 9 or `OOD_CLASS`."""

    images: Tensor
    classes: Tensor


def make_pool(images: Tensor, labels: Tensor, seed: int) -> Pool:
    """MNIST's digits (N, 28, 28) uint8 as they are and in other hands, and digits and strangers that are made up.

    Some have a habit of the pen: what a slash or a crossbar makes of a digit is to be no stranger.
    """
    random = np.random.default_rng(seed)
    count = len(images)
    digits, ways = _written(round(count * _WRITTEN_PER_DIGIT), random)
    strangers = [
        _seen(torch.from_numpy(draw_non_digits(n, random)) / 255) for n in _parts(round(count * _STRANGERS_PER_DIGIT))
    ]
    restyled_images, mixed = [], []
    for part in torch.split(images, _AT_ONCE):
        restyled_images.append(_seen(restyled(part, random)))
        chosen = torch.from_numpy(random.permutation(len(part))[: max(2, round(len(part) * _MIXED_PER_DIGIT))])
        mixed.append(_seen(from_digits(restyled(part[chosen], random), random)))
    none = torch.cat([*strangers, *mixed])
    habitual = slice(round(count * _HABITS_PER_DIGIT))  # with a habit of the pen, if their class has one
    numbers = Generator().manual_seed(seed)
    drawn = add_pen_variants(images[habitual].float() / 255, labels[habitual], 1.0, numbers)
    return Pool(
        torch.cat([images, *restyled_images, (drawn * 255).round().to(torch.uint8), ways, none]),
        torch.cat([labels, labels, labels[habitual], digits, torch.full((len(none),), OOD_CLASS)]),
    )


def restyled(images: Tensor, random: Random) -> Tensor:
    """MNIST's digits (N, 28, 28) uint8 in other hands: leaning, turned, bent, with another pen.

    (N, 112, 112), 0 to 1.
    """
    large = F.interpolate(images.float().div(255)[:, None], size=(FIELD_PX, FIELD_PX), mode="bicubic")
    bent = F.grid_sample(large, _bends(len(images), random), align_corners=False)[:, 0]
    if radius := int(random.choice(_PENS_PX)):
        sign, size = np.sign(radius), 2 * abs(radius) + 1
        bent = F.max_pool2d(bent * sign, size, 1, abs(radius)) * sign
    return ((bent - 0.5) * _SHARPNESS + 0.5).clamp(0, 1)


def make_ood_detector(seed: int = 0) -> OodDetector:
    """Learn it anew from MNIST: some ten minutes on one core."""
    data = split(load_mnist())
    half = slice(0, None, 2)  # half of MNIST, in as many hands, is enough, and twice as fast
    net = train_feature_net(make_pool(data.train_images[half], data.train_labels[half], seed), seed=seed)
    validation = make_pool(data.validation_images, data.validation_labels, seed + 1)
    of_digits = [data.train_images[data.train_labels == digit] for digit in range(OOD_CLASS)]
    known = torch.cat([images[:_KNOWN_PER_DIGIT] for images in of_digits])
    return fit_ood_detector(net, known, data.validation_images, validation)


def fit_ood_detector(net: FeatureNet, known: Tensor, held_back: Tensor, validation: Pool) -> OodDetector:
    """Weigh the two signs, and set where strange begins.

    Args:
        net: The trained network.
        known: Training digits (K, 28, 28) uint8 that distances are measured from.
        held_back: Validation digits that tell which distances are usual.
        validation: Digits and strangers that the weights are fitted to by logistic regression; then the threshold
            is moved to where `_REFUSED` of these digits lie beyond it.
    """
    with torch.inference_mode():
        features = F.normalize(net.features(known.unsqueeze(1).float() / 255))
    bare = OodDetector(net, features, torch.zeros(QUANTILES), torch.zeros(3))
    distances = torch.quantile(bare.scores(held_back.float() / 255)[1], torch.linspace(0, 1, QUANTILES))
    odds, distance = bare.scores(validation.images.float() / 255)
    strange = validation.classes == OOD_CLASS
    both = torch.stack([odds, distance], dim=1)
    model = LogisticRegression(C=100.0)  # type: ignore[no-untyped-call]
    fitted = model.fit(both.numpy(), strange.numpy())
    slope = torch.from_numpy(fitted.coef_[0]).float()
    start = torch.quantile((both @ slope)[~strange], 1 - _REFUSED)
    return OodDetector(net, features, distances, torch.cat([slope, -start.view(1)]))


def train_feature_net(pool: Pool, epochs: int = EPOCHS, seed: int = 0) -> FeatureNet:
    """A network that tells the digits from each other and from strangers: AdamW, one cycle, cross-entropy."""
    torch.manual_seed(seed)
    generator = Generator().manual_seed(seed)
    net = FeatureNet().to(memory_format=torch.channels_last).train()
    batches = len(pool.images) // _BATCH  # what is left over is another epoch's

    def losses() -> Iterator[Tensor]:
        for _ in range(epochs):
            order = torch.randperm(len(pool.images), generator=generator)
            for chosen in torch.split(order[: batches * _BATCH], _BATCH):
                images = _varied(pool.images[chosen].float() / 255, generator)
                yield F.cross_entropy(net(images[:, None]), pool.classes[chosen], label_smoothing=0.02)

    for _ in descend(net, losses(), epochs * batches, learning_rate=4e-3, weight_decay=1e-3):
        pass
    return net.eval()


def _varied(images: Tensor, generator: Generator) -> Tensor:
    """Turned and moved a little, softer or harder: how sharp a picture is must not tell what it is."""
    count = len(images)
    turn, right, down, lean, zoom, soft, hard = torch.rand(7, count, generator=generator) * 2 - 1
    moved = warp(images, Warps(turn * 6, right * 0.03, down * 0.03, lean * 6, 1 + zoom * 0.06))
    blurred = F.avg_pool2d(moved[:, None], 3, 1, 1)[:, 0]
    softer = torch.lerp(moved, blurred, (soft.clamp(min=0) * 0.6)[:, None, None])
    return softer.clamp(min=0) ** torch.exp(hard * 0.4)[:, None, None]


def _written(count: int, random: Random) -> tuple[Tensor, Tensor]:
    """Made-up digits: which, (count,), and how they are seen, (count, 28, 28) uint8."""
    digits: list[int] = []
    seen = []
    for n in _parts(count):
        made = [written_digit(random) for _ in range(n)]
        digits += [digit for digit, _ in made]
        seen.append(_seen(torch.from_numpy(np.stack([ink for _, ink in made])) / 255))
    return torch.tensor(digits), torch.cat(seen)


def _parts(count: int) -> list[int]:
    return [min(_AT_ONCE, count - start) for start in range(0, count, _AT_ONCE)]


def _seen(ink: Tensor) -> Tensor:
    """Ink on the field, 0 to 1, as the network gets it: uint8 (N, 28, 28)."""
    return (as_seen(ink) * 255).round().to(torch.uint8)


def _bends(count: int, random: Random) -> Tensor:
    """Where to look for each pixel of (count, 112, 112), for `grid_sample`: an affine map and a gentle wave."""
    turn, lean = random.normal(0, 0.13, count), random.normal(0, 0.2, count)
    wide, zero = np.exp(random.normal(0, 0.16, count)), np.zeros(count)
    rows = np.stack([np.cos(turn) / wide, np.sin(turn) + lean, zero, -np.sin(turn), np.cos(turn), zero], 1)
    affine = torch.from_numpy(rows * _ROOM).float().view(count, 2, 3)
    grid = F.affine_grid(affine, [count, 1, FIELD_PX, FIELD_PX], align_corners=False)
    coarse = random.normal(0, 1, (count, 2, 5, 5)) * random.uniform(0, 0.055, (count, 1, 1, 1))
    wave = F.interpolate(torch.from_numpy(coarse).float(), size=(FIELD_PX, FIELD_PX), mode="bicubic")
    return grid + wave.permute(0, 2, 3, 1)
