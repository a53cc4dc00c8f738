"""A model's weights as safetensors bytes: plain numbers, checked on the way in, never pickle."""

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from mnist_core.errors import UserError
from mnist_core.recipe import SVM_IMAGES, Recipe
from mnist_core.training.models import Classifier, build
from mnist_core.training.support_vectors import SupportVectors

Tensors = dict[str, torch.Tensor]


def to_bytes(model: Classifier) -> bytes:
    """All parameters and buffers, as a safetensors file."""
    return save({name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()})


def read_tensors(content: bytes, what: str = "The checkpoint is", advice: str = "Train it from the start.") -> Tensors:
    """What a safetensors file holds.

    Args:
        content: The file.
        what: What people call it, with its verb.
        advice: What they can do when it cannot be read.

    Raises:
        UserError: `checkpoint_unreadable` when this is no safetensors file.
    """
    try:
        return load(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        message = f"{what} not a safetensors file ({type(error).__name__})."
        raise UserError("checkpoint_unreadable", message, advice) from None


def shapes_of(tensors: Tensors) -> dict[str, tuple[torch.Size, torch.dtype]]:
    """Of each tensor its shape and type, by its name."""
    return {name: (tensor.shape, tensor.dtype) for name, tensor in tensors.items()}


def from_bytes(recipe: Recipe, content: bytes) -> Classifier:
    """The recipe's model with these weights, in evaluation mode.

    Raises:
        UserError: `checkpoint_unreadable` when this is no safetensors file, `checkpoint_mismatch` when
            names, shapes or types are not those of the recipe's network, `checkpoint_not_finite` when a
            weight is infinite or not a number, or a spread by which pixels are divided is not above 0.
    """
    tensors = read_tensors(content, "The weights are", "Export the run again, or choose another model.")
    model = build(recipe).to(memory_format=torch.channels_last)
    for name, layer in model.named_modules():
        vectors = tensors.get(f"{name}.vectors")
        if isinstance(layer, SupportVectors) and vectors is not None and vectors.ndim:
            layer.allocate(min(len(vectors), SVM_IMAGES))
    if shapes_of(tensors) != shapes_of(model.state_dict()):
        raise UserError(
            "checkpoint_mismatch",
            "The weights do not fit the network that the recipe describes.",
            "Use the recipe that was saved with them.",
        )
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise _not_finite(f"The weights in {name} are not all finite numbers: this model diverged or is damaged.")
    if "pixel_spread" in tensors and not (tensors["pixel_spread"] > 0).all():
        raise _not_finite("The weights hold a standard deviation of pixels that is not above 0.")
    model.load_state_dict(tensors)
    return model.eval()


def _not_finite(message: str) -> UserError:
    return UserError("checkpoint_not_finite", message, "Choose an earlier epoch or another model.")
