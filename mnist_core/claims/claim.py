"""A claim about why models are bad, as an experiment that can decide it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from mnist_core.fields import Value
from mnist_core.recipe import Recipe

Direction = Literal["higher", "lower"]
Pictures = Literal[
    "test", "clipped", "broken", "broken_clipped", "centred", "drawn_raw", "drawn_prepared", "letters"
]  # fmt: skip
NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to train (or to prepare drawings), beside others that differ from it in one thing.

    Attributes:
        key: Its name in the results.
        label: Its name for people: `No augmentation`.
        recipe: What is trained; its seed is replaced by each of the experiment's.
        x: Its place on the figure's axis, where that is a number: pixels, a share, a learning rate.
        series: To which line of the figure it belongs; empty where there is only one.
        pictures: What the metrics about "the pictures of this arm" are measured on; see `pictures.PICTURES`.
        calibrated: Whether confidences are those with the temperature that fits the validation images.
        model: The name of a shipped model that is measured instead of a training; `recipe` is the one that it was
            trained with, seed and all. The experiment's seed then decides which pictures it is shown.
    """

    key: str
    label: str
    recipe: Recipe
    x: float | None = None
    series: str = ""
    test_inputs: Pictures = "test"
    calibrated: bool = False
    model: str = ""

    def with_seed(self, seed: int) -> "Arm":
        """As it is trained with this seed; a shipped model stays as it is."""
        return self if self.model else replace(self, recipe=self.recipe.replace(seed=seed))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two arms on one metric, and what the claim says of them.

    Attributes:
        control, treatment: Keys of arms. The effect is the treatment's metric less the control's, seed by seed.
        metric: A key of `metrics.METRICS`.
        says: What the treatment's metric is compared with the control's, if the claim is right.
        least: The smallest effect that would matter to anybody, in the metric's unit: 0.01 is a point of accuracy.
        words: What is compared, to stand before the effect: `Turned up to 15° while training`.
        decides: Whether the claim stands or falls with it; others are shown beside it.
    """

    control: str
    treatment: str
    metric: str
    says: Direction
    least: float
    words: str
    decides: bool = True


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """The picture of a claim that a teacher would put on a slide.

    Attributes:
        kind: `bars`: an arm a group of bars; `lines`: metrics against the arms' `x`, a line a series.
        metrics: Keys of `metrics.METRICS`: the bars of a group, or the lines of a series.
        x_title: What the axis is, with its unit.
        log_x: Whether its steps are factors.
    """

    kind: Literal["bars", "lines"]
    metrics: tuple[str, ...]
    x_title: str = ""
    log_x: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What people say, and the experiment that tests it.

    Attributes:
        id: Its name in addresses and on the command line: `no_augmentation`.
        title: A few words: `Augmentation`.
        statement: The claim, as people say it, in a sentence.
        setup: How it is tested, in a sentence or two: data, model, what differs.
        arms: All that is trained.
        comparisons: At least one decides.
        figure: What is drawn of it.
        quick: What every arm changes for a quick test: fewer images, fewer epochs.
        look: Where to see it for oneself: a page (`draw`, `train`, `mistakes`, `data`) and its address.
    """

    id: str
    title: str
    statement: str
    setup: str
    arms: tuple[Arm, ...]
    comparisons: tuple[Comparison, ...]
    figure: FigureSpec
    quick: Mapping[str, Value] = field(default_factory=lambda: NOTHING)
    demo_link: tuple[str, str] = ("train", "")

    def arm(self, key: str) -> Arm:
        """The arm of that name.

        Raises:
            KeyError: When there is none.
        """
        return {arm.key: arm for arm in self.arms}[key]

    @property
    def deciding(self) -> tuple[Comparison, ...]:
        """The comparisons that the claim stands or falls with."""
        return tuple(comparison for comparison in self.comparisons if comparison.decides)

    @property
    def experiment(self) -> str:
        """What exactly a quick test trains, in 32 hexadecimal digits: results of another experiment say nothing."""
        return self.fingerprint(quick=True)

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that is measured of every arm: what is compared or drawn, each once, in the order of its use."""
        return tuple(dict.fromkeys((*(one.metric for one in self.comparisons), *self.figure.metrics)))

    def quick_arms(self) -> tuple[Arm, ...]:
        """The arms that decide, made quick."""
        wanted = {key for one in self.deciding for key in (one.control, one.treatment)}
        return tuple(
            arm if arm.model else replace(arm, recipe=arm.recipe.replace(**self.quick))
            for arm in self.arms
            if arm.key in wanted
        )

    def arms_for(self, quick: bool) -> tuple[Arm, ...]:
        """The arms that are trained: all of them, or only `quick_arms`."""
        return self.quick_arms() if quick else self.arms

    def fingerprint(self, *, quick: bool = False) -> str:
        """What exactly is trained and measured, in 32 hexadecimal digits; words do not count.

        Of a recipe only what differs from the defaults counts, so that a new kind of setting leaves results valid.
        """
        trained = [
            (arm.key, arm.recipe.to_query(), arm.test_inputs, arm.calibrated, arm.model) for arm in self.arms_for(quick)
        ]
        content = json.dumps([self.id, trained, sorted(self.metrics)])
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
