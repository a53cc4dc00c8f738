"""Digits that people wrote: drawn from their pen strokes, prepared as a network gets them, and evaluated."""

from collections.abc import Callable, Sequence, Set
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.steps import MNIST_STEPS
from mnist_core.preprocessing.strokes import PEN_PX, Drawing, read_stroke_file
from mnist_core.training.inference import predict_logits, predict_probabilities
from mnist_core.training.models import Classifier

Grey = npt.NDArray[np.uint8]
Shown = Callable[[int, Drawing], bytes | Drawing | Grey]
"""What becomes of drawing number so and so on its way to the program."""


def read_pen_digits(
    strokes: Path,
    pen_px: float = PEN_PX,
    small: bool = False,
    limit: int | None = None,
    shown: Shown = lambda _, drawing: drawing,
    steps: Set[str] = MNIST_STEPS,
) -> tuple[Tensor, Tensor]:
    """What a network sees of the digits of a stroke file, float32 (N, 28, 28), and their labels, int64 (N,).

    Args:
        strokes: The file; see `preprocessing.strokes.read_stroke_file`, also for how digits are drawn.
        pen_px: The width of the pen on a canvas of 280 x 280.
        small: Whether they are drawn at half the size, each somewhere else.
        limit: Only the first so many.
        shown: What is prepared: the drawing itself, or a picture or a file of it.
        steps: How; see `preprocessing.steps`.

    Raises:
        UserError: `strokes_unreadable`.
    """
    images, labels = [], []
    for number, (label, drawing) in enumerate(read_stroke_file(strokes, pen_px=pen_px, limit=limit, small=small)):
        images.append(preprocess(shown(number, drawing), steps).pixels)
        labels.append(label)
    return torch.from_numpy(np.stack(images)), torch.tensor(labels)


def count_misread(model: Classifier, images: Tensor, labels: Tensor) -> int:
    """How many of the images (N, 28, 28) the model does not read as their labels (N,) say."""
    return int((predict_logits(model, images).argmax(dim=1) != labels).sum())


def evaluate_digits(model: Classifier, pixels: npt.NDArray[np.float32], labels: Sequence[int]) -> Evaluation:
    """The model's evaluation on digits (N, 28, 28), 0 to 1, with these labels.

    Raises:
        ValueError: When there are none.
    """
    if not len(labels):
        raise ValueError("no digits")
    probabilities = predict_probabilities(model, torch.from_numpy(np.ascontiguousarray(pixels)))
    return Evaluation(np.asarray(labels, np.int64), probabilities.numpy())
