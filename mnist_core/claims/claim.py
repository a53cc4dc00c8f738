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
TestInputs = Literal[
    "test", "clipped", "broken", "broken_clipped", "centred", "drawn_raw", "drawn_prepared", "letters"
]  # fmt: skip
UNCHANGED: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to train (or to prepare drawings), beside others that differ from it in one thing.

    Attributes:
        key: Its name in the results.
        label: Its name for people: `No augmentation`.
        recipe: What is trained; its seed is replaced by each of the experiment's.
        x: Its place on the figure's axis, where that is a number: pixels, a fraction, a learning rate.
        series: To which line of the figure it belongs; empty where there is only one.
        test_inputs: What "accuracy" and "confidence" are measured on; see `test_inputs.inputs_for`.
        calibrated: Whether confidences are those with the temperature that fits the validation images.
        model: The name of a shipped model that is measured instead of a training; `recipe` is the one that it was
            trained with, seed and all. The experiment's seed then decides which images it is shown.
    """

    key: str
    label: str
    recipe: Recipe
    x: float | None = None
    series: str = ""
    test_inputs: TestInputs = "test"
    calibrated: bool = False
    model: str = ""

    def with_seed(self, seed: int) -> "Arm":
        """As it is trained with this seed; a shipped model stays as it is."""
        return self if self.model else replace(self, recipe=self.recipe.replace(seed=seed))

    def only_difference(self, other: "Arm") -> str:
        """The one field of the recipe in which they differ; empty when it is none, several, or something else."""
        if (self.test_inputs, self.calibrated, self.model) != (other.test_inputs, other.calibrated, other.model):
            return ""
        mine, others = self.recipe.as_dict(), other.recipe.as_dict()
        fields = [name for name, value in mine.items() if others[name] != value]
        return fields[0] if len(fields) == 1 else ""

    @property
    def training(self) -> Recipe:
        """What is trained for it: arms that differ only in what they are shown share a training."""
        return self.recipe.replace(test_offset_px=0)


@dataclass(frozen=True, slots=True)
class Tuned:
    """Several arms that differ in one setting's value: of each seed, the one that does best on the validation images.

    So neither side of a comparison depends on a strength or a rate that somebody picked. The test images have no part
    in the choice.

    Attributes:
        key: Its name in comparisons.
        label: Its name for people: `Dropout, best strength`.
        of: Keys of the arms.
        usual: The one of them that stands for all in a quick test and in links.
        by: What is lowest in the best one: a key of `metrics.METRICS`, measured on the validation images.
    """

    key: str
    label: str
    of: tuple[str, ...]
    usual: str
    by: str = "validation_loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """What was settled before anything was measured, in words.

    Attributes:
        source: Who says so, in the source's own terms.
        definition: How the field defines what the claim is about, and so what is measured.
        smallest: Why the smallest effect that matters is what it is.
        population: Which models, data and settings were tried, and what the verdict may be generalised to.
    """

    source: str
    definition: str
    smallest: str
    population: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two arms on one metric, and what the claim says of them.

    Attributes:
        control, treatment: Keys of arms, or of several that are tuned. The effect is the treatment's metric minus the
            control's, seed by seed.
        metric: A key of `metrics.METRICS`.
        direction: What the treatment's metric is compared with the control's, if the claim is right.
        min_effect: The smallest effect that matters in practice, in the metric's unit: 0.01 is a point of accuracy.
        label: What is compared, to stand before the effect: `Rotated by up to 15° while training`.
    """

    control: str
    treatment: str
    metric: str
    direction: Direction
    min_effect: float
    label: str


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """The figure of a claim, as a teacher would put it on a slide.

    Attributes:
        kind: `forest`: a row an arm, each metric's mean with its interval; `lines`: metrics against the arms' `x`.
        metrics: Keys of `metrics.METRICS`: the marks of a row, or the lines of a series.
        x_title: What the axis of lines is, with its unit.
        log_x: Whether that axis is logarithmic.
    """

    kind: Literal["forest", "lines"]
    metrics: tuple[str, ...]
    x_title: str = ""
    log_x: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What people say, and the experiment that tests it.

    Attributes:
        id: Its name in addresses and on the command line: `no_augmentation`.
        title: A few words: `Augmentation`.
        statement: The claim, as people say it, in a sentence.
        setup: How it is tested, in a sentence or two: data, model, what differs.
        protocol: What was settled before anything was measured.
        arms: All that is trained.
        tuned: Which of them stand for one another, the best of each seed.
        primary: The comparisons that the claim stands or falls with, at least one.
        secondary: Comparisons that are shown beside those.
        figure: What is drawn of it.
        quick: What every arm changes for a quick test: fewer images, fewer epochs.
        demo_link: Where to see it for oneself: a page (`draw`, `train`, `mistakes`, `data`) and its query.
        answers: The answer in a sentence that a student can repeat, by the verdicts on the primary comparisons in
            their order: so no sentence outlives the results that it was written for.
    """

    id: str
    title: str
    statement: str
    setup: str
    protocol: Protocol
    arms: tuple[Arm, ...]
    tuned: tuple[Tuned, ...] = ()
    primary: tuple[Comparison, ...]
    secondary: tuple[Comparison, ...] = ()
    figure: FigureSpec
    quick: Mapping[str, Value] = field(default_factory=lambda: UNCHANGED)
    demo_link: tuple[str, str] = ("train", "")
    answers: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    def arm(self, key: str) -> Arm:
        """The arm of that name; of several that are tuned, the usual one, by their common name.

        Raises:
            KeyError: When there is none.
        """
        arms = {arm.key: arm for arm in self.arms}
        tuned = {one.key: replace(arms[one.usual], key=one.key, label=one.label) for one in self.tuned}
        return {**arms, **tuned}[key]

    @property
    def sides(self) -> tuple[Arm, ...]:
        """All that can be compared: the arms, and under a common name those that are tuned."""
        return (*self.arms, *(self.arm(one.key) for one in self.tuned))

    def arms_of(self, key: str) -> tuple[str, ...]:
        """The keys of the arms that a side of a comparison stands for: its own, or all that are tuned."""
        return {one.key: one.of for one in self.tuned}.get(key, (key,))

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """All of them, the primary ones first."""
        return self.primary + self.secondary

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that is measured of every arm: what is compared or drawn, each once, in the order of its use."""
        compared = (one.metric for one in self.comparisons)
        return tuple(dict.fromkeys((*compared, *self.figure.metrics, *(one.by for one in self.tuned))))

    @property
    def experiment(self) -> str:
        """What exactly a quick test trains, in 32 hexadecimal digits: results of another experiment say nothing."""
        return self.fingerprint(quick=True)

    def arms_for(self, quick: bool) -> tuple[Arm, ...]:
        """The arms that are trained: all of them, or only those of the primary comparisons, made quick."""
        if not quick:
            return self.arms
        usual = {one.key: one.usual for one in self.tuned}
        wanted = {usual.get(key, key) for one in self.primary for key in (one.control, one.treatment)}
        return tuple(
            arm if arm.model else replace(arm, recipe=arm.recipe.replace(**self.quick))
            for arm in self.arms
            if arm.key in wanted
        )

    def fingerprint(self, *, quick: bool = False) -> str:
        """What exactly is trained and measured, in 32 hexadecimal digits; words do not count.

        Of a recipe only what differs from the defaults counts, so that a new kind of setting leaves results valid.
        """
        trained = [
            (arm.key, arm.recipe.to_query(), arm.test_inputs, arm.calibrated, arm.model) for arm in self.arms_for(quick)
        ]
        content = json.dumps([self.id, trained, sorted(self.metrics)])
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
