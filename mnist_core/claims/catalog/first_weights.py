"""Claim: Batch normalisation makes up for bad initial weights."""

from mnist_core.claims.arms import learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol


def _begun(weights: str, label: str, normed: bool) -> Arm:
    recipe = learns_plainly(5_000, batch_norm=normed, extra_layers=2, epochs=3, initialization=weights)
    with_norm = "with batch normalisation" if normed else "without batch normalisation"
    return Arm(f"{weights}_normed" if normed else weights, f"{label}, {with_norm}", recipe)


_WEIGHTS = {"kaiming": "Kaiming", "pytorch": "PyTorch's own", "small": "Too small", "large": "Too large"}


CLAIM = Claim(
    id="first_weights",
    title="Bad initial weights",
    statement="Batch normalisation makes up for bad initial weights.",
    setup=(
        "A network of four hidden layers with ReLU learns from 5,000 images for 3 epochs, from initial weights that "
        "fit, that are too small (a deviation of 0.001) or too large (ten times Kaiming's), without and with batch "
        "normalisation."
    ),
    protocol=Protocol(
        source=(
            "S. Ioffe and C. Szegedy, *Batch Normalization*, 2015: it lets one be less careful about initialization."
        ),
        definition=(
            "Made up for is a higher test accuracy with batch normalisation, from the same bad initial weights."
        ),
        smallest="2 points of accuracy.",
        population=(
            "Four hidden layers with ReLU, 5,000 images, 3 epochs; weights with a deviation of 0.001, or ten times "
            "Kaiming's."
        ),
    ),
    arms=tuple(_begun(weights, label, normed) for normed in (False, True) for weights, label in _WEIGHTS.items()),
    primary=(
        Comparison("small", "small_normed", "test_accuracy", "higher", 0.02, "Batch norm, weights too small"),
        Comparison("large", "large_normed", "test_accuracy", "higher", 0.02, "Batch norm, weights too large"),
    ),
    secondary=(
        Comparison("kaiming", "small", "test_accuracy", "lower", 0.02, "Too small, without normalisation"),
        Comparison("kaiming", "large", "test_accuracy", "lower", 0.02, "Too large, without normalisation"),
        Comparison("kaiming_normed", "small_normed", "test_accuracy", "lower", 0.02, "Too small, normalised"),
        Comparison("kaiming_normed", "large_normed", "test_accuracy", "lower", 0.02, "Too large, normalised"),
        Comparison("kaiming", "kaiming_normed", "test_accuracy", "higher", 0.02, "Batch norm, Kaiming"),
    ),
    figure=FigureSpec("forest", ("test_accuracy", "training_accuracy")),
    demo_link=("train", "model=mlp&extra_layers=2&initialization=small&batch_norm=false&train_images=5000&epochs=3"),
    answers={
        ("holds", "does_not_hold"): (
            "Batch normalisation makes up for initial weights that are too small, and not for ones that are too large."
        ),
    },
)
