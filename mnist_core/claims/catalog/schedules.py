"""Claim: Learning-rate schedules often help."""

from mnist_core.claims.arms import learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol, Tuned

_SCHEDULES = {"constant": "Constant", "step": "Step", "cosine": "Cosine", "one_cycle": "One cycle"}
_RATES = (0.01, 0.03, 0.1)


def _paced(schedule: str, rate: float) -> Arm:
    recipe = learns_plainly(5_000, optimizer="momentum", learning_rate=rate, schedule=schedule, epochs=10)
    series = _SCHEDULES[schedule]
    return Arm(_key(schedule, rate), f"{series}, {rate:g}", recipe, rate, series)


def _key(schedule: str, rate: float) -> str:
    return f"{schedule}_{rate:g}".replace(".", "_")


def _best(schedule: str) -> Tuned:
    keys = tuple(_key(schedule, rate) for rate in _RATES)
    return Tuned(schedule, f"{_SCHEDULES[schedule]}, best rate", keys, keys[-1])


CLAIM = Claim(
    id="schedules",
    title="Learning-rate schedules",
    statement="Learning-rate schedules often help.",
    setup=(
        "A two-layer network learns from 5,000 images for 10 epochs by SGD with momentum 0.9: at a constant rate, or "
        "with a rate that falls in steps, by a cosine, or rises and falls in one cycle. Each has the best of three "
        "rates for each seed, by the validation loss."
    ),
    protocol=Protocol(
        source=(
            "Said of training in general; L. Smith and N. Topin, *Super-Convergence*, 2019, and I. Loshchilov and F. "
            "Hutter, *SGDR*, 2017."
        ),
        definition="It helps when the test accuracy is higher than at a constant rate that was chosen as carefully.",
        smallest="0.3 points: 30 of the 10,000 test images, about as much as two good recipes differ.",
        population=(
            "A two-layer network, 5,000 images, 10 epochs, SGD with momentum. Long trainings of large networks, where "
            "schedules come from, are another matter."
        ),
    ),
    arms=tuple(_paced(schedule, rate) for schedule in _SCHEDULES for rate in _RATES),
    tuned=tuple(map(_best, _SCHEDULES)),
    primary=tuple(
        Comparison("constant", schedule, "test_accuracy", "higher", 0.003, f"{title} instead of constant")
        for schedule, title in _SCHEDULES.items()
        if schedule != "constant"
    ),
    secondary=tuple(
        Comparison("constant_0_1", f"{schedule}_0_1", "test_accuracy", "higher", 0.003, f"{title}, both at 0.1")
        for schedule, title in _SCHEDULES.items()
        if schedule != "constant"
    ),
    figure=FigureSpec("lines", ("test_accuracy",), "Highest learning rate", log_x=True),
    demo_link=("train", "model=mlp&optimizer=momentum&learning_rate=0.1&schedule=one_cycle&batch_norm=false&epochs=10"),
    answers={
        ("undecided", "does_not_hold", "undecided"): (
            "A cosine gains nothing over a constant rate that was chosen as carefully; whether steps or one cycle "
            "gain as much as matters stays open."
        ),
    },
)
