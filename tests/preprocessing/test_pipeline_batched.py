import numpy as np
import pytest
import torch

from mnist_core.data.mnist_files import load_mnist
from mnist_core.imaging.boxes import boxes, centers_of_mass
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.pipeline_batched import VariantBatch, preprocess_batch
from mnist_core.preprocessing.steps import MNIST_STEPS, RAW


def enlarged(index: int) -> np.ndarray:
    """A test image on a 280 px canvas, a little off the middle."""
    return np.pad(load_mnist().test_images[index].numpy().repeat(8, 0).repeat(8, 1), ((10, 46), (40, 16)))


@pytest.mark.parametrize(
    "steps",
    [MNIST_STEPS, RAW, *(MNIST_STEPS - {name} for name in ("polarity", "contrast", "crop", "keep_aspect", "fit_20x20",
                                                       "antialias", "center"))],
    ids=lambda steps: "without " + ",".join(sorted(MNIST_STEPS - steps)),
)  # fmt: skip
def test_it_is_nearly_the_exact_way(steps) -> None:
    differences = []
    for index in range(12):
        picture = 255 - enlarged(index) if index % 2 else enlarged(index)
        digit = preprocess(picture, steps)
        batch = preprocess_batch(VariantBatch.of(digit, 112), steps)
        differences.append(np.abs(batch.pixels[0].numpy() - digit.pixels).mean())
    assert np.mean(differences) < 0.04


def test_a_blank_picture_has_no_variants() -> None:
    with pytest.raises(ValueError, match="blank"):
        VariantBatch.of(preprocess(np.full((60, 60), 200, np.uint8)))


def test_boxes_and_centres_by_hand() -> None:
    picture = torch.zeros(2, 20, 30)
    picture[0, 4:10, 5:25] = 1.0
    assert boxes(picture).tolist() == [[5, 4, 25, 10], [0, 0, 30, 20]]
    assert centers_of_mass(picture).tolist() == [[15.0, 7.0], [15.0, 10.0]]
