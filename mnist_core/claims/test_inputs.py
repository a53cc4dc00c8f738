"""What the arms of an experiment are shown: test digits as they are, damaged, prepared or drawn, and letters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Generator, Tensor

from mnist_core.claims.claim import TestInputs
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import DataSplits
from mnist_core.diagnosis.outlier_exposure import as_seen, letter
from mnist_core.preprocessing.pipeline import normalise_to_mnist, preprocess
from mnist_core.preprocessing.steps import MNIST_STEPS, RAW
from mnist_core.preprocessing.strokes import CANVAS_PX

DRAWN = 500
"""How many digits are drawn, and how many letters."""

BROKEN_SHARE = 0.02
"""Of the pixels of an image, how many are broken; a broken one has any level from -1,000 to 1,000."""

_WORST_LEVEL = 1_000
_INK_PX = slice(4, 24)  # of a test image: the box of 20x20 pixels that MNIST's digits were fitted to
_MIDDLE_PX = 200  # the side of the box that a digit of the usual size fills on the canvas


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Images that a model is asked about.

    Attributes:
        images: float32 (N, 28, 28), 0 paper to 1 ink; beyond that where pixels are broken.
        labels: What they are, int64 (N,); None of what is no digit.
    """

    images: Tensor
    labels: Tensor | None


def inputs_for(name: TestInputs, data: DataSplits, seed: int) -> Inputs:
    """The images of that name; the seed decides where chance has a part, the data what the test images are."""
    if name in _OF_THE_TEST:
        return Inputs(_OF_THE_TEST[name](data.test_images, seed), data.test_labels)
    return letters(seed) if name == "letters" else drawn_small(seed, name == "drawn_prepared")


def broken(images: Tensor, seed: int) -> Tensor:
    """Grey levels, float32 (N, 28, 28), of images uint8, of which a share is broken; see `BROKEN_SHARE`."""
    generator = Generator().manual_seed(seed)
    is_broken = torch.rand(images.shape, generator=generator) < BROKEN_SHARE
    wild = (torch.rand(images.shape, generator=generator) * 2 - 1) * _WORST_LEVEL
    return torch.where(is_broken, wild, images.float())


def centred(images: Tensor) -> Tensor:
    """Images uint8 (N, 28, 28), fitted and centred by mass as MNIST was: float32, 0 to 1."""
    return torch.from_numpy(np.stack([normalise_to_mnist(image) for image in images.float().div(255).numpy()]))


_OF_THE_TEST: dict[str, Callable[[Tensor, int], Tensor]] = {
    "test": lambda images, _: images.float() / 255,
    "clipped": lambda images, _: images.float().clamp(0, 255) / 255,
    "broken": lambda images, seed: broken(images, seed) / 255,
    "broken_clipped": lambda images, seed: broken(images, seed).clamp(0, 255) / 255,
    "centred": lambda images, _: centred(images),
}


@lru_cache(maxsize=2)
def letters(seed: int) -> Inputs:
    """Letters in many hands, none with a digit's shape, prepared as MNIST was."""
    random = np.random.default_rng([seed, 26])
    ink = np.stack([letter(random) for _ in range(DRAWN)])
    return Inputs(as_seen(torch.from_numpy(ink).float() / 255), None)


@lru_cache(maxsize=6)
def drawn(seed: int, is_prepared: bool, sizes: tuple[float, float], reach_px: float) -> Inputs:
    """Test digits drawn on a canvas, prepared as MNIST was, or only resized.

    Args:
        seed: Which digits, how large and where.
        is_prepared: Whether they are prepared.
        sizes: The least and the most of the usual size.
        reach_px: How far off the middle of the canvas they are at most, to either side.
    """
    mnist = load_mnist()
    random = np.random.default_rng([seed, 28])
    chosen = random.choice(len(mnist.test_labels), DRAWN, replace=False)
    steps = MNIST_STEPS if is_prepared else RAW
    seen = []
    for image in mnist.test_images[torch.from_numpy(chosen)].numpy():
        picture = on_canvas(image, round(_MIDDLE_PX * random.uniform(*sizes)), reach_px, random)
        seen.append(preprocess(picture, steps).pixels)
    return Inputs(torch.from_numpy(np.stack(seen)), mnist.test_labels[torch.from_numpy(chosen)])


# At half the usual size, anywhere on the canvas; and at 60 % to 100 % of it near the middle, only resized.
drawn_small = partial(drawn, sizes=(0.5, 0.5), reach_px=CANVAS_PX / 2)
drawn_carelessly = partial(drawn, is_prepared=False, sizes=(0.6, 1.0), reach_px=30)


def on_canvas(
    image: npt.NDArray[np.uint8], side_px: int, reach_px: float, random: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """A test image (28, 28) whose box of 20x20 becomes one of that side on an empty canvas: uint8, square.

    Its middle is up to `reach_px` away from the canvas' middle, right or left and up or down, as far as it fits.
    """
    large = Image.fromarray(image[_INK_PX, _INK_PX]).resize((side_px, side_px), Image.Resampling.BICUBIC)
    room_px = min(reach_px, (CANVAS_PX - side_px) / 2)
    left, top = (round((CANVAS_PX - side_px) / 2 + random.uniform(-room_px, room_px)) for _ in range(2))
    canvas = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    canvas[top : top + side_px, left : left + side_px] = np.asarray(large)
    return canvas
