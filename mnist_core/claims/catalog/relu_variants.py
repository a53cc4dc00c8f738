"""Claim: Variants of ReLU do better than ReLU."""

from mnist_core.activations import ACTIVATIONS
from mnist_core.claims.arms import learns, learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol

_VARIANTS = ("leaky_relu", "elu", "gelu")


def _with(activation: str) -> Arm:
    return Arm(
        activation, f"Small CNN, {ACTIVATIONS[activation].label}", learns(5_000, epochs=4, activation=activation)
    )


def _deep(activation: str) -> Arm:
    recipe = learns_plainly(5_000, epochs=5, extra_layers=8, activation=activation)
    return Arm(f"deep_{activation}", f"Ten layers, {ACTIVATIONS[activation].label}", recipe)


CLAIM = Claim(
    id="relu_variants",
    title="Variants of ReLU",
    statement="Variants of ReLU do better than ReLU.",
    setup=(
        "A small CNN learns from 5,000 images for 4 epochs, with ReLU, leaky ReLU, ELU or GELU. Beside it, a network "
        "of ten hidden layers without normalisation, where ReLU has trouble."
    ),
    protocol=Protocol(
        source=(
            "D. Clevert, T. Unterthiner and S. Hochreiter, *ELUs*, 2016; D. Hendrycks and K. Gimpel, *GELUs*, 2016; as "
            "advice, *try leaky ReLU or ELU when ReLU units die*."
        ),
        definition="Better is a higher test accuracy with nothing else changed.",
        smallest="0.3 points: 30 of the 10,000 test images, about as much as two good recipes differ.",
        population="A small CNN with batch normalisation, as people train on MNIST; 5,000 images, one learning rate.",
    ),
    arms=tuple(make(activation) for make in (_with, _deep) for activation in ("relu", *_VARIANTS)),
    primary=tuple(
        Comparison("relu", variant, "test_accuracy", "higher", 0.003, f"{ACTIVATIONS[variant].label} instead of ReLU")
        for variant in _VARIANTS
    ),
    secondary=tuple(
        Comparison(
            "deep_relu", f"deep_{variant}", "test_accuracy", "higher", 0.003,
            f"{ACTIVATIONS[variant].label} instead of ReLU, ten layers",
        )
        for variant in _VARIANTS
    ),
    figure=FigureSpec("forest", ("test_accuracy",)),
    demo_link=("train", "activation=leaky_relu&train_images=5000&epochs=4"),
    answers={
        ("does_not_hold", "does_not_hold", "does_not_hold"): (
            "No: leaky ReLU and GELU do as well as ReLU here, and ELU rather worse."
        ),
    },
)  # fmt: skip
