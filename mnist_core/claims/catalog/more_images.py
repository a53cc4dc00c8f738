"""Claim: MNIST is small, and more images make a better model."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol

_IMAGES = (1_000, 2_000, 5_000, 10_000, 20_000)
_SEEN = 60_000


def _arm(images: int) -> Arm:
    return Arm(f"images_{images}", f"{images:,} images", learns(images, epochs=_SEEN // images), images)


def _twice(images: int, metric: str, min_effect: float, where: str) -> Comparison:
    label = f"{2 * images:,} instead of {images:,} images, {where}"
    return Comparison(f"images_{images}", f"images_{2 * images}", metric, "higher", min_effect, label)


CLAIM = Claim(
    id="more_images",
    title="Number of images",
    statement="MNIST is small for how differently people write: more images make a better model.",
    setup=(
        "A small CNN learns from 1,000 to 20,000 images, each number for as many epochs as show it 60,000 images: 60 "
        "epochs of 1,000 images, 3 of 20,000. So the trainings are equally long."
    ),
    protocol=Protocol(
        source=(
            "Often given as a reason in answers to why a model that does well on MNIST fails on one's own digits: "
            "MNIST is small relative to the variety of handwriting."
        ),
        definition=(
            "It is too small when twice as many images make a better model: on MNIST's test images, and on test digits "
            "that are drawn smaller and off the middle, as people draw them on a canvas."
        ),
        smallest=(
            "0.3 points on the test images, about as much as two good recipes differ; 2 points on drawings, where far "
            "more is at stake."
        ),
        population=(
            "One small CNN, 60,000 images shown, without augmentation, up to 20,000 different images. How much more "
            "than MNIST's own 60,000 would give cannot be measured with MNIST."
        ),
    ),
    arms=tuple(map(_arm, _IMAGES)),
    primary=(
        _twice(1_000, "test_accuracy", 0.003, "on the test images"),
        _twice(10_000, "test_accuracy", 0.003, "on the test images"),
        _twice(1_000, "drawn_accuracy", 0.02, "on drawings"),
        _twice(10_000, "drawn_accuracy", 0.02, "on drawings"),
    ),
    secondary=(
        Comparison(
            "images_1000", "images_20000", "drawn_accuracy", "higher", 0.02, "20,000 instead of 1,000, on drawings"
        ),
        Comparison("images_1000", "images_20000", "gap", "lower", 0.003, "20,000 instead of 1,000, the gap"),
    ),
    figure=FigureSpec("lines", ("test_accuracy", "drawn_accuracy"), "Training images", log_x=True),
    demo_link=("train", "train_images=1000&epochs=60"),
    answers={
        ("holds", "does_not_hold", "holds", "undecided"): (
            "With 1,000 images, twice as many make a much better model; with 10,000, hardly on MNIST's own test "
            "images, and whether they help as much as matters on drawings stays open."
        ),
    },
)
