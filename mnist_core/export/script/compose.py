"""A recipe as a script: its parts, put together from top to bottom."""

import textwrap
from collections.abc import Iterable

from mnist_core.export.script.augmentation import augmentation_part
from mnist_core.export.script.data import data_part
from mnist_core.export.script.lift import Lifted, without_underscores
from mnist_core.export.script.machine import machine_part
from mnist_core.export.script.model import model_part
from mnist_core.export.script.text import WIDTH, Part, imports_for
from mnist_core.export.script.training import training_part
from mnist_core.recipe import Recipe

_TITLES = {
    "linear": "a linear model",
    "mlp": "a two-layer network",
    "quick": "a quick convolutional network",
    "cnn": "a small convolutional network",
    "net": "the usual convolutional network",
    "deep": "a deep convolutional network",
    "svm": "a support vector machine",
}

_HOW_TO = """\
    python {name}                  fetches MNIST first, once
    python {name} --data FOLDER    takes MNIST's four files, unpacked, from there
    python {name} --seed 1         begins with other random numbers"""

_PART_ALIAS = "Part = tuple[Tensor, Tensor]  # images uint8 (N, 28, 28), labels int64 (N,)"


def script_of(recipe: Recipe, name: str = "train.py", notes: Iterable[str] = ()) -> str:
    """The recipe as a Python script that stands alone: it trains the model, tests it and saves its weights.

    It holds the functions that a run uses, as they stand, and with the same seed it draws the same random numbers: the
    same split, the same corruptions, the same first weights, the same order of images.

    Args:
        recipe: What to train.
        name: What the script's file is called; letters, digits, points and dashes.
        notes: What its reader is to know, a sentence each.
    """
    parts = _parts(recipe)
    constants = "\n\n".join("\n".join(map(str, part.constants)) for part in parts if part.constants)
    lifted = Lifted()
    pieces = [piece if isinstance(piece, str) else lifted.lift(piece) for part in parts for piece in part.blocks]
    body = "\n\n\n".join(filter(None, pieces))
    code = without_underscores(f"{constants}\n\n{_PART_ALIAS}\n\n\n{body}\n", lifted.names)
    return f'"""{_about(recipe, name, notes)}\n"""\n\n{imports_for(code, lifted.imports)}\n\n{code}'


def _parts(recipe: Recipe) -> tuple[Part, ...]:
    if recipe.model == "svm":
        return data_part(recipe), augmentation_part(recipe), machine_part(recipe)
    return data_part(recipe), augmentation_part(recipe), model_part(recipe), training_part(recipe)


def _about(recipe: Recipe, name: str, notes: Iterable[str]) -> str:
    needs = "PyTorch, torchvision and scikit-learn" if recipe.model == "svm" else "PyTorch and torchvision"
    written = recipe.to_query() | ({"left_out": "EXCLUDED"} if recipe.left_out else {})
    changed = ", ".join(f"{key}={text}" for key, text in written.items())
    paragraphs = [
        f"Train {_TITLES[recipe.model]} on handwritten digits (MNIST).",
        _filled(f"Digit Clinic wrote this script from a recipe. It needs only {needs}:"),
        _HOW_TO.format(name=name),
        *map(_filled, notes),
        _filled(f"The recipe: {changed}." if changed else "The recipe is the usual one."),
    ]
    return "\n\n".join(paragraphs)


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
