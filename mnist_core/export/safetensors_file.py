"""A model as a safetensors file that says itself what it is."""

import json

from safetensors.torch import save

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.models import Classifier

_LENGTH_BYTES = 8  # a safetensors file begins with the length of its JSON header


def export_safetensors(model: Classifier, recipe: Recipe, card: str = "") -> bytes:
    """The model's numbers, which `training.weights.from_bytes` reads back.

    The file's metadata hold the recipe as JSON (`recipe`), the model card in Markdown (`card`) and the temperature
    (`temperature`).
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    return save(tensors, {"recipe": recipe.to_json(), "temperature": repr(model.temperature), "card": card})


def recipe_in(content: bytes) -> Recipe:
    """The recipe that `export_safetensors` wrote into a file's metadata.

    Raises:
        UserError: `recipe_unreadable` when there is none, `recipe_invalid` when it is not one of ours.
    """
    return Recipe.from_json(metadata_in(content).get("recipe", ""))


def metadata_in(content: bytes) -> dict[str, str]:
    """The texts in the header of a safetensors file; empty when there are none.

    Raises:
        UserError: `checkpoint_unreadable` when this is no safetensors file.
    """
    length = int.from_bytes(content[:_LENGTH_BYTES], "little")
    try:
        header = json.loads(content[_LENGTH_BYTES : _LENGTH_BYTES + length])
        return {str(name): str(text) for name, text in header.get("__metadata__", {}).items()}
    except (ValueError, AttributeError, RecursionError):
        raise UserError(
            "checkpoint_unreadable", "This is not a safetensors file.", "Export the run again, or choose another model."
        ) from None
