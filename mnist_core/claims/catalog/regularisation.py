"""Claim: Dropout, L1 and L2 prevent overfitting."""

from mnist_core.claims.arms import learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, Direction, FigureSpec, Protocol, Tuned

_WAYS: dict[str, tuple[str, str, tuple[float, ...]]] = {
    "dropout": ("Dropout", "dense_dropout", (0.2, 0.5, 0.8)),
    "l2": ("L2", "weight_decay", (1e-4, 1e-3, 1e-2, 0.1)),
    "l1": ("L1", "l1", (1e-5, 1e-4, 1e-3, 1e-2)),
}
_USUAL = {"dropout": 0.5, "l2": 1e-3, "l1": 1e-4}


def _key(way: str, strength: float) -> str:
    return f"{way}_{strength:g}".replace(".", "_").replace("-", "m")


def _held(way: str, strength: float) -> Arm:
    title, setting, _ = _WAYS[way]
    recipe = learns_plainly(1_000, epochs=30, **{setting: strength})
    return Arm(_key(way, strength), f"{title} {strength:g}", recipe)


def _best(way: str) -> Tuned:
    title, _, strengths = _WAYS[way]
    keys = tuple(_key(way, strength) for strength in strengths)
    return Tuned(way, f"{title}, best strength", keys, _key(way, _USUAL[way]))


def _against_nothing(metric: str, min_effect: float, *, is_loss: bool) -> tuple[Comparison, ...]:
    direction: Direction = "lower" if is_loss else "higher"
    return tuple(
        Comparison("none", way, metric, direction, min_effect, f"{title}, best strength")
        for way, (title, _, _) in _WAYS.items()
    )


CLAIM = Claim(
    id="regularisation",
    title="Dropout, L1 and L2",
    statement="Dropout, L1 and L2 prevent overfitting.",
    setup=(
        "A two-layer network learns from 1,000 images for 30 epochs by Adam: with nothing against overfitting, or with "
        "a little up to very much of one thing. Of each, the strength with the lowest validation loss counts, chosen "
        "for each seed."
    ),
    protocol=Protocol(
        source=(
            "I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, 2016, chapter 7; N. Srivastava and others, "
            "*Dropout*, 2014."
        ),
        definition=(
            "To prevent overfitting is to do better on images that were not trained on. Measured is the loss on the "
            "test images: the gap in accuracy cannot tell, for nearly all of these networks classify every training "
            "image correctly. The gap and the accuracy are shown beside it."
        ),
        smallest="0.02 nats of test loss, about a twentieth of what it is with nothing.",
        population=(
            "A two-layer network, 1,000 images, 30 epochs of Adam; three to four strengths a factor of ten apart. With "
            "more images there is less overfitting to prevent."
        ),
    ),
    arms=(
        Arm("none", "Nothing", learns_plainly(1_000, epochs=30)),
        *(_held(way, strength) for way, (_, _, strengths) in _WAYS.items() for strength in strengths),
    ),
    tuned=tuple(map(_best, _WAYS)),
    primary=_against_nothing("test_loss", 0.02, is_loss=True),
    secondary=(
        *_against_nothing("test_accuracy", 0.005, is_loss=False),
        *_against_nothing("gap", 0.005, is_loss=True),
        Comparison("none", "dropout_0_8", "test_accuracy", "lower", 0.005, "Very much dropout"),
        Comparison("none", "l2_0_1", "test_accuracy", "lower", 0.005, "Very much L2"),
        Comparison("none", "l1_0_01", "test_accuracy", "lower", 0.005, "Very much L1"),
    ),
    figure=FigureSpec("forest", ("training_accuracy", "test_accuracy")),
    demo_link=("train", "model=mlp&train_images=1000&epochs=30&dense_dropout=0.5&batch_norm=false&label_smoothing=0.0"),
    answers={
        ("holds", "holds", "holds"): (
            "Yes: each of the three, at its best strength, lowers the loss on images that were not trained on, "
            "though L1 and L2 hardly change the accuracy."
        ),
    },
)
