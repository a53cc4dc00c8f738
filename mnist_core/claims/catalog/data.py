"""Claims about the data: where digits stand, what is wrong with images and labels, how many there are of each."""

from mnist_core.claims.catalog.arms import PLAIN, learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec
from mnist_core.fields import Value

_SHIFTED: dict[str, Value] = {"shift_x": 0.1, "shift_y": 0.1}
_WAYS: tuple[tuple[str, str, dict[str, Value]], ...] = (
    ("cnn", "Small CNN", {}),
    ("mlp", "Two-layer network", {"model": "mlp"}),
    ("shifts", "Small CNN, trained with moved digits", _SHIFTED),
)


def _off_centre() -> tuple[Arm, ...]:
    arms = []
    for key, series, changes in _WAYS:
        for px in range(5):
            recipe = learns(5_000, epochs=4, test_offset_px=px, **changes)
            arms.append(Arm(f"{key}_{px}", f"{series}, {px} px off", recipe, px, series))
    for px in range(5):
        recipe = learns(5_000, epochs=4, test_offset_px=px)
        series = "Small CNN, digits centred again"
        arms.append(Arm(f"centred_{px}", f"{series}, {px} px off", recipe, px, series, "centred"))
    return tuple(arms)


_CENTRING = Claim(
    id="centring",
    title="Centring",
    statement="A slight change in how digits are centred makes accuracy drop considerably.",
    setup=(
        "Models learn from 5,000 centred images for 4 epochs and read all test images, each moved by so many pixels "
        "to a side of its own: as they come, centred again as MNIST was, or with moved digits in training. Slight is "
        "2 pixels of 28, considerable 5 points."
    ),
    arms=_off_centre(),
    comparisons=(
        Comparison("cnn_0", "cnn_2", "read_accuracy", "lower", 0.05, "2 pixels off, small CNN"),
        Comparison("mlp_0", "mlp_2", "read_accuracy", "lower", 0.05, "2 pixels off, two-layer network", False),
        Comparison("cnn_0", "cnn_1", "read_accuracy", "lower", 0.05, "1 pixel off, small CNN", False),
        Comparison("cnn_0", "cnn_3", "read_accuracy", "lower", 0.05, "3 pixels off, small CNN", False),
        Comparison("cnn_0", "cnn_4", "read_accuracy", "lower", 0.05, "4 pixels off, small CNN", False),
        Comparison("cnn_4", "centred_4", "read_accuracy", "higher", 0.05, "Centring again, 4 pixels off", False),
        Comparison("cnn_4", "shifts_4", "read_accuracy", "higher", 0.05, "Moved digits in training, 4 px off", False),
        Comparison("cnn_0", "shifts_0", "read_accuracy", "higher", 0.003, "Moved digits in training, centred", False),
    ),
    figure=FigureSpec("lines", ("read_accuracy",), "Pixels off the middle"),
    demo_link=("train", "test_offset_px=2&train_images=5000&epochs=4"),
)


def _shares(key: str, series: str, field: str, shares: tuple[float, ...], cleaning: bool) -> tuple[Arm, ...]:
    arms = []
    for share in shares:
        changes: dict[str, Value] = {**PLAIN, "model": "mlp", "epochs": 20, field: share, "cleaning": cleaning}
        label = f"{series}, {share:.0%}".replace("%", " %")
        arms.append(Arm(f"{key}_{share * 100:.0f}", label, learns(5_000, **changes), share, series))
    return tuple(arms)


