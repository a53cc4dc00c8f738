"""What people say of bad MNIST models: a file a claim, each with a `CLAIM`; whatever lies here is found."""

from importlib import import_module
from pkgutil import iter_modules

from mnist_core.claims.claim import Claim

ORDER = (
    "no_augmentation", "centring", "faulty_data", "imbalance", "simple_model", "vanishing_gradients", "epochs",
    "learning_rate", "regularisation", "standard_scaler_svm", "clipping", "keras_shear", "confidence",
    "drawing_pipeline", "first_weights", "pixel_scale", "label_smoothing", "rarer_digit", "schedules",
    "relu_variants", "standard_scaler", "batch_size", "elastic", "more_images",
)  # fmt: skip
"""The claims that are shown first; others come after them, by their names."""

_NAMES = dict.fromkeys((*ORDER, *(module.name for module in iter_modules(__path__))))

CLAIMS: dict[str, Claim] = {name: import_module(f"{__name__}.{name}").CLAIM for name in _NAMES}
"""All claims by their ids, which are the names of their files, in the order in which they are shown."""
