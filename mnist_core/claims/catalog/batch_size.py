"""Claim: Large batches generalise worse."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol, Tuned

_WAYS = {
    "small": (32, 6, (0.01, 0.03, 0.1), "Batches of 32, 6 epochs"),
    "as_many_epochs": (512, 6, (0.001, 0.003, 0.01), "Batches of 512, 6 epochs"),
    "as_many_steps": (512, 96, (0.03, 0.1, 0.3), "Batches of 512, 96 epochs"),
}
"""Of each series the batch size, the epochs, learning rates around its best one, and what it is called."""


def _arm(way: str, rate: float) -> Arm:
    batch_size, epochs, _, series = _WAYS[way]
    recipe = learns(1_000, batch_size=batch_size, epochs=epochs, learning_rate=rate)
    return Arm(_key(way, rate), f"{series}, {rate:g}", recipe, rate, series)


def _key(way: str, rate: float) -> str:
    return f"{way}_{rate:g}".replace(".", "_")


def _best(way: str) -> Tuned:
    _, _, rates, series = _WAYS[way]
    keys = tuple(_key(way, rate) for rate in rates)
    return Tuned(way, f"{series}, best rate", keys, keys[1])


CLAIM = Claim(
    id="batch_size",
    title="Batch size",
    statement="Large batches generalise worse.",
    setup=(
        "A small CNN learns from 1,000 images in batches of 32 for 6 epochs, in batches of 512 for as many epochs, and "
        "in batches of 512 for 96 epochs, which are about as many steps. Each has the best of three learning rates, "
        "three times apart, for each seed, by the validation loss."
    ),
    protocol=Protocol(
        source=(
            "N. Keskar and others, *On Large-Batch Training for Deep Learning: Generalization Gap and Sharp Minima*, "
            "2017; against it E. Hoffer and others, *Train longer, generalize better*, 2017."
        ),
        definition=(
            "To generalise worse is to misclassify more test images after a training as long as the other one: of as "
            "many epochs, or of as many steps."
        ),
        smallest="0.3 points: 30 of the 10,000 test images, about as much as two good recipes differ.",
        population=(
            "One small CNN, 1,000 training images, the app's usual optimizer and schedule, rates from 0.001 to 0.3. "
            "Batches of thousands on large data sets, where the claim comes from, are another matter."
        ),
    ),
    arms=tuple(_arm(way, rate) for way, (_, _, rates, _) in _WAYS.items() for rate in rates),
    tuned=tuple(map(_best, _WAYS)),
    primary=(
        Comparison("small", "as_many_epochs", "test_accuracy", "lower", 0.003, "512 instead of 32, as many epochs"),
        Comparison("small", "as_many_steps", "test_accuracy", "lower", 0.003, "512 instead of 32, as many steps"),
    ),
    secondary=(
        Comparison("small", "as_many_steps", "gap", "higher", 0.003, "512 instead of 32, as many steps, the gap"),
    ),
    figure=FigureSpec("lines", ("test_accuracy",), "Highest learning rate", log_x=True),
    quick={"train_images": 1_000},
    demo_link=("train", "train_images=1000&batch_size=512&epochs=6&learning_rate=0.01"),
    answers={
        ("holds", "does_not_hold"): (
            "In as many epochs, a large batch does much worse, for it takes few steps; given as many steps, it does as "
            "well."
        ),
    },
)
