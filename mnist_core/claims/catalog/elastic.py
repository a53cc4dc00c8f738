"""Claim: Elastic distortions are the best augmentation for handwriting."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol, Tuned
from mnist_core.fields import Value

_ELASTIC_PX = (1.0, 2.0, 4.0)
_AFFINE = {"rotation_deg": 15.0, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 15.0, "zoom": 0.2}
_SHARES = (0.5, 1.0)
"""Of the strengths of the affine augmentation, what is tried."""


def _elastic(pixels: float) -> Arm:
    return Arm(f"elastic_{pixels:g}", f"Elastic, {pixels:g} px", learns(2_000, epochs=10, elastic_px=pixels))


def _affine(share: float) -> Arm:
    changes: dict[str, Value] = {name: share * strength for name, strength in _AFFINE.items()}
    percent = f"{share * 100:.0f}"
    return Arm(f"affine_{percent}", f"Affine, {percent} %", learns(2_000, epochs=10, **changes))


CLAIM = Claim(
    id="elastic",
    title="Elastic distortions",
    statement="Elastic distortions are the augmentation that handwriting needs.",
    setup=(
        "A small CNN learns from 2,000 images for 10 epochs: as they are, with elastic distortions of 1, 2 or 4 "
        "pixels, or rotated, shifted, sheared and zoomed (affine) at half or full strength. Both augmentations have "
        "the best strength for each seed, by the validation loss."
    ),
    protocol=Protocol(
        source=(
            "P. Simard, D. Steinkraus and J. Platt, *Best Practices for Convolutional Neural Networks Applied to "
            "Visual Document Analysis*, 2003, whose best networks for MNIST were trained with elastic distortions, "
            "ahead of those with affine ones."
        ),
        definition=(
            "Handwriting needs them when the test accuracy with them is higher than without augmentation, and higher "
            "than with affine augmentation that was chosen as carefully."
        ),
        smallest="0.3 points: 30 of the 10,000 test images, about as much as two good recipes differ.",
        population=(
            "One small CNN, 2,000 training images, 10 epochs. The source has 60,000 images and hundreds of epochs, "
            "where both gains are smaller."
        ),
    ),
    arms=(
        Arm("none", "None", learns(2_000, epochs=10)),
        *map(_elastic, _ELASTIC_PX),
        *map(_affine, _SHARES),
    ),
    tuned=(
        Tuned("elastic", "Elastic, best strength", tuple(f"elastic_{pixels:g}" for pixels in _ELASTIC_PX), "elastic_2"),
        Tuned("affine", "Affine, best strength", ("affine_50", "affine_100"), "affine_50"),
    ),
    primary=(
        Comparison("none", "elastic", "test_accuracy", "higher", 0.003, "Elastic instead of no augmentation"),
        Comparison("affine", "elastic", "test_accuracy", "higher", 0.003, "Elastic instead of affine"),
    ),
    secondary=(
        Comparison("none", "affine", "test_accuracy", "higher", 0.003, "Affine instead of no augmentation"),
        Comparison("none", "elastic", "drawn_accuracy", "higher", 0.02, "Elastic, on drawings"),
        Comparison("affine", "elastic", "drawn_accuracy", "higher", 0.02, "Elastic instead of affine, on drawings"),
    ),
    figure=FigureSpec("forest", ("test_accuracy", "drawn_accuracy")),
    quick={"epochs": 6},
    demo_link=("train", "elastic_px=2.0&train_images=2000&epochs=10"),
    answers={
        ("holds", "does_not_hold"): (
            "Elastic distortions help a small data set about as much as rotating, shifting, shearing and zooming do, "
            "and not more."
        ),
    },
)
