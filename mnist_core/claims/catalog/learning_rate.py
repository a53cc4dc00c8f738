"""Claim: Too high a learning rate oscillates or diverges, too low a rate learns slowly."""

from mnist_core.claims.arms import learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol, Tuned

_RATES = (1e-4, 1e-3, 1e-2, 0.1, 0.3, 1.0)


def _paced(rate: float) -> Arm:
    recipe = learns_plainly(5_000, optimizer="momentum", learning_rate=rate, epochs=10)
    return Arm(f"rate_{rate:g}".replace(".", "_"), f"Rate {rate:g}", recipe, rate, "Constant rate")


_ARMS = tuple(map(_paced, _RATES))
_BEST = Tuned("best", "The best rate", tuple(arm.key for arm in _ARMS), "rate_0_1")

CLAIM = Claim(
    id="learning_rate",
    title="Learning rate",
    statement="Too high a learning rate oscillates or diverges, too low a rate learns slowly.",
    setup=(
        "A two-layer network learns from 5,000 images for 10 epochs by SGD with momentum 0.9, at a constant rate from "
        "0.0001 to 1. The control is the rate with the lowest validation loss, chosen for each seed."
    ),
    protocol=Protocol(
        source="I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, 2016, section 8.3.1.",
        definition=(
            "A rate oscillates or diverges when the loss of some step is more than twice that of the first, or NaN: "
            "training leads away from where it began. (A network that has died has a calm loss in the end: what counts "
            "is how it came there.) It learns slowly when it takes more epochs to a validation accuracy of 90 %."
        ),
        smallest="A quarter of the runs in which the loss rises; one epoch.",
        population=(
            "A two-layer network without normalisation, SGD with momentum, 5,000 images. Where too high begins depends "
            "on all of that."
        ),
    ),
    arms=_ARMS,
    tuned=(_BEST,),
    primary=(
        Comparison("best", "rate_1", "loss_rose", "higher", 0.25, "1 instead of the best rate"),
        Comparison("best", "rate_0_3", "loss_rose", "higher", 0.25, "0.3 instead of the best rate"),
        Comparison("best", "rate_0_0001", "epochs_to_90", "higher", 1, "0.0001 instead of the best rate"),
    ),
    secondary=(
        Comparison("best", "rate_1", "diverged", "higher", 0.25, "1 instead of the best rate"),
        Comparison("best", "rate_1", "test_accuracy", "lower", 0.02, "1 instead of the best rate"),
        Comparison("best", "rate_0_3", "test_accuracy", "lower", 0.02, "0.3 instead of the best rate"),
        Comparison("best", "rate_0_0001", "test_accuracy", "lower", 0.02, "0.0001 instead of the best rate"),
        Comparison("best", "rate_0_01", "test_accuracy", "lower", 0.005, "0.01 instead of the best rate"),
    ),
    figure=FigureSpec("lines", ("test_accuracy", "loss_rose"), "Learning rate", log_x=True),
    demo_link=("train", "model=mlp&optimizer=momentum&learning_rate=1.0&schedule=constant&batch_norm=false&epochs=10"),
    answers={
        ("holds", "holds", "holds"): (
            "Too high a rate makes the loss rise or become NaN; too low a rate takes many more epochs."
        ),
    },
)
