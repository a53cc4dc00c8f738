"""What people say of bad MNIST models: all claims that are tested, a file a theme."""

from mnist_core.claims.catalog import augmentation, confidence, data, drawing, model, training, tutorials
from mnist_core.claims.claim import Claim

_ORDER = (
    "no_augmentation", "centring", "faulty_data", "imbalance", "simple_model", "vanishing_gradients", "epochs",
    "learning_rate", "regularisation", "standard_scaler_svm", "clipping", "keras_shear", "confidence",
    "drawing_pipeline", "first_weights", "pixel_scale", "label_smoothing",
)  # fmt: skip

_THEMES = (augmentation, data, model, training, tutorials, confidence, drawing)
_BY_ID = {claim.id: claim for theme in _THEMES for claim in theme.CLAIMS}

CLAIMS: dict[str, Claim] = {claim_id: _BY_ID[claim_id] for claim_id in _ORDER}
"""All claims by their ids, in the order in which they are shown."""
