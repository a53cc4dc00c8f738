"""Which settings a recipe does not use, and why: their controls cannot be moved."""

from collections.abc import Callable, Collection

from mnist_core.recipe import CONVOLUTIONAL, FIELDS, Recipe

_WARPS = ("rotation_deg", "shift_x", "shift_y", "shear_deg", "zoom", "elastic_px")
_STEPS = tuple(name for name, field in FIELDS.items() if field.group == "training" and name != "seed")
_LAYERS = ("width", "extra_layers", "activation", "batch_norm", "dense_dropout")

_RULES: tuple[tuple[str, Callable[[Recipe], bool], Collection[str]], ...] = (
    ("There are no wrong labels.", lambda recipe: recipe.label_noise == 0, ("label_noise_kind",)),
    ("There are no outliers.", lambda recipe: recipe.outliers == 0, ("outlier_kind",)),
    (
        "Nothing is rotated, shifted or warped, so no corner needs filling.",
        lambda recipe: not any(getattr(recipe, name) for name in _WARPS),
        ("fill",),
    ),
    ("Only the support vector machine uses this.", lambda recipe: recipe.model != "svm", ("svm_c", "svm_gamma")),
    ("A support vector machine is not a network.", lambda recipe: recipe.model == "svm", ("initialization",)),
    (
        "Linear models and support vector machines have no hidden layers.",
        lambda recipe: recipe.model in ("linear", "svm"),
        _LAYERS,
    ),
    ("This model has no convolutions.", lambda recipe: recipe.model not in CONVOLUTIONAL, ("conv_dropout",)),
    ("A support vector machine is fitted in one go, not in steps.", lambda recipe: recipe.model == "svm", _STEPS),
    (
        "Only SGD with momentum or Nesterov momentum uses this.",
        lambda recipe: recipe.optimizer not in ("momentum", "nesterov"),
        ("momentum",),
    ),
)
"""Why settings are not used, when that is so, and which settings; of several reasons, the first one counts."""


def why_unused(name: str, recipe: Recipe) -> str:
    """Why the recipe does not use that field; empty when it does."""
    return next((reason for reason, is_so, fields in _RULES if name in fields and is_so(recipe)), "")
