"""Claim: How a drawing is prepared matters more than the model."""

from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol
from mnist_core.presets import PRESETS
from mnist_core.recipe import Recipe

SHIPPED: dict[str, tuple[str, Recipe]] = {
    "best": ("Deep CNN", PRESETS["best"].recipe),
    "default": ("Deep CNN, narrow", PRESETS["best"].recipe.replace(width=0.5, pen_habits=0.2)),
    "cnn_plain": ("Small CNN, plain", Recipe(epochs=8)),
    "cnn_noisy": ("Small CNN, wrong labels", Recipe(epochs=8, label_noise=0.3)),
    "net": ("Usual CNN", Recipe(model="net", epochs=2, conv_dropout=0.25, dense_dropout=0.5)),
    "mlp": ("Two-layer network", Recipe(model="mlp", epochs=6, dense_dropout=0.2)),
    "svm": ("Support vector machine", Recipe(model="svm", train_images=10_000)),
    "linear": ("Linear", Recipe(model="linear", epochs=5)),
}
"""The shipped models, by what they are called, with their titles and how they were trained; best first."""


def _drawn() -> tuple[Arm, ...]:
    arms = []
    for name, (title, recipe) in SHIPPED.items():
        arms.append(Arm(f"{name}_raw", f"{title}, only resized", recipe, test_inputs="drawn_raw", model=name))
        arms.append(Arm(f"{name}_prepared", f"{title}, prepared", recipe, test_inputs="drawn_prepared", model=name))
    return tuple(arms)


CLAIM = Claim(
    id="drawing_pipeline",
    title="Preparing a drawing",
    statement="How a drawing is prepared matters more than the model.",
    setup=(
        "All shipped models classify test digits drawn at half size anywhere on a canvas of 280 pixels: only "
        "resized to 28, or prepared as MNIST was. Each seed draws 500 digits of its own. The preparation matters more "
        "when the simplest model with it beats the best model without it."
    ),
    protocol=Protocol(
        source=(
            "Often given as a reason in answers to why an MNIST model predicts wrongly, when a model with 99 % on the "
            "test set misreads a drawing."
        ),
        definition=(
            "Preparation matters more than the model when the best model gains by it, and when even the simplest "
            "model with it beats the best one without."
        ),
        smallest="10 points of accuracy on drawings.",
        population=(
            "The eight shipped models, test digits drawn at half size anywhere on a canvas. Other people's drawings "
            "differ more. Seeds decide about the drawings only: the models are what they are."
        ),
    ),
    arms=_drawn(),
    primary=(
        Comparison("best_raw", "best_prepared", "read_accuracy", "higher", 0.1, "Prepared, the best model"),
        Comparison(
            "best_raw",
            "linear_prepared",
            "read_accuracy",
            "higher",
            0.1,
            "Linear, prepared, instead of the best, only resized",
        ),
    ),
    secondary=(
        Comparison("linear_raw", "linear_prepared", "read_accuracy", "higher", 0.1, "Prepared, linear"),
        Comparison("mlp_raw", "mlp_prepared", "read_accuracy", "higher", 0.1, "Prepared, two-layer network"),
        Comparison("svm_raw", "svm_prepared", "read_accuracy", "higher", 0.1, "Prepared, SVM"),
        Comparison("net_raw", "net_prepared", "read_accuracy", "higher", 0.1, "Prepared, usual CNN"),
        Comparison("default_raw", "default_prepared", "read_accuracy", "higher", 0.1, "Prepared, default"),
        Comparison("cnn_plain_raw", "cnn_plain_prepared", "read_accuracy", "higher", 0.1, "Prepared, plain CNN"),
        Comparison("linear_raw", "best_raw", "read_accuracy", "higher", 0.1, "The best model, not prepared"),
        Comparison("linear_prepared", "best_prepared", "read_accuracy", "higher", 0.01, "The best model, prepared"),
    ),
    figure=FigureSpec("forest", ("read_accuracy",)),
    demo_link=("draw", ""),
    answers={
        ("holds", "does_not_hold"): (
            "Preparing a drawing helps even the best model by far; a simple model with it beats the best one without "
            "it, too, but by less than was asked for."
        ),
    },
)
