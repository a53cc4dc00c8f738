"""Claims about training: how long, how fast, and what holds it back."""

from mnist_core.claims.catalog.arms import PLAIN, learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec
from mnist_core.fields import Value

_MANY: dict[str, Value] = {**PLAIN, "model": "mlp"}
_WRONG = {"clean": ("True labels", 0.0), "noisy": ("20 % wrong labels", 0.2)}


def _long(key: str, epochs: int) -> Arm:
    series, share = _WRONG[key]
    recipe = learns(1_000, **_MANY, epochs=epochs, label_noise=share)
    return Arm(f"{key}_{epochs}", f"{series}, {epochs} epochs", recipe, epochs, series)


def _stopped(key: str) -> Arm:
    series, share = _WRONG[key]
    recipe = learns(1_000, **_MANY, epochs=100, label_noise=share, early_stopping=5)
    return Arm(f"{key}_stopped", f"{series}, stopped early", recipe)


_EPOCHS = Claim(
    id="epochs",
    title="Too few and too many epochs",
    statement="Too few epochs underfit and too many overfit.",
    setup=(
        "A two-layer network learns from 1,000 images, with Adam at a constant rate and nothing against overfitting, "
        "for 1 to 100 epochs; with the true labels, and with 20 % wrong ones. Arms differ in nothing but the epochs; "
        "early stopping ends when the validation loss has not improved for 5 epochs."
    ),
    arms=(
        *(_long(key, epochs) for key in _WRONG for epochs in (1, 3, 10, 30, 100)),
        *map(_stopped, _WRONG),
    ),
    comparisons=(
        Comparison("clean_10", "clean_1", "test_accuracy", "lower", 0.01, "1 epoch instead of 10"),
        Comparison("clean_10", "clean_100", "test_accuracy", "lower", 0.005, "100 epochs instead of 10"),
        Comparison("clean_10", "clean_100", "gap", "higher", 0.005, "100 epochs instead of 10, the gap", False),
        Comparison("clean_10", "clean_100", "test_loss", "higher", 0.02, "100 epochs instead of 10, test loss", False),
        Comparison("noisy_10", "noisy_100", "test_accuracy", "lower", 0.005, "100 epochs, with wrong labels", False),
        Comparison("clean_100", "clean_stopped", "epochs_trained", "lower", 5, "Early stopping instead of 100", False),
        Comparison(
            "clean_100", "clean_stopped", "test_accuracy", "higher", 0.005, "Early stopping, test images", False
        ),
        Comparison("clean_100", "clean_stopped", "test_loss", "lower", 0.02, "Early stopping, test loss", False),
        Comparison(
            "noisy_100", "noisy_stopped", "test_accuracy", "higher", 0.005, "Early stopping, with wrong labels", False
        ),
    ),
    figure=FigureSpec("lines", ("test_accuracy", "training_accuracy"), "Epochs", log_x=True),
    demo_link=("train", "model=mlp&train_images=1000&epochs=100&optimizer=adam&learning_rate=0.001&schedule=constant"),
)

_SCHEDULES = {"constant": "Constant", "one_cycle": "One cycle", "cosine": "Cosine"}
_RATES = (1e-4, 1e-3, 1e-2, 0.1, 0.3, 1.0)


def _paced(schedule: str, rate: float) -> Arm:
    recipe = learns(
        5_000, **{**_MANY, "optimizer": "momentum", "learning_rate": rate, "schedule": schedule}, epochs=10
    )  # fmt: skip
    series = _SCHEDULES[schedule]
    return Arm(f"{schedule}_{rate:g}".replace(".", "_").replace("-", "m"), f"{series}, {rate:g}", recipe, rate, series)


