"""Probes of a network while it trains: its inside after a step, and its predictions after an epoch.

A probe draws no random number and changes no weight: a run that is probed is the same run.
"""

from contextlib import ExitStack
from functools import partial

import numpy as np
import numpy.typing as npt
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from mnist_core.activations import ACTIVATIONS
from mnist_core.data.splits import DataSplits, evenly_spaced
from mnist_core.errors import UserError
from mnist_core.training.events import EpochCheck, ProbeResult
from mnist_core.training.inference import predict_logits, predict_probabilities
from mnist_core.training.models import CLASSES, SIDE, Classifier, named_activations, named_layers

PROBE_IMAGES = 256
"""How many validation images the activations are watched on."""

SAMPLE_IMAGES = 2_000
"""How many training images are predicted again after an epoch, at most."""

HISTOGRAM_PARTS = 40
FILTERS = 32

_MOST_PROBES = 40  # evenly spread over a run, beside the first ones
_LEAST_PROBES = 12
_SHARE = 0.05  # of a run's time that probes may take
_PASSES_A_STEP = 3  # a step has one forward pass, and a backward pass that costs two more
_SATURATED = 0.01  # of the way between an activation's bounds
_HALF_MAX = 6e4  # a half-precision number goes up to 65,504


def probe_steps(steps: int, steps_an_epoch: int, batch_size: int) -> frozenset[int]:
    """After which of a run's steps, 1 to `steps`, to probe: the same ones for the same recipe.

    The first ones double (1, 2, 4, 8, ...), since most happens early; then some evenly spread over the run, as many
    as take a small share of its time; and the last of each epoch.
    """
    affordable = int(_SHARE * _PASSES_A_STEP * batch_size * steps / PROBE_IMAGES)
    first = [2**power for power in range(steps.bit_length()) if 2**power <= steps]
    spread = min(_MOST_PROBES, max(_LEAST_PROBES, affordable - len(first)))
    evenly = [round(steps * (place + 1) / spread) for place in range(spread)]
    ends = range(steps_an_epoch, steps + 1, steps_an_epoch)
    return frozenset({*first, *(step for step in evenly if step), *ends})


class TrainingProbe:
    """Measures what is inside a network while it trains.

    Args:
        model: The network.
        data: What it is trained with; its units are watched on some validation images.
        drawing: A picture (28, 28) to track, float32 0 paper to 1 ink or uint8 0 to 255; None tracks none.

    Raises:
        UserError: `drawing_invalid` when the drawing is no such picture.
    """

    def __init__(self, model: Classifier, data: DataSplits, drawing: npt.NDArray[np.float32] | None = None) -> None:
        self._model = model
        images = data.validation_images
        self._probe = images[evenly_spaced(len(images), PROBE_IMAGES)]
        self._drawing = None if drawing is None else _as_picture(drawing)

    def probe(self, step: int, epoch: float, gradients: dict[str, float]) -> ProbeResult | None:
        """What is inside after this step, whose gradient norms were these; None when some of it is no number."""
        limits, counts = weight_histograms(self._model)
        if not np.isfinite([*limits.values(), *gradients.values()]).all():
            return None
        filters = first_filters(self._model)
        return ProbeResult(
            step=step,
            epoch=epoch,
            gradient_norms=gradients,
            dead_units=dead_units(self._model, self._probe),
            weight_limits=limits,
            weight_counts=counts,
            filters=filters.clamp(-_HALF_MAX, _HALF_MAX).numpy().astype("<f2").tobytes(),
            filters_shape=list(filters.shape),
            drawing=[] if self._drawing is None else predict_probabilities(self._model, self._drawing)[0].tolist(),
        )


def gradient_norms(model: Classifier) -> dict[str, float]:
    """Of each layer with weights, the length of its weights' gradient."""
    return {name: float(layer.weight.grad.norm()) for name, layer in named_layers(model).items()}  # type: ignore[union-attr]


def dead_units(model: Classifier, images: Tensor) -> dict[str, float]:
    """Of each activation, the share of units that did nothing for any image uint8 (N, 28, 28).

    A unit of the ReLU family does nothing where it is not above 0; one of tanh or sigmoid where it is within a
    hundredth of the way to one of its bounds. A unit of a convolution is a channel. An identity has no dead units.
    """
    lived: dict[str, Tensor] = {}

    def watch(name: str, activation: nn.Module, _: tuple[Tensor, ...], output: Tensor) -> None:
        by_unit = _is_ever_active(activation, output)
        lived[name] = lived[name] | by_unit if name in lived else by_unit

    with ExitStack() as hooks:
        for name, layer in named_activations(model).items():
            if not isinstance(layer, nn.Identity):
                hooks.enter_context(layer.register_forward_hook(partial(watch, name)))
        predict_logits(model, images)
    return {name: float((~units).double().mean()) for name, units in lived.items()}