_FAULTS = Claim(
    id="faulty_data",
    title="Noise, outliers, wrong labels",
    statement=(
        "Noise, outliers and wrong labels in the training data make a model bad, and leaving suspects out mends it."
    ),
    setup=(
        "A two-layer network learns from 5,000 images for 20 epochs, with nothing against overfitting. A share of the "
        "labels is wrong, or a share of the images is replaced by noise or by other shapes; then the same, with the "
        "suspects left out by cross-validation, which knows neither which nor how many."
    ),
    arms=(
        *_shares("labels", "Wrong labels", "label_noise", (0.0, 0.05, 0.1, 0.2, 0.4), False),
        *_shares("labels_cleaned", "Wrong labels, suspects left out", "label_noise", (0.0, 0.1, 0.2, 0.4), True),
        *_shares("outliers", "Pictures of noise", "outliers", (0.0, 0.1, 0.2, 0.4), False),
        *_shares("outliers_cleaned", "Pictures of noise, suspects left out", "outliers", (0.2, 0.4), True),
    ),
    comparisons=(
        Comparison("labels_0", "labels_20", "test_accuracy", "lower", 0.01, "20 % wrong labels"),
        Comparison("outliers_0", "outliers_20", "test_accuracy", "lower", 0.01, "20 % pictures of noise"),
        Comparison("labels_20", "labels_cleaned_20", "test_accuracy", "higher", 0.01, "20 % wrong labels, cleaned"),
        Comparison("labels_0", "labels_5", "test_accuracy", "lower", 0.01, "5 % wrong labels", False),
        Comparison("labels_0", "labels_10", "test_accuracy", "lower", 0.01, "10 % wrong labels", False),
        Comparison("labels_0", "labels_40", "test_accuracy", "lower", 0.01, "40 % wrong labels", False),
        Comparison("outliers_0", "outliers_40", "test_accuracy", "lower", 0.01, "40 % pictures of noise", False),
        Comparison(
            "labels_40", "labels_cleaned_40", "test_accuracy", "higher", 0.01, "40 % wrong labels, cleaned", False
        ),
        Comparison(
            "outliers_40", "outliers_cleaned_40", "test_accuracy", "higher", 0.01, "40 % noise, cleaned", False
        ),
        Comparison("labels_0", "labels_cleaned_0", "test_accuracy", "lower", 0.003, "Clean data, cleaned", False),
    ),
    figure=FigureSpec("lines", ("test_accuracy",), "Share of the training data that is faulty"),
    quick={"epochs": 12},
    demo_link=("data", "label_noise=0.2&train_images=5000&model=mlp&epochs=20"),
)  # fmt: skip

_RARE: dict[str, Value] = {"epochs": 4, "keep_4": 0.01}
_CROWD: dict[str, Value] = {f"keep_{digit}": 0.05 for digit in range(10)}

_IMBALANCE = Claim(
    id="imbalance",
    title="Class imbalance",
    statement="When one digit is rare in training, predictions lean towards the common ones.",
    setup=(
        "A small CNN learns for 4 epochs from 5,000 images with 10 fours instead of 500; then with rare digits shown "
        "more often, or weighed more in the loss. And the other way round: 50 images of each digit, against the same "
        "and 450 more nines."
    ),
    arms=(
        Arm("even", "As many of each", learns(5_000, epochs=4)),
        Arm("rare", "Few fours", learns(5_000, **_RARE)),
        Arm("resampled", "Few fours, shown more often", learns(5_000, **_RARE, balance="resample")),
        Arm("weighted", "Few fours, weighed more", learns(5_000, **_RARE, balance="loss_weights")),
        Arm("few", "50 of each", learns(5_000, **_CROWD, epochs=20, batch_size=32)),
        Arm("crowd", "50 of each, 500 nines", learns(5_000, **{**_CROWD, "keep_9": 0.5}, epochs=20, batch_size=32)),
    ),
    comparisons=(
        Comparison("even", "rare", "recall_4", "lower", 0.05, "Few fours, fours found"),
        Comparison("even", "rare", "fours_read_as_9", "higher", 0.02, "Few fours, fours read as 9"),
        Comparison("rare", "resampled", "recall_4", "higher", 0.05, "Shown more often, fours found", False),
        Comparison("rare", "weighted", "recall_4", "higher", 0.05, "Weighed more, fours found", False),
        Comparison("rare", "resampled", "test_accuracy", "higher", 0.003, "Shown more often, test images", False),
        Comparison("rare", "weighted", "test_accuracy", "higher", 0.003, "Weighed more, test images", False),
        Comparison("few", "crowd", "others_read_as_9", "higher", 0.005, "450 more nines, others read as 9", False),
        Comparison("few", "crowd", "test_accuracy", "higher", 0.003, "450 more nines, test images", False),
    ),
    figure=FigureSpec("bars", ("recall_4", "fours_read_as_9", "others_read_as_9", "test_accuracy")),
    demo_link=("train", "keep_4=0.01&train_images=5000&epochs=4"),
)

CLAIMS: tuple[Claim, ...] = (_CENTRING, _FAULTS, _IMBALANCE)
"""Of this theme, in any order."""
