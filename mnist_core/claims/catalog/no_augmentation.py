"""Claim: Without augmentation a model overfits and generalises worse."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol
from mnist_core.fields import Value

_ALL: dict[str, Value] = {"rotation_deg": 15.0, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 15.0, "zoom": 0.2}


CLAIM = Claim(
    id="no_augmentation",
    title="No augmentation",
    statement="Without augmentation a model overfits and generalises worse.",
    setup=(
        "A small CNN learns from 2,000 images for 10 epochs: as they are, rotated, shifted, sheared or zoomed at "
        "random, all of these together, or in ways that harm digits. Arms differ in nothing but the augmentation."
    ),
    protocol=Protocol(
        source=(
            "Often given as a reason in answers to why an MNIST model predicts wrongly; as a method: P. Simard, D. "
            "Steinkraus and J. Platt, *Best Practices for Convolutional Neural Networks Applied to Visual Document "
            "Analysis*, 2003."
        ),
        definition=(
            "To overfit is to do better on the training images than on others; to generalise worse, to misclassify "
            "more images that were not trained on: MNIST's test images, and the same ones shifted by 3 pixels."
        ),
        smallest=(
            "0.3 points on the test images and in the gap, about as much as two good recipes differ; 2 points on "
            "shifted digits, where far more is at stake."
        ),
        population=(
            "One small CNN, 2,000 training images, 10 epochs, usual strengths. It says nothing of 55,000 images, "
            "where less is to be gained."
        ),
    ),
    arms=(
        Arm("none", "None", learns(2_000, epochs=10)),
        Arm("rotation", "Rotated by up to 15°", learns(2_000, epochs=10, rotation_deg=15.0)),
        Arm("shift", "Shifted by up to 10 %", learns(2_000, epochs=10, shift_x=0.1, shift_y=0.1)),
        Arm("shear", "Sheared by up to 15°", learns(2_000, epochs=10, shear_deg=15.0)),
        Arm("zoom", "Zoomed by up to 20 %", learns(2_000, epochs=10, zoom=0.2)),
        Arm("all", "All four", learns(2_000, epochs=10, **_ALL)),
        Arm("flips", "Flipped both ways", learns(2_000, epochs=10, flip="both")),
        Arm("half_turns", "Rotated any way", learns(2_000, epochs=10, rotation_deg=180.0)),
    ),
    primary=(
        Comparison("none", "all", "test_accuracy", "higher", 0.003, "All four together, on the test images"),
        Comparison("none", "all", "gap", "lower", 0.003, "All four together, the gap"),
        Comparison("none", "all", "moved_accuracy", "higher", 0.02, "All four together, on shifted digits"),
    ),
    secondary=(
        Comparison("none", "all", "rotated_accuracy", "higher", 0.02, "All four together, on rotated digits"),
        Comparison("none", "all", "zoomed_accuracy", "higher", 0.02, "All four together, on resized digits"),
        Comparison("none", "all", "drawn_accuracy", "higher", 0.02, "All four together, on drawings"),
        Comparison("none", "rotation", "rotated_accuracy", "higher", 0.02, "Rotation alone, on rotated digits"),
        Comparison("none", "shift", "moved_accuracy", "higher", 0.02, "Shifts alone, on shifted digits"),
        Comparison("none", "zoom", "zoomed_accuracy", "higher", 0.02, "Zoom alone, on resized digits"),
        Comparison("none", "rotation", "test_accuracy", "higher", 0.003, "Rotation alone, on the test images"),
        Comparison("none", "shift", "test_accuracy", "higher", 0.003, "Shifts alone, on the test images"),
        Comparison("none", "shear", "test_accuracy", "higher", 0.003, "Shear alone, on the test images"),
        Comparison("none", "zoom", "test_accuracy", "higher", 0.003, "Zoom alone, on the test images"),
        Comparison("none", "shift", "drawn_accuracy", "higher", 0.02, "Shifts alone, on drawings"),
        Comparison("none", "zoom", "drawn_accuracy", "higher", 0.02, "Zoom alone, on drawings"),
        Comparison("none", "flips", "test_accuracy", "lower", 0.003, "Flips, on the test images"),
        Comparison("none", "half_turns", "test_accuracy", "lower", 0.003, "Rotation any way, on the test images"),
    ),
    figure=FigureSpec(
        "forest", ("test_accuracy", "moved_accuracy", "rotated_accuracy", "zoomed_accuracy", "drawn_accuracy")
    ),
    quick={"epochs": 6},
    demo_link=(
        "train",
        "rotation_deg=15.0&shift_x=0.1&shift_y=0.1&shear_deg=15.0&zoom=0.2&train_images=2000&epochs=10",
    ),
    answers={
        ("holds", "holds", "holds"): (
            "Yes: with augmentation a small data set gives a smaller gap, a better accuracy on the test images, and "
            "a far better one on shifted digits."
        ),
    },
)
