"""Claim: StandardScaler improves performance and robustness."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol
from mnist_core.fields import Value

_MODELS: dict[str, tuple[str, dict[str, Value]]] = {
    "linear": ("Linear", {"model": "linear"}),
    "mlp": ("Two-layer network", {"model": "mlp"}),
    "cnn": ("Small CNN", {}),
}
_SCALED = {"unit": "0 to 1", "per_pixel": "each pixel separately"}


def _arm(model: str, scaling: str) -> Arm:
    title, settings = _MODELS[model]
    return Arm(
        f"{model}_{scaling}", f"{title}, {_SCALED[scaling]}", learns(5_000, epochs=4, scaling=scaling, **settings)
    )


def _scaled(metric: str, min_effect: float) -> tuple[Comparison, ...]:
    return tuple(
        Comparison(f"{model}_unit", f"{model}_per_pixel", metric, "higher", min_effect, f"StandardScaler, {title}")
        for model, (title, _) in _MODELS.items()
    )


CLAIM = Claim(
    id="standard_scaler",
    title="StandardScaler",
    statement="StandardScaler improves performance and robustness.",
    setup=(
        "A linear model, a two-layer network and a small CNN learn from 5,000 images for 4 epochs: with pixels from 0 "
        "to 1, or each pixel scaled separately to mean 0 and deviation 1, as scikit-learn's StandardScaler does."
    ),
    protocol=Protocol(
        source="Said of data preparation in general, and of MNIST in particular: scale with StandardScaler first.",
        definition=(
            "Performance is accuracy on the test images; robustness is accuracy on the same digits shifted by 3 pixels."
        ),
        smallest="0.3 points on the test images, 2 points on shifted digits.",
        population=(
            "Three models with the learning rate they usually have, 5,000 images, against pixels from 0 to 1. Support "
            "vector machines are in *StandardScaler and SVC*."
        ),
    ),
    arms=tuple(_arm(model, scaling) for model in _MODELS for scaling in _SCALED),
    primary=(*_scaled("test_accuracy", 0.003), *_scaled("moved_accuracy", 0.02)),
    figure=FigureSpec("forest", ("test_accuracy", "moved_accuracy")),
    demo_link=("train", "scaling=per_pixel&train_images=5000&epochs=4"),
    answers={
        ("does_not_hold", "does_not_hold", "does_not_hold", "does_not_hold", "does_not_hold", "does_not_hold"): (
            "No: with each pixel scaled separately, all three models do worse, on the test images and on shifted ones."
        ),
    },
)
