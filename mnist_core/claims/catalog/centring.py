"""Claim: A slight change in how digits are centred makes accuracy drop considerably."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol, TestInputs
from mnist_core.fields import Value

_WAYS: tuple[tuple[str, str, TestInputs, dict[str, Value]], ...] = (
    ("cnn", "Small CNN", "test", {}),
    ("mlp", "Two-layer network", "test", {"model": "mlp"}),
    ("shifts", "Small CNN, trained with shifted digits", "test", {"shift_x": 0.1, "shift_y": 0.1}),
    ("centred", "Small CNN, digits centred again", "centred", {}),
)


def _off_centre(px: int, key: str, series: str, shown: TestInputs, changes: dict[str, Value]) -> Arm:
    recipe = learns(5_000, epochs=4, test_offset_px=px, **changes)
    return Arm(f"{key}_{px}", f"{series}, {px} px off", recipe, px, series, shown)


CLAIM = Claim(
    id="centring",
    title="Centring",
    statement="A slight change in how digits are centred makes accuracy drop considerably.",
    setup=(
        "Models learn from 5,000 centred images for 4 epochs and classify all test images, each shifted by so many "
        "pixels in a direction of its own: as they come, centred again as MNIST was, or with shifted digits in "
        "training. Slight is 2 pixels of 28, considerable 5 points."
    ),
    protocol=Protocol(
        source=(
            "Often given as a reason in answers to why an MNIST model predicts wrongly; MNIST's own page says that "
            "digits were centred by their centre of mass."
        ),
        definition=(
            "Slight is 2 of 28 pixels. Accuracy is that on all test images, each shifted in a direction of its own."
        ),
        smallest=(
            "5 points: one digit in twenty, which a user of the model notices: *considerably*, as the claim says."
        ),
        population=(
            "A small CNN and a two-layer network, 5,000 centred training images. Models that were trained with "
            "shifted digits are shown beside them."
        ),
    ),
    arms=tuple(_off_centre(px, *way) for way in _WAYS for px in range(5)),
    primary=(Comparison("cnn_0", "cnn_2", "read_accuracy", "lower", 0.05, "2 pixels off, small CNN"),),
    secondary=(
        Comparison("mlp_0", "mlp_2", "read_accuracy", "lower", 0.05, "2 pixels off, two-layer network"),
        Comparison("cnn_0", "cnn_1", "read_accuracy", "lower", 0.05, "1 pixel off, small CNN"),
        Comparison("cnn_0", "cnn_3", "read_accuracy", "lower", 0.05, "3 pixels off, small CNN"),
        Comparison("cnn_0", "cnn_4", "read_accuracy", "lower", 0.05, "4 pixels off, small CNN"),
        Comparison("cnn_4", "centred_4", "read_accuracy", "higher", 0.05, "Centring again, 4 pixels off"),
        Comparison("cnn_4", "shifts_4", "read_accuracy", "higher", 0.05, "Shifted digits in training, 4 px off"),
        Comparison("cnn_0", "shifts_0", "read_accuracy", "higher", 0.003, "Shifted digits in training, centred"),
    ),
    figure=FigureSpec("lines", ("read_accuracy",), "Pixels off the middle"),
    demo_link=("train", "test_offset_px=2&train_images=5000&epochs=4"),
    answers={
        ("holds",): (
            "Yes: two pixels off the middle cost a small CNN far more than considerable; centring again, or shifted "
            "digits in training, mend it."
        ),
    },
)
