"""A model's weights as safetensors bytes: plain numbers, checked on the way in, never pickle."""

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from mnist_core.errors import UserError
from mnist_core.recipe import SVM_IMAGES, Recipe
from mnist_core.training.models import Classifier, build
from mnist_core.training.support_vectors import SupportVectors


def to_bytes(model: Classifier) -> bytes:
    """All parameters and buffers, as a safetensors file."""
    return save({name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()})


def from_bytes(recipe: Recipe, content: bytes) -> Classifier:
    """The recipe's model with these weights, in evaluation mode.

    Raises:
        UserError: `checkpoint_unreadable` when this is no safetensors file, `checkpoint_mismatch` when
            names, shapes or types are not those of the recipe's network, `checkpoint_not_finite` when a
            weight is infinite or not a number, or a spread by which pixels are divided is not above 0.
    """
    try:
        tensors = load(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            "checkpoint_unreadable",
            f"The weights are not a safetensors file ({type(error).__name__}).",
            "Export the run again, or choose another model.",
        ) from None
    model = build(recipe).to(memory_format=torch.channels_last)
    _make_room(model, tensors)
    _check(tensors, model.state_dict())
    _check_spread(tensors.get("pixel_spread"))
    model.load_state_dict(tensors)
    return model.eval()


def _make_room(model: Classifier, tensors: dict[str, torch.Tensor]) -> None:
    """Let a support vector machine have as many vectors as the file brings, up to what a machine may have."""
    for name, layer in model.named_modules():
        vectors = tensors.get(f"{name}.vectors")
        if isinstance(layer, SupportVectors) and vectors is not None and vectors.ndim:
            layer.allocate(min(len(vectors), SVM_IMAGES))


def _check(tensors: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> None:
    if _shapes(tensors) != _shapes(expected):
        raise UserError(
            "checkpoint_mismatch",
            "The weights do not fit the network that the recipe describes.",
            "Use the recipe that was saved with them.",
        )
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise UserError(
                "checkpoint_not_finite",
                f"The weights in {name} are not all finite numbers: this model diverged or is damaged.",
                "Choose an earlier epoch or another model.",
            )


def _check_spread(spread: torch.Tensor | None) -> None:
    if spread is not None and not (spread > 0).all():
        raise UserError(
            "checkpoint_not_finite",
            "The weights hold a standard deviation of pixels that is not above 0.",
            "Choose an earlier epoch or another model.",
        )


def _shapes(tensors: dict[str, torch.Tensor]) -> dict[str, tuple[torch.Size, torch.dtype]]:
    return {name: (tensor.shape, tensor.dtype) for name, tensor in tensors.items()}
