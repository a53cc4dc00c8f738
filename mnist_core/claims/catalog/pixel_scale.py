"""Claim: Unless pixels are scaled to small numbers, a network hardly learns."""

from mnist_core.claims.arms import learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol
from mnist_core.fields import Value


def _scaled(key: str, label: str, **changes: Value) -> Arm:
    sgd: dict[str, Value] = {"optimizer": "momentum", "learning_rate": 0.01}
    return Arm(key, label, learns_plainly(5_000, epochs=5, **{**sgd, **changes}))


CLAIM = Claim(
    id="pixel_scale",
    title="Pixels from 0 to 255",
    statement="Unless pixels are scaled to small numbers, a network hardly learns.",
    setup=(
        "A two-layer network learns from 5,000 images for 5 epochs from pixels that are standardised, from 0 to 1, or "
        "as they are, from 0 to 255: by SGD with momentum at the usual rate of 0.01, by Adam at 0.001, and with batch "
        "normalisation."
    ),
    protocol=Protocol(
        source=(
            "Often given as a reason in answers to why an MNIST model predicts wrongly: inputs must be scaled; Y. "
            "LeCun, L. Bottou, G. Orr and K. Mueller, *Efficient BackProp*, 1998."
        ),
        definition=(
            "Hardly learns is a far lower test accuracy with pixels from 0 to 255 than with pixels from 0 to 1, all "
            "else the same."
        ),
        smallest="5 points: one digit in twenty.",
        population=(
            "A two-layer network, 5,000 images, 5 epochs; SGD with momentum at 0.01 and Adam at 0.001; nothing but the "
            "scale differs."
        ),
    ),
    arms=(
        _scaled("sgd_standardised", "SGD, standardised"),
        _scaled("sgd_unit", "SGD, 0 to 1", scaling="unit"),
        _scaled("sgd_none", "SGD, 0 to 255", scaling="none"),
        _scaled("adam_unit", "Adam, 0 to 1", scaling="unit", optimizer="adam", learning_rate=1e-3),
        _scaled("adam_none", "Adam, 0 to 255", scaling="none", optimizer="adam", learning_rate=1e-3),
        _scaled("normed_unit", "SGD and batch normalisation, 0 to 1", scaling="unit", batch_norm=True),
        _scaled("normed_none", "SGD and batch normalisation, 0 to 255", scaling="none", batch_norm=True),
    ),
    primary=(
        Comparison("sgd_unit", "sgd_none", "test_accuracy", "lower", 0.05, "0 to 255 instead of 0 to 1, SGD"),
        Comparison("adam_unit", "adam_none", "test_accuracy", "lower", 0.05, "0 to 255 instead of 0 to 1, Adam"),
    ),
    secondary=(
        Comparison("normed_unit", "normed_none", "test_accuracy", "lower", 0.05, "0 to 255, normalised batches"),
        Comparison("sgd_unit", "sgd_none", "diverged", "higher", 0.2, "0 to 255, SGD, diverged"),
        Comparison("sgd_unit", "sgd_standardised", "test_accuracy", "higher", 0.005, "Standardised, SGD"),
    ),
    figure=FigureSpec("forest", ("test_accuracy", "training_accuracy")),
    demo_link=("train", "model=mlp&scaling=none&optimizer=momentum&schedule=constant&batch_norm=false&epochs=5"),
    answers={
        ("holds", "does_not_hold"): (
            "It depends on the optimiser: SGD hardly learns from pixels of 0 to 255, while Adam learns from "
            "them no worse than from 0 to 1."
        ),
    },
)
