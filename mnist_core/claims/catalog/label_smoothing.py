"""Claim: Label smoothing makes a model better calibrated."""

from mnist_core.claims.arms import learns, learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol, Tuned
from mnist_core.recipe import Recipe

_SHARES = (0.02, 0.05, 0.1, 0.2)
_NETWORKS: dict[str, tuple[str, Recipe]] = {
    "overconfident": ("Overconfident network", learns_plainly(1_000, epochs=30)),
    "calm": ("Calibrated CNN", learns(5_000, epochs=6)),
}


def _key(network: str, share: float, scaled: bool) -> str:
    return f"{network}_{100 * share:.0f}" + ("_scaled" if scaled else "")


def _smoothed(network: str, share: float, scaled: bool) -> Arm:
    series, recipe = _NETWORKS[network]
    series += ", temperature scaled" if scaled else ""
    smoothed = recipe.replace(label_smoothing=share)
    return Arm(_key(network, share, scaled), f"{series}, {share:g}", smoothed, share, series, calibrated=scaled)


def _best(network: str, scaled: bool) -> Tuned:
    keys = tuple(_key(network, share, scaled) for share in _SHARES)
    label = f"{_NETWORKS[network][0]}{', temperature scaled' if scaled else ''}, best smoothing"
    return Tuned(f"{network}_best{'_scaled' if scaled else ''}", label, keys, _key(network, 0.1, scaled))


_WAYS = (("overconfident", False), ("overconfident", True), ("calm", False))
_WORDS = {
    ("overconfident", False): "Overconfident network",
    ("overconfident", True): "Overconfident network, after temperature scaling",
    ("calm", False): "Network that is calibrated already",
}


def _smoothing(network: str, scaled: bool, metric: str, min_effect: float, *, more: bool = False) -> Comparison:
    none, best = _key(network, 0.0, scaled), _best(network, scaled).key
    return Comparison(none, best, metric, "higher" if more else "lower", min_effect, _WORDS[network, scaled])


CLAIM = Claim(
    id="label_smoothing",
    title="Label smoothing",
    statement="Label smoothing makes a model better calibrated.",
    setup=(
        "An overconfident network (two layers, 1,000 images, 30 epochs) and one that is calibrated already (a small "
        "CNN, 5,000 images, 6 epochs) are trained to give a fraction of the probability to the other digits. The best "
        "fraction counts, by the validation loss for each seed: 0.02, 0.05, 0.1 or 0.2."
    ),
    protocol=Protocol(
        source="R. Müller, S. Kornblith and G. Hinton, *When Does Label Smoothing Help?*, 2019.",
        definition=(
            "Better calibrated is a lower expected calibration error on the test images (15 bins; C. Guo and others, "
            "*On Calibration of Modern Neural Networks*, 2017). The published effect is on overconfident networks, and "
            "temperature scaling is what it competes with: so both belong to the verdict."
        ),
        smallest="1 point of calibration error: confidences of 99 % that are right in 98 % of cases.",
        population="Two networks, one that is overconfident and one that is not; four fractions.",
    ),
    arms=tuple(
        _smoothed(network, share, scaled) for network, scaled in _WAYS for share in (0.0, *_SHARES)
    ),
    tuned=tuple(_best(network, scaled) for network, scaled in _WAYS),
    primary=tuple(_smoothing(network, scaled, "calibration_error", 0.01) for network, scaled in _WAYS),
    secondary=(
        Comparison(
            "overconfident_0", "overconfident_0_scaled", "calibration_error", "lower", 0.01,
            "Temperature scaling instead of smoothing",
        ),
        Comparison("calm_0", "calm_10", "calibration_error", "lower", 0.01, "The usual 0.1, calibrated already"),
        _smoothing("overconfident", False, "overconfidence", 0.01),
        _smoothing("overconfident", False, "mistake_confidence", 0.05),
        _smoothing("overconfident", False, "test_accuracy", 0.003, more=True),
        _smoothing("calm", False, "test_accuracy", 0.003, more=True),
    ),
    figure=FigureSpec("lines", ("calibration_error",), "Label smoothing"),
    demo_link=("train", "model=mlp&label_smoothing=0.1&train_images=1000&epochs=30&batch_norm=false"),
    answers={
        ("holds", "does_not_hold", "does_not_hold"): (
            "It makes an overconfident network better calibrated; after temperature scaling it adds little, and a "
            "network that is calibrated already gets worse."
        ),
    },
)  # fmt: skip
