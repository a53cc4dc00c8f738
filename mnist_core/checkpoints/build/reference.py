"""How the quantiles of `diagnosis.reference` are made: MNIST's training images are measured, nothing is learned."""

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.diagnosis.reference import FILE, MOST_SHAPES, QUANTILES, Reference
from mnist_core.preprocessing.measurements import count_shapes, measure_images
from mnist_core.preprocessing.rotation import framed, measure_rotation

_LEVELS = torch.linspace(0, 1, QUANTILES)


def make_reference() -> Reference:
    """Measure MNIST's training images; takes a minute or two."""
    data = split(load_mnist())
    images, labels = data.train_images.float() / 255, data.train_labels
    averages = torch.stack([framed(images[labels == digit]).mean(dim=0) for digit in range(10)])
    turned = torch.empty(len(labels))
    for digit in range(10):
        turned[labels == digit] = measure_rotation(images[labels == digit], averages[digit])
    counts = torch.tensor([min(count_shapes(image), MOST_SHAPES) for image in images.numpy()])
    shapes = torch.nn.functional.one_hot(counts - 1, MOST_SHAPES).float()
    return Reference(
        _by_class(measure_images(images), labels, _quantiles),
        _by_class(turned[:, None], labels, _quantiles).squeeze(1),
        averages,
        _by_class(shapes, labels, lambda rows: rows.mean(dim=0)),
    )


def _by_class(values: Tensor, labels: Tensor, summary: Callable[[Tensor], Tensor]) -> Tensor:
    """The summary of the values (N, M) of each class, and of all."""
    return torch.stack([*(summary(values[labels == digit]) for digit in range(10)), summary(values)]).contiguous()


def _quantiles(values: Tensor) -> Tensor:
    """(M, 1001) of (N, M)."""
    return torch.quantile(values, _LEVELS, dim=0).T  # which takes at most 16 million values, and these are fewer


def write_reference(file: Path = FILE) -> None:
    """Make the quantiles anew and write them where `load_reference` finds them."""
    made = make_reference()
    # Half precision: a measure has a thousandth of its size to spare, and the file is in every clone.
    save_file({name: getattr(made, name).half().contiguous() for name in Reference.__slots__}, file)