_LEARNING_RATE = Claim(
    id="learning_rate",
    title="Learning rate",
    statement="Too high a learning rate oscillates or diverges, too low a rate learns slowly.",
    setup=(
        "A two-layer network learns from 5,000 images for 10 epochs by SGD with momentum 0.9, at rates from 0.0001 to "
        "1 and by three schedules. Arms differ in rate or schedule. The rate that the others are compared with is "
        "0.01, the usual one."
    ),
    arms=tuple(_paced(schedule, rate) for schedule in _SCHEDULES for rate in _RATES),
    comparisons=(
        Comparison("constant_0_01", "constant_1", "test_accuracy", "lower", 0.02, "1 instead of 0.01"),
        Comparison(
            "constant_0_01", "constant_0_3", "loss_oscillation", "higher", 0.02, "0.3 instead of 0.01, the loss"
        ),
        Comparison("constant_0_01", "constant_0_0001", "epochs_to_90", "higher", 1, "0.0001 instead of 0.01"),
        Comparison("constant_0_01", "constant_1", "diverged", "higher", 0.2, "1 instead of 0.01, diverged", False),
        Comparison("constant_0_01", "constant_0_1", "test_accuracy", "lower", 0.02, "0.1 instead of 0.01", False),
        Comparison("constant_0_01", "constant_0_3", "test_accuracy", "lower", 0.02, "0.3 instead of 0.01", False),
        Comparison("constant_0_01", "constant_0_0001", "test_accuracy", "lower", 0.02, "0.0001, test images", False),
        Comparison("constant_0_1", "one_cycle_0_1", "test_accuracy", "higher", 0.005, "One cycle, rate 0.1", False),
        Comparison("constant_0_3", "one_cycle_0_3", "test_accuracy", "higher", 0.005, "One cycle, rate 0.3", False),
        Comparison("constant_0_3", "cosine_0_3", "test_accuracy", "higher", 0.005, "Cosine, rate 0.3", False),
        Comparison("constant_0_001", "one_cycle_0_001", "test_accuracy", "higher", 0.005, "One cycle, 0.001", False),
    ),
    figure=FigureSpec("lines", ("test_accuracy", "loss_oscillation"), "Highest learning rate", log_x=True),
    demo_link=("train", "model=mlp&optimizer=momentum&learning_rate=1.0&schedule=constant&batch_norm=false&epochs=10"),
)


def _held(key: str, label: str, **changes: Value) -> Arm:
    return Arm(key, label, learns(1_000, **{**_MANY, "epochs": 30, **changes}))


_REGULARISATION = Claim(
    id="regularisation",
    title="Dropout, L1 and L2",
    statement="Dropout, L1 and L2 prevent overfitting.",
    setup=(
        "A two-layer network learns from 1,000 images for 30 epochs by Adam: with nothing against overfitting, or with "
        "a little up to very much of one thing. What decides is the gap between training and test accuracy, with the "
        "second strength, a usual one; whether test accuracy gains is shown beside it."
    ),
    arms=(
        _held("none", "Nothing"),
        _held("dropout_2", "Dropout 0.2", dense_dropout=0.2),
        _held("dropout_5", "Dropout 0.5", dense_dropout=0.5),
        _held("dropout_8", "Dropout 0.8", dense_dropout=0.8),
        _held("l2_low", "L2 0.0001", weight_decay=1e-4),
        _held("l2_middle", "L2 0.001", weight_decay=1e-3),
        _held("l2_high", "L2 0.01", weight_decay=1e-2),
        _held("l2_huge", "L2 0.1", weight_decay=0.1),
        _held("l1_low", "L1 0.00001", l1=1e-5),
        _held("l1_middle", "L1 0.0001", l1=1e-4),
        _held("l1_high", "L1 0.001", l1=1e-3),
        _held("l1_huge", "L1 0.01", l1=1e-2),
    ),
    comparisons=(
        Comparison("none", "dropout_5", "gap", "lower", 0.01, "Dropout 0.5, the gap"),
        Comparison("none", "l2_middle", "gap", "lower", 0.01, "L2 0.001, the gap"),
        Comparison("none", "l1_middle", "gap", "lower", 0.01, "L1 0.0001, the gap"),
        Comparison("none", "dropout_5", "test_accuracy", "higher", 0.005, "Dropout 0.5, test images", False),
        Comparison("none", "l2_middle", "test_accuracy", "higher", 0.005, "L2 0.001, test images", False),
        Comparison("none", "l1_middle", "test_accuracy", "higher", 0.005, "L1 0.0001, test images", False),
        Comparison("none", "dropout_8", "gap", "lower", 0.01, "Dropout 0.8, the gap", False),
        Comparison("none", "dropout_8", "test_accuracy", "lower", 0.005, "Dropout 0.8, test images", False),
        Comparison("none", "l2_high", "gap", "lower", 0.01, "L2 0.01, the gap", False),
        Comparison("none", "l2_high", "test_accuracy", "lower", 0.005, "L2 0.01, test images", False),
        Comparison("none", "l1_high", "gap", "lower", 0.01, "L1 0.001, the gap", False),
        Comparison("none", "l1_high", "test_accuracy", "lower", 0.005, "L1 0.001, test images", False),
        Comparison("none", "l2_huge", "gap", "lower", 0.01, "L2 0.1, the gap", False),
        Comparison("none", "l2_huge", "test_accuracy", "lower", 0.005, "L2 0.1, test images", False),
        Comparison("none", "l1_huge", "gap", "lower", 0.01, "L1 0.01, the gap", False),
        Comparison("none", "l1_huge", "test_accuracy", "lower", 0.005, "L1 0.01, test images", False),
        Comparison("none", "dropout_5", "test_loss", "lower", 0.02, "Dropout 0.5, test loss", False),
    ),
    figure=FigureSpec("bars", ("training_accuracy", "test_accuracy")),
    demo_link=("train", "model=mlp&train_images=1000&epochs=30&dense_dropout=0.5&batch_norm=false&label_smoothing=0.0"),
)


