"""Claim: Too high a learning rate oscillates or diverges, too low a rate learns slowly."""

from mnist_core.claims.arms import learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec

_SCHEDULES = {"constant": "Constant", "one_cycle": "One cycle", "cosine": "Cosine"}


_RATES = (1e-4, 1e-3, 1e-2, 0.1, 0.3, 1.0)


def _paced(schedule: str, rate: float) -> Arm:
    recipe = learns_plainly(5_000, optimizer="momentum", learning_rate=rate, schedule=schedule, epochs=10)
    series = _SCHEDULES[schedule]
    return Arm(f"{schedule}_{rate:g}".replace(".", "_").replace("-", "m"), f"{series}, {rate:g}", recipe, rate, series)


CLAIM = Claim(
    id="learning_rate",
    title="Learning rate",
    statement="Too high a learning rate oscillates or diverges, too low a rate learns slowly.",
    setup=(
        "A two-layer network learns from 5,000 images for 10 epochs by SGD with momentum 0.9, at rates from 0.0001 to "
        "1 and by three schedules. Arms differ in rate or schedule. The control is the usual rate, 0.01."
    ),
    arms=tuple(_paced(schedule, rate) for schedule in _SCHEDULES for rate in _RATES),
    primary=(
        Comparison("constant_0_01", "constant_1", "test_accuracy", "lower", 0.02, "1 instead of 0.01"),
        Comparison("constant_0_01", "constant_0_3", "loss_oscillation", "higher", 0.02, "0.3 instead of 0.01, loss"),
        Comparison("constant_0_01", "constant_0_0001", "epochs_to_90", "higher", 1, "0.0001 instead of 0.01"),
    ),
    secondary=(
        Comparison("constant_0_01", "constant_1", "diverged", "higher", 0.2, "1 instead of 0.01, diverged"),
        Comparison("constant_0_01", "constant_0_1", "test_accuracy", "lower", 0.02, "0.1 instead of 0.01"),
        Comparison("constant_0_01", "constant_0_3", "test_accuracy", "lower", 0.02, "0.3 instead of 0.01"),
        Comparison("constant_0_01", "constant_0_0001", "test_accuracy", "lower", 0.02, "0.0001, test images"),
        Comparison("constant_0_1", "one_cycle_0_1", "test_accuracy", "higher", 0.005, "One cycle, rate 0.1"),
        Comparison("constant_0_3", "one_cycle_0_3", "test_accuracy", "higher", 0.005, "One cycle, rate 0.3"),
        Comparison("constant_0_3", "cosine_0_3", "test_accuracy", "higher", 0.005, "Cosine, rate 0.3"),
        Comparison("constant_0_001", "one_cycle_0_001", "test_accuracy", "higher", 0.005, "One cycle, 0.001"),
    ),
    figure=FigureSpec("lines", ("test_accuracy", "loss_oscillation"), "Highest learning rate", log_x=True),
    demo_link=("train", "model=mlp&optimizer=momentum&learning_rate=1.0&schedule=constant&batch_norm=false&epochs=10"),
)
