"""Which settings a recipe does not use, and why: their controls cannot be moved."""

from collections.abc import Callable

from mnist_core.recipe import CONVOLUTIONAL, FIELDS, Recipe

_NO_LAYERS = "Linear models and support vector machines have no hidden layers."
_NO_STEPS = "A support vector machine is fitted in one go, not in steps."
_NO_NETWORK = "A support vector machine is not a network."
_ONLY_SVM = "Only the support vector machine uses this."
_NO_CONVOLUTIONS = "This model has no convolutions."
_NO_MOMENTUM = "Only SGD with momentum or Nesterov momentum uses this."
_NO_WRONG_LABELS = "There are no wrong labels."
_NO_OUTLIERS = "There are no outliers."
_NOTHING_OPEN = "Nothing is rotated, shifted or warped, so no corner needs filling."

_WARPS = ("rotation_deg", "shift_x", "shift_y", "shear_deg", "zoom", "elastic_px")
_STEPS = tuple(name for name, field in FIELDS.items() if field.group == "training" and name != "seed")

Reason = tuple[str, Callable[[Recipe], bool]]


def _is_svm(recipe: Recipe) -> bool:
    return recipe.model == "svm"


def _is_network(recipe: Recipe) -> bool:
    return recipe.model != "svm"


def _has_no_layers(recipe: Recipe) -> bool:
    return recipe.model in ("linear", "svm")


_UNUSED: dict[str, tuple[Reason, ...]] = {
    "label_noise_kind": ((_NO_WRONG_LABELS, lambda recipe: recipe.label_noise == 0),),
    "outlier_kind": ((_NO_OUTLIERS, lambda recipe: recipe.outliers == 0),),
    "fill": ((_NOTHING_OPEN, lambda recipe: not any(getattr(recipe, name) for name in _WARPS)),),
    "svm_c": ((_ONLY_SVM, _is_network),),
    "svm_gamma": ((_ONLY_SVM, _is_network),),
    "initialization": ((_NO_NETWORK, _is_svm),),
    **dict.fromkeys(
        ("width", "extra_layers", "activation", "batch_norm", "dense_dropout"), ((_NO_LAYERS, _has_no_layers),)
    ),
    "conv_dropout": ((_NO_CONVOLUTIONS, lambda recipe: recipe.model not in CONVOLUTIONAL),),
    **dict.fromkeys(_STEPS, ((_NO_STEPS, _is_svm),)),
    "momentum": (
        (_NO_STEPS, _is_svm),
        (_NO_MOMENTUM, lambda recipe: recipe.optimizer not in ("momentum", "nesterov")),
    ),
}
"""Settings that some recipes do not use: why not, and when."""


def why_unused(name: str, recipe: Recipe) -> str:
    """Why the recipe does not use that field; empty when it does."""
    return next((reason for reason, is_so in _UNUSED.get(name, ()) if is_so(recipe)), "")