def _scaled(key: str, label: str, **changes: Value) -> Arm:
    recipe = learns(5_000, **{**_MANY, "optimizer": "momentum", "learning_rate": 0.01, "epochs": 5, **changes})
    return Arm(key, label, recipe)


_PIXEL_SCALE = Claim(
    id="pixel_scale",
    title="Pixels from 0 to 255",
    statement="Unless pixels are scaled to small numbers, a network hardly learns.",
    setup=(
        "A two-layer network learns from 5,000 images for 5 epochs from pixels that are standardised, from 0 to 1, or "
        "as they are, from 0 to 255: by SGD with momentum at the usual rate of 0.01, by Adam at 0.001, and with batch "
        "normalisation."
    ),
    arms=(
        _scaled("sgd_standardised", "SGD, standardised"),
        _scaled("sgd_unit", "SGD, 0 to 1", scaling="unit"),
        _scaled("sgd_none", "SGD, 0 to 255", scaling="none"),
        _scaled("adam_unit", "Adam, 0 to 1", scaling="unit", optimizer="adam", learning_rate=1e-3),
        _scaled("adam_none", "Adam, 0 to 255", scaling="none", optimizer="adam", learning_rate=1e-3),
        _scaled("normed_unit", "SGD and batch normalisation, 0 to 1", scaling="unit", batch_norm=True),
        _scaled("normed_none", "SGD and batch normalisation, 0 to 255", scaling="none", batch_norm=True),
    ),
    comparisons=(
        Comparison("sgd_unit", "sgd_none", "test_accuracy", "lower", 0.05, "0 to 255 instead of 0 to 1, SGD"),
        Comparison("adam_unit", "adam_none", "test_accuracy", "lower", 0.05, "0 to 255 instead of 0 to 1, Adam"),
        Comparison("normed_unit", "normed_none", "test_accuracy", "lower", 0.05, "0 to 255, normalised batches", False),
        Comparison("sgd_unit", "sgd_none", "diverged", "higher", 0.2, "0 to 255, SGD, diverged", False),
        Comparison("sgd_unit", "sgd_standardised", "test_accuracy", "higher", 0.005, "Standardised, SGD", False),
    ),
    figure=FigureSpec("bars", ("test_accuracy", "training_accuracy")),
    demo_link=("train", "model=mlp&scaling=none&optimizer=momentum&schedule=constant&batch_norm=false&epochs=5"),
)

CLAIMS: tuple[Claim, ...] = (_EPOCHS, _LEARNING_RATE, _REGULARISATION, _PIXEL_SCALE)
"""Of this theme, in any order."""
