"""Claims about augmentation."""

from mnist_core.claims.catalog.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec
from mnist_core.fields import Value


def _augmented(**ranges: Value) -> dict[str, Value]:
    return {"epochs": 10, **ranges}


_NO_AUGMENTATION = Claim(
    id="no_augmentation",
    title="No augmentation",
    statement="Without augmentation a model overfits and generalises worse.",
    setup=(
        "A small CNN learns from 2,000 images for 10 epochs: as they are, turned, moved, slanted or resized at random, "
        "all of that together, or in ways that harm digits. Arms differ in nothing but the augmentation."
    ),
    arms=(
        Arm("none", "None", learns(2_000, **_augmented())),
        Arm("rotation", "Turned by 15°", learns(2_000, **_augmented(rotation_deg=15.0))),
        Arm("shift", "Moved by 10 %", learns(2_000, **_augmented(shift_x=0.1, shift_y=0.1))),
        Arm("shear", "Slanted by 15°", learns(2_000, **_augmented(shear_deg=15.0))),
        Arm("zoom", "Resized by 20 %", learns(2_000, **_augmented(zoom=0.2))),
        Arm(
            "all", "All four",
            learns(2_000, **_augmented(rotation_deg=15.0, shift_x=0.1, shift_y=0.1, shear_deg=15.0, zoom=0.2)),
        ),
        Arm("flips", "Mirrored both ways", learns(2_000, **_augmented(flip="both"))),
        Arm("half_turns", "Turned any way", learns(2_000, **_augmented(rotation_deg=180.0))),
    ),
    comparisons=(
        Comparison("none", "all", "test_accuracy", "higher", 0.003, "All four together, on the test images"),
        Comparison("none", "all", "gap", "lower", 0.003, "All four together, the gap"),
        Comparison("none", "all", "moved_accuracy", "higher", 0.02, "All four together, on moved digits"),
        Comparison("none", "all", "rotated_accuracy", "higher", 0.02, "All four together, on turned digits", False),
        Comparison("none", "all", "zoomed_accuracy", "higher", 0.02, "All four together, on resized digits", False),
        Comparison("none", "all", "drawn_accuracy", "higher", 0.02, "All four together, on drawings", False),
        Comparison("none", "rotation", "rotated_accuracy", "higher", 0.02, "Turning alone, on turned digits", False),
        Comparison("none", "shift", "moved_accuracy", "higher", 0.02, "Moving alone, on moved digits", False),
        Comparison("none", "zoom", "zoomed_accuracy", "higher", 0.02, "Resizing alone, on resized digits", False),
        Comparison("none", "rotation", "test_accuracy", "higher", 0.003, "Turning alone, on the test images", False),
        Comparison("none", "shift", "test_accuracy", "higher", 0.003, "Moving alone, on the test images", False),
        Comparison("none", "shear", "test_accuracy", "higher", 0.003, "Slanting alone, on the test images", False),
        Comparison("none", "zoom", "test_accuracy", "higher", 0.003, "Resizing alone, on the test images", False),
        Comparison("none", "shift", "drawn_accuracy", "higher", 0.02, "Moving alone, on drawings", False),
        Comparison("none", "zoom", "drawn_accuracy", "higher", 0.02, "Resizing alone, on drawings", False),
        Comparison("none", "flips", "test_accuracy", "lower", 0.003, "Mirroring, on the test images", False),
        Comparison("none", "half_turns", "test_accuracy", "lower", 0.003, "Turning any way, on the test images", False),
    ),
    figure=FigureSpec(
        "bars", ("test_accuracy", "moved_accuracy", "rotated_accuracy", "zoomed_accuracy", "drawn_accuracy")
    ),
    quick={"epochs": 6},
    demo_link=(
        "train",
        "rotation_deg=15.0&shift_x=0.1&shift_y=0.1&shear_deg=15.0&zoom=0.2&train_images=2000&epochs=10",
    ),
)  # fmt: skip


def _slanted(shear_deg: float) -> Arm:
    label = f"{shear_deg:g}°" if shear_deg else "None"
    recipe = learns(5_000, epochs=4, shear_deg=shear_deg)
    return Arm(f"shear_{shear_deg:g}".replace(".", "_"), label, recipe, shear_deg)


_KERAS_SHEAR = Claim(
    id="keras_shear",
    title="Keras' shear_range=0.1",
    statement="Augmenting with Keras' shear_range=0.1 makes a model ready for slanted handwriting.",
    setup=(
        "Keras takes shear_range in degrees. A small CNN learns from 5,000 images for 4 epochs, slanted at random by "
        "up to so many degrees, and reads test digits slanted by 20°. Arms differ in nothing but the angle; 5.7° is "
        "0.1 radians."
    ),
    arms=tuple(_slanted(degrees) for degrees in (0.0, 0.1, 5.7, 10.0, 20.0)),
    comparisons=(
        Comparison("shear_0", "shear_0_1", "slanted_accuracy", "higher", 0.01, "Slanted by up to 0.1°, slanted digits"),
        Comparison(
            "shear_0", "shear_5_7", "slanted_accuracy", "higher", 0.01, "Slanted by up to 5.7°, slanted digits", False
        ),
        Comparison(
            "shear_0", "shear_10", "slanted_accuracy", "higher", 0.01, "Slanted by up to 10°, slanted digits", False
        ),
        Comparison(
            "shear_0", "shear_20", "slanted_accuracy", "higher", 0.01, "Slanted by up to 20°, slanted digits", False
        ),
        Comparison("shear_0", "shear_10", "test_accuracy", "higher", 0.003, "Slanted by up to 10°, test images", False),
    ),
    figure=FigureSpec("lines", ("slanted_accuracy", "test_accuracy"), "Slanted at random by up to … degrees"),
    demo_link=("train", "shear_deg=0.1&train_images=5000&epochs=4"),
)

CLAIMS: tuple[Claim, ...] = (_NO_AUGMENTATION, _KERAS_SHEAR)
"""Of this theme, in any order."""
