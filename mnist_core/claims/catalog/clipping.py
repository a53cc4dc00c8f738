"""Claim: Clipping pixels to [0, 255] takes care of MNIST's outliers."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol, TestInputs
from mnist_core.fields import Value


def _clipped(key: str, label: str, pictures: TestInputs, **changes: Value) -> Arm:
    return Arm(key, label, learns(5_000, epochs=4, **changes), test_inputs=pictures)


CLAIM = Claim(
    id="clipping",
    title="Clipping outliers",
    statement="Clipping pixels to [0, 255] takes care of MNIST's outliers.",
    setup=(
        "A small CNN learns from 5,000 images for 4 epochs, 10 % of them images of noise, and is tested on the test "
        "images as they are or clipped to [0, 255]. MNIST's pixels are whole numbers from 0 to 255, so clipping leaves "
        "training images as they are. Then 2 % of the pixels of each test image are broken: they have values from "
        "-1,000 to 1,000."
    ),
    protocol=Protocol(
        source="Said of data preparation: *simple outlier removal (clipping)*.",
        definition=(
            "Outliers are images that do not belong, or pixels out of range. That clipping takes care of them means a "
            "higher accuracy with it."
        ),
        smallest="0.3 points: 30 of the 10,000 test images, about as much as two good recipes differ.",
        population=(
            "A small CNN, 5,000 images, a tenth of them noise. MNIST's pixels are whole numbers from 0 to 255, so the "
            "same holds of any model. Pixels that are out of range are shown beside."
        ),
    ),
    arms=(
        _clipped("outliers", "Noise among the training images", "test", outliers=0.1),
        _clipped("outliers_clipped", "Noise among the training images, clipped", "clipped", outliers=0.1),
        _clipped("clean", "Clean training images", "test"),
        _clipped("broken", "Broken pixels", "broken"),
        _clipped("broken_clipped", "Broken pixels, clipped", "broken_clipped"),
    ),
    primary=(
        Comparison("outliers", "outliers_clipped", "read_accuracy", "higher", 0.003, "Clipping MNIST's own pixels"),
    ),
    secondary=(
        Comparison("outliers", "clean", "read_accuracy", "higher", 0.003, "Without the images of noise"),
        Comparison("broken", "broken_clipped", "read_accuracy", "higher", 0.01, "Clipping broken pixels"),
        Comparison("clean", "broken_clipped", "read_accuracy", "lower", 0.01, "Remaining cost of broken pixels"),
    ),
    figure=FigureSpec("forest", ("read_accuracy",)),
    demo_link=("data", "outliers=0.1&train_images=5000&epochs=4"),
    answers={
        ("does_not_hold",): (
            "No: MNIST's pixels are within 0 to 255 already, so clipping changes nothing; it helps only where pixels "
            "are broken."
        ),
    },
)
