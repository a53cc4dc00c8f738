"""Claim: Augmenting with Keras' shear_range=0.1 prepares a model for slanted handwriting."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol


def _slanted(shear_deg: float) -> Arm:
    label = f"{shear_deg:g}°" if shear_deg else "None"
    recipe = learns(5_000, epochs=4, shear_deg=shear_deg)
    return Arm(f"shear_{shear_deg:g}".replace(".", "_"), label, recipe, shear_deg)


CLAIM = Claim(
    id="keras_shear",
    title="Keras' shear_range=0.1",
    statement="Augmenting with Keras' shear_range=0.1 prepares a model for slanted handwriting.",
    setup=(
        "Keras takes shear_range in degrees. A small CNN learns from 5,000 images for 4 epochs, sheared at random by "
        "up to so many degrees, and is tested on digits slanted by 20°. Arms differ in nothing but the angle; 5.7° is "
        "0.1 radians."
    ),
    protocol=Protocol(
        source=(
            "Copied from examples for image generators of older versions of Keras, where shear_range was in radians; "
            "in later ones it is in degrees."
        ),
        definition="Prepared for slanted handwriting means a higher accuracy on test digits slanted by 20 degrees.",
        smallest=(
            "1 point of accuracy: 100 of the 10,000 test images, more than the seeds of one recipe usually differ."
        ),
        population="A small CNN, 5,000 images. Other angles are shown beside.",
    ),
    arms=tuple(_slanted(degrees) for degrees in (0.0, 0.1, 5.7, 10.0, 20.0)),
    primary=(Comparison("shear_0", "shear_0_1", "slanted_accuracy", "higher", 0.01, "Up to 0.1°, slanted digits"),),
    secondary=(
        Comparison("shear_0", "shear_5_7", "slanted_accuracy", "higher", 0.01, "Up to 5.7°, slanted digits"),
        Comparison("shear_0", "shear_10", "slanted_accuracy", "higher", 0.01, "Up to 10°, slanted digits"),
        Comparison("shear_0", "shear_20", "slanted_accuracy", "higher", 0.01, "Up to 20°, slanted digits"),
        Comparison("shear_0", "shear_10", "test_accuracy", "higher", 0.003, "Up to 10°, test images"),
    ),
    figure=FigureSpec("lines", ("slanted_accuracy", "test_accuracy"), "Sheared at random by up to … degrees"),
    demo_link=("train", "shear_deg=0.1&train_images=5000&epochs=4"),
    answers={
        ("does_not_hold",): (
            "No: 0.1 is a tenth of a degree there, which does nothing for slanted digits; ten degrees and more do."
        ),
    },
)
