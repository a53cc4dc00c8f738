"""Which pixels make a model say what it says.

Every method answers with a signed picture: above 0 where the pixels speak for the class that is asked about, below
0 where they speak against it. What is explained is the class's score, its logit; or, for "why this rather than
that", the difference of two scores, which is the logarithm of how much likelier the one is than the other.

The baseline is empty paper as MNIST has it, all 0: it is what a digit is drawn on, so what is explained is the ink,
and a picture of nothing is the natural picture that speaks for no class. Paper that is not black counts as ink
then, as it does to the model.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mnist_core.errors import UserError
from mnist_core.training.inference import as_input
from mnist_core.training.models import Classifier

Heat = npt.NDArray[np.float32]

PATCH_PX = 4
"""The side of the patch that is slid over the picture: about one and a half strokes of MNIST's pen."""

STRIDE_PX = 2
"""How far the patch moves at a time: a pixel has up to four patches over it, and gets their mean."""

PATH_STEPS = 128
"""Places on the way from empty paper to the digit at which gradients are taken, spaced by Gauss and Legendre.

The pixels of 12 test digits, asked two questions each, summed to the change of the default model's score within 0.08
on average and 0.25 at most; with 64 places within 0.30 and 0.66.
"""

_PATH_BATCH = 32  # of them at once: no more than the processor's cache holds of the larger networks
_PATCH_BATCH = 64
_MOST_MISSING = 0.2  # of the score's change: with more of it unaccounted for, the pixels would tell a tale


@dataclass(frozen=True, slots=True)
class Method:
    """One way to ask which pixels matter.

    Attributes:
        name: Its name in code.
        title: Its name for people.
        help: What it does, in plain words.
    """

    name: str
    title: str
    help: str


METHODS = (
    Method(
        "gradients",
        "Pixel by pixel",
        "Integrated gradients: the digit fades in from empty paper, and each pixel is credited with what it adds to "
        "the score on the way. All pixels together make up the change of the score. Only pixels with ink can count.",
    ),
    Method(
        "cover",
        "Cover with paper",
        f"Occlusion: a patch of {PATCH_PX} x {PATCH_PX} empty pixels slides over the digit. Where the score falls when "
        "it is covered, the ink speaks for the digit; where it rises, against it.",
    ),
    Method(
        "ink",
        "Cover with ink",
        f"A patch of {PATCH_PX} x {PATCH_PX} pixels full of ink slides over the digit. Where the score falls, that "
        "place must stay as it is for this digit; where it rises, ink is missing there. The other two ways cannot see "
        "missing ink.",
    ),
)


def attribute(
    model: Classifier, pixels: Heat, digit: int, rather_than: int | None = None, method: str = "gradients"
) -> Heat:
    """What each pixel says for or against a digit, float32 (28, 28), in units of the score.

    Args:
        model: Which model to ask.
        pixels: What it sees, float32 (28, 28), as `Preprocessed.pixels`.
        digit: The class that is asked about, 0 to 9.
        rather_than: Another class: what speaks for `digit` and against this one. None: `digit` by itself.
        method: One of `METHODS`. `gradients` is Sundararajan et al., *Axiomatic Attribution for Deep Networks*, 2017;
            it sums to the score of the picture less that of empty paper. `cover` and `ink` are Zeiler and Fergus,
            *Visualizing and Understanding Convolutional Networks*, 2014.

    Raises:
        UserError: `no_gradients` when the model has none and the method needs them; `answer_not_finite` when the
            model answers with numbers that are none.
        ValueError: For a method that does not exist.
    """
    if method not in _METHODS:
        raise ValueError(f"unknown method {method!r}, there are {', '.join(_METHODS)}")
    with in_evaluation_mode(model):
        image = as_input(torch.from_numpy(pixels).unsqueeze(0).to(model.device))
        values = _METHODS[method](_score_of(model, digit, rather_than), image)
    heat: Heat = values.detach().cpu().reshape(pixels.shape).numpy().astype(np.float32)
    if not np.isfinite(heat).all():
        raise UserError(
            "answer_not_finite", "The model's output is not a number (NaN).", "Choose another model, or train it again."
        )
    return heat


@contextmanager
def in_evaluation_mode(model: Classifier) -> Iterator[None]:
    """The model answers without dropout meanwhile, and is left in the mode it was in."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)


def _score_of(model: Classifier, digit: int, rather_than: int | None) -> Callable[[Tensor], Tensor]:
    def answer(images: Tensor) -> Tensor:
        logits: Tensor = model(images)
        return logits[:, digit] if rather_than is None else logits[:, digit] - logits[:, rather_than]

    return answer


def _integrated(answer: Callable[[Tensor], Tensor], image: Tensor) -> Tensor:
    from captum.attr import IntegratedGradients  # here, because captum takes a second to load

    with torch.enable_grad():
        if not answer(image.clone().requires_grad_()).requires_grad:
            raise _no_gradients()
        values: Tensor = IntegratedGradients(answer).attribute(  # type: ignore[has-type]
            image, baselines=0.0, n_steps=PATH_STEPS, internal_batch_size=_PATH_BATCH
        )
    with torch.no_grad():
        change = float(answer(image) - answer(torch.zeros_like(image)))
    missing = abs(float(values.sum()) - change)
    # A support vector machine counts votes: its score jumps, and gradients see nothing of a jump.
    if missing > _MOST_MISSING * max(abs(change), float(values.abs().sum())):
        raise _no_gradients()
    return values


def _no_gradients() -> UserError:
    return UserError(
        "no_gradients",
        "This model's score changes in jumps, so it cannot be attributed to single pixels.",
        "Cover parts of the digit instead.",
    )


def _covered(answer: Callable[[Tensor], Tensor], image: Tensor, level: float) -> Tensor:
    from captum.attr import Occlusion

    with torch.no_grad():
        values: Tensor = Occlusion(answer).attribute(
            image,
            sliding_window_shapes=(1, PATCH_PX, PATCH_PX),
            strides=(1, STRIDE_PX, STRIDE_PX),
            baselines=level,
            perturbations_per_eval=_PATCH_BATCH,
        )
    return values


_METHODS: dict[str, Callable[[Callable[[Tensor], Tensor], Tensor], Tensor]] = {
    "gradients": _integrated,
    "cover": lambda answer, image: _covered(answer, image, 0.0),
    "ink": lambda answer, image: _covered(answer, image, max(1.0, float(image.max()))),
}