def _is_ever_active(activation: nn.Module, output: Tensor) -> Tensor:
    """Which units (U,) do something for any of the images, given their values (N, U, ...)."""
    others = [dim for dim in range(output.ndim) if dim != 1]
    # The largest and the smallest are found in a twentieth of the time that `any` takes.
    bounds = next(each.bounds for each in ACTIVATIONS.values() if each.module == type(activation).__name__)
    if bounds is None:
        return output.amax(dim=others) > 0
    low, high = bounds
    reach = (0.5 - _SATURATED) * (high - low)
    return (output - (low + high) / 2).abs().amin(dim=others) < reach


def weight_histograms(model: Classifier) -> tuple[dict[str, float], dict[str, list[int]]]:
    """Of each layer with weights, the largest size of a weight, and how many lie in each part up to that size.

    The `HISTOGRAM_PARTS` equal parts run from minus that size to plus that size; 1 where all weights are 0. A layer
    with a weight that is no number has no counts.
    """
    limits, counts = {}, {}
    for name, layer in named_layers(model).items():
        weights = layer.weight.detach().float().cpu().flatten()
        limit = float(weights.abs().max()) or 1.0
        limits[name] = limit
        counts[name] = weights.histc(HISTOGRAM_PARTS, -limit, limit).long().tolist() if np.isfinite(limit) else []
    return limits, counts


def first_filters(model: Classifier) -> Tensor:
    """The first layer's filters float32 (N, H, W), at most `FILTERS`; of a dense layer, the weights of each pixel."""
    weights = next(iter(named_layers(model).values())).weight.detach().float().cpu()[:FILTERS]
    return weights[:, 0] if weights.ndim > 2 else weights.view(-1, SIDE, SIDE)


def check(
    model: Classifier,
    data: DataSplits,
    validation_logits: Tensor,
    epoch: int,
    step: int,
    kernel_median: float | None = None,
) -> EpochCheck:
    """What the model makes of validation images, (N, 10) logits, and of a sample of its training images."""
    images, labels = sample_of(data)
    logits = predict_logits(model, images)
    likeliest = logits.softmax(dim=1).max(dim=1)
    is_right = likeliest.indices == labels
    return EpochCheck(
        epoch=epoch,
        step=step,
        confusion=confusion(data.validation_labels, validation_logits.argmax(dim=1)),
        training_loss=float(F.cross_entropy(logits, labels)),
        training_accuracy=float(is_right.double().mean()),
        contradicted=float((~is_right & (likeliest.values > 0.5)).double().mean()),
        images=len(labels),
        kernel_median=kernel_median,
    )


def sample_of(data: DataSplits) -> tuple[Tensor, Tensor]:
    """The training images uint8 (N, 28, 28) and labels (N,) that are predicted again: at most `SAMPLE_IMAGES`."""
    # Not evenly spaced: training images may be in an order.
    order = torch.randperm(len(data.train_labels), generator=Generator().manual_seed(0))
    chosen = order[:SAMPLE_IMAGES]
    return data.train_images[chosen], data.train_labels[chosen]


def confusion(labels: Tensor, predicted: Tensor) -> list[list[int]]:
    """Counts by true digit (row) and predicted digit (column) of digits (N,), 10 x 10."""
    counts: list[list[int]] = (
        torch.bincount(labels * CLASSES + predicted, minlength=CLASSES**2).view(CLASSES, -1).tolist()
    )
    return counts


def _as_picture(drawing: npt.NDArray[np.float32]) -> Tensor:
    picture = torch.from_numpy(np.ascontiguousarray(drawing)) if isinstance(drawing, np.ndarray) else None
    if picture is None or picture.shape != (SIDE, SIDE) or not torch.isfinite(picture).all():
        raise UserError("drawing_invalid", "The drawing to track is not a picture of 28x28 pixels.", "Draw it again.")
    return (picture if picture.dtype == torch.uint8 else picture.float()).unsqueeze(0)
