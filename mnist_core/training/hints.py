"""Hints: what a run's events say about why it goes wrong, in words, with the numbers and a suggested change.

Each rule probes for one cause and speaks only when the events show it. A rule knows what it has seen, never how the
run was set up to fail: the recipe only tells it which change is left to suggest.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from mnist_core.activations import ACTIVATIONS
from mnist_core.fields import Value
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.events import Diverged, Epoch, EpochCheck, Event, Finished, ProbeResult, Step

GUESSING_LOSS = math.log(10)
"""The cross-entropy of a model that gives all ten digits the same chance, in nats."""

_PARTS = 20  # of a loss curve, each smoothed to its mean
_FEW_STEPS = 30  # before that, a curve says nothing yet
_FADED = 1e-3  # of the last layer's gradient: what is left of it at the first layer
_MANY_DEAD = 0.5
_PROBES = 3  # how many probes must agree


@dataclass(frozen=True, slots=True)
class RunHistory:
    """What is known of a run, each part in order.

    Attributes:
        steps: All steps or some, evenly chosen.
        diverged_at: The step at which the loss became NaN; None when it did not.
        test_accuracy: 0 to 1, of a run that has finished; None otherwise.
    """

    steps: Sequence[Step] = ()
    epochs: Sequence[Epoch] = ()
    measured: Sequence[ProbeResult] = ()
    checked: Sequence[EpochCheck] = ()
    diverged_at: int | None = None
    test_accuracy: float | None = None

    @classmethod
    def of(cls, events: Sequence[Event]) -> "RunHistory":
        """The history that a run's events make."""

        def all_of(kind: type[Any]) -> list[Any]:
            return [event for event in events if isinstance(event, kind)]

        return cls(
            steps=all_of(Step),
            epochs=all_of(Epoch),
            measured=all_of(ProbeResult),
            checked=all_of(EpochCheck),
            diverged_at=next((event.step for event in all_of(Diverged)), None),
            test_accuracy=next((event.test_accuracy for event in all_of(Finished)), None),
        )

    @property
    def last_check(self) -> EpochCheck | None:
        """The newest check of an epoch; None before the first."""
        return self.checked[-1] if self.checked else None

    def smooth_losses(self) -> list[float]:
        """The training loss as twenty means, oldest first; empty before there are enough steps."""
        losses = [step.loss for step in self.steps if math.isfinite(step.loss)]
        if not self.steps or self.steps[-1].step < _FEW_STEPS or len(losses) < _PARTS:
            return []
        ends = [round(part * len(losses) / _PARTS) for part in range(_PARTS + 1)]
        return [fmean(losses[start:end]) for start, end in pairwise(ends)]


@dataclass(frozen=True, slots=True)
class Hint:
    """Something a run shows, and what to try.

    Attributes:
        code: Its name in `DESIGN`'s table of causes, such as `overfit`; no two hints for one run share one.
        title: What it is, in a few words.
        text: What was seen, with the numbers, and what it means.
        change: The recipe's fields to change, with their new values; at least one.
        step: Where on the curve it happened; None when it is about the whole of it.
    """

    code: str
    title: str
    text: str
    change: Mapping[str, Value] = field(default_factory=dict)
    step: int | None = None


def hints(recipe: Recipe, history: RunHistory) -> tuple[Hint, ...]:
    """What the history shows, the most important first. A healthy run, or one that has hardly begun, shows nothing.

    What follows from something more important is left out: if gradients vanish, it goes without saying that the
    model underfits.
    """
    found: dict[str, Hint] = {}
    for name, (find, hidden_by) in RULES.items():
        if not hidden_by & found.keys():
            hint = find(recipe, history)
            if hint is not None:
                found[name] = hint
    return tuple(found.values())


Rule = Callable[[Recipe, RunHistory], Hint | None]

RULES: dict[str, tuple[Rule, set[str]]] = {}
"""The rules by their names, the most important first, and the findings that make each one superfluous."""

_NO_LEARNING = ("diverged", "bad_kernel_width", "vanishing_gradient", "dead_units", "learning_rate_too_high")


def rule(*hidden_by: str) -> Callable[[Rule], Rule]:
    """A rule, which stands after all more important ones; nothing is said of it when one of those others was found."""

    def register(find: Rule) -> Rule:
        RULES[find.__name__] = find, set(hidden_by)
        return find

    return register


# --- the rules --------------------------------------------------------------------------------------------


@rule()
def diverged(recipe: Recipe, history: RunHistory) -> Hint | None:
    """The loss became NaN (not a number)."""
    if history.diverged_at is None:
        return None
    rate = history.steps[-1].learning_rate if history.steps else recipe.learning_rate
    return Hint(
        "diverged",
        "The training diverged",
        f"At step {history.diverged_at:,} the loss became NaN (not a number) at a learning rate of {rate:.2g}. Each "
        "step overshot further than the last.",
        _lower_rate(recipe, history),
        history.diverged_at,
    )


@rule()
def bad_kernel_width(recipe: Recipe, history: RunHistory) -> Hint | None:
    """The kernel of a support vector machine is too narrow or too wide."""
    last = history.last_check
    if last is None or last.kernel_median is None:
        return None
    right = _validation_accuracy(last)
    usual: dict[str, Value] = {"svm_gamma": FIELDS["svm_gamma"].default, "scaling": FIELDS["scaling"].default}
    change = _those_that_change(recipe, usual)
    seen = "The median kernel value of two different training images is"
    if last.kernel_median < 0.01 and last.training_accuracy - right > 0.1:
        pixels = " for separately scaled pixels" if recipe.scaling == "per_pixel" else ""
        text = (
            f"{seen} {last.kernel_median:.1g} (of 1): the kernel matrix is close to the identity. So training accuracy "
            f"is {last.training_accuracy:.1%}, memorised, and validation accuracy {right:.1%}. The gamma of "
            f"{recipe.svm_gamma:.2g} is too high{pixels}."
        )
        return Hint("bad_kernel_width", "Gamma is too high", text, change)
    if last.kernel_median > 0.9 and last.training_accuracy < 0.9:
        text = (
            f"{seen} {last.kernel_median:.3f} (of 1): the model can hardly tell them apart. Training accuracy is only "
            f"{last.training_accuracy:.1%}."
        )
        return Hint("bad_kernel_width", "Gamma is too low", text, change)
    return None


@rule("diverged")
def vanishing_gradient(recipe: Recipe, history: RunHistory) -> Hint | None:
    """The first layers get hardly any gradient in the first steps."""
    probes = history.measured[:_PROBES] if len(history.measured) >= _PROBES else ()
    norms = [list(probe.gradient_norms.values()) for probe in probes]
    shares = [each[0] / each[-1] for each in norms if each and each[-1] > 0]
    if len(shares) < _PROBES or median(shares) >= _FADED or not _learns_badly(history):
        return None
    remedies: dict[str, Value] = {"batch_norm": True, "initialization": "kaiming", "activation": "relu"}
    weakest = min(1.0, median(shares))
    return Hint(
        "vanishing_gradient",
        "Vanishing gradients",
        f"In the first steps, the first layer's gradient was {1 / max(weakest, 1e-12):,.0f} times smaller than the "
        "last layer's, so the first layers hardly learn. Causes: sigmoid's small slope, initial weights that are too "
        "small, many layers.",
        _those_that_change(recipe, remedies),
    )


@rule("diverged", "vanishing_gradient")
def learning_rate_too_high(recipe: Recipe, history: RunHistory) -> Hint | None:
    """The loss rises or oscillates."""
    losses = history.smooth_losses()
    if not losses:
        return None
    first, lowest = history.steps[0].loss, min(losses)
    highest = max(losses[losses.index(lowest) :]) if lowest < first else max(losses)
    wild = max(losses) > 1.5 * max(first, GUESSING_LOSS)
    came_back = losses[-1] < 0.5
    climbs = highest > max(2.5 * lowest, lowest + 0.5)
    if not (wild or climbs) or came_back:
        return None
    seen = f"rose to {max(losses):.2f}" if wild else f"rose again to {highest:.2f} after it had been {lowest:.2f}"
    return Hint(
        "learning_rate_too_high",
        "The learning rate is too high",
        f"The training loss began at {first:.2f} and {seen}: at a learning rate of up to {_highest_rate(history):.2g}, "
        "steps overshoot the minimum.",
        _lower_rate(recipe, history),
    )


@rule("diverged", "vanishing_gradient")
def dead_units(recipe: Recipe, history: RunHistory) -> Hint | None:
    """Most units of a layer are inactive for every image."""
    probes = history.measured[-_PROBES:]
    if len(probes) < _PROBES or not probes[-1].dead_units:
        return None
    dead = {name: min(probe.dead_units.get(name, 0.0) for probe in probes) for name in probes[-1].dead_units}
    layer, share = max(dead.items(), key=lambda item: item[1])
    if share < _MANY_DEAD:
        return None
    is_bounded = ACTIVATIONS[recipe.activation].bounds is not None
    doing = "are saturated" if is_bounded else "stay at zero"
    remedies: dict[str, Value] = {"batch_norm": True, "initialization": "kaiming"}
    change = _those_that_change(recipe, remedies) or _lower_rate(recipe, history)
    return Hint(
        "dead_units",
        "Many units are dead",
        f"In {layer}, {share:.0%} of the units {doing} for every image. They pass on no gradient, so most of them will "
        "not recover. Causes: a learning rate that is too high, or initial weights that are too large.",
        change,
        probes[-1].step,
    )


@rule(*_NO_LEARNING)
def learning_rate_too_low(recipe: Recipe, history: RunHistory) -> Hint | None:
    """The loss falls too slowly."""
    losses = history.smooth_losses()
    if not losses or losses[-1] < 0.5 or max(losses) > 1.1 * losses[0]:
        return None
    if _highest_rate(history) >= _usual_rate(recipe) / 2:  # then something else keeps the loss up
        return None
    fall = losses[0] - losses[-1]
    hardly_moved = fall < 0.1 * losses[0]
    if not hardly_moved and losses[-_PARTS // 3] - losses[-1] < 0.15 * fall:
        return None
    doing = "it has hardly moved" if hardly_moved else "it is still falling"
    return Hint(
        "learning_rate_too_low",
        "The learning rate is too low",
        f"In {history.steps[-1].step:,} steps the training loss only went from {losses[0]:.2f} to {losses[-1]:.2f}: "
        f"{doing}. At a learning rate of {_highest_rate(history):.2g} it would take very long.",
        {"learning_rate": _notch(min(_usual_rate(recipe), _highest_rate(history) * 100))},
    )


@rule(*_NO_LEARNING)
def label_noise(recipe: Recipe, history: RunHistory) -> Hint | None:
    """The model contradicts labels of its own training images."""
    last = history.last_check
    if last is None or last.kernel_median is not None:
        return None
    other, wrong = 1 - last.training_accuracy, 1 - _validation_accuracy(last)
    # Training images are not predicted worse than new ones, unless their labels are wrong.
    if other - wrong < 0.04 and not last.contradicted >= max(0.03, 2 * wrong):
        return None
    return Hint(
        "label_noise",
        "Many labels may be wrong",
        f"For {other:.1%} of {last.images:,} training images, the model's prediction contradicts the label, for "
        f"{last.contradicted:.1%} with a confidence above 50 %; its error on validation images is only {wrong:.1%}. "
        "If a model does better on unseen images than on those it learned from, the training labels are probably "
        "wrong, or the images are not digits.",
        _those_that_change(recipe, {"cleaning": True}) or {"label_smoothing": 0.1},
    )


@rule(*_NO_LEARNING)
def class_imbalance(recipe: Recipe, history: RunHistory) -> Hint | None:
    """A rare digit is recognised less often than the others."""
    last = history.last_check
    if last is None:
        return None
    kept = [getattr(recipe, f"keep_{digit}") for digit in range(10)]
    recalls = [_share(row[digit], sum(row)) for digit, row in enumerate(last.confusion)]
    digit = min(range(10), key=lambda each: recalls[each])
    usual = median(recalls)
    if kept[digit] > 0.5 * median(kept) or usual - recalls[digit] < 0.03:
        return None
    others = [count if read != digit else -1 for read, count in enumerate(last.confusion[digit])]
    taken_for = max(range(10), key=lambda each: others[each])
    remedies: dict[str, Value] = {"balance": "resample"} if kept[digit] > 0 and recipe.balance == "none" else {}
    return Hint(
        "class_imbalance",
        f"The digit {digit} is rare, and its recall is low",
        f"The recall of the {digit} on the validation images is only {recalls[digit]:.1%}; the median digit's is "
        f"{usual:.1%}. {_share(others[taken_for], sum(last.confusion[digit])):.1%} of the {digit}s are mistaken for "
        f"a {taken_for}. Only {kept[digit]:.0%} of the {digit}s are in the training set.",
        remedies or {f"keep_{digit}": 1.0},
    )


@rule(*_NO_LEARNING)
def overfit(recipe: Recipe, history: RunHistory) -> Hint | None:
    """Much better on the training images than on the validation images."""
    last = history.last_check
    if last is None or not history.epochs or last.kernel_median is not None:
        return None
    validation = history.epochs[-1]
    gap = last.training_accuracy - validation.validation_accuracy
    losses_apart = validation.validation_loss > 2 * last.training_loss and validation.validation_loss > 0.1
    if gap < 0.02 or not losses_apart:
        return None
    return Hint(
        "overfit",
        "The model overfits",
        f"Training accuracy is {last.training_accuracy:.1%}, validation accuracy {validation.validation_accuracy:.1%}; "
        f"the loss is {last.training_loss:.3f} in training and {validation.validation_loss:.3f} in validation. The "
        "model has memorised its training images.",
        _against_overfitting(recipe),
    )


@rule(*_NO_LEARNING)
def early_stopping(recipe: Recipe, history: RunHistory) -> Hint | None:
    """The validation loss was lower some epochs ago."""
    if recipe.early_stopping or len(history.epochs) < 5:
        return None
    best = min(history.epochs, key=lambda row: row.validation_loss)
    last = history.epochs[-1]
    if last.epoch - best.epoch < 3 or last.validation_loss < 1.1 * best.validation_loss:
        return None
    return Hint(
        "trained_too_long",
        "It was better before",
        f"The validation loss was lowest after epoch {best.epoch} ({best.validation_loss:.3f}) and is "
        f"{last.validation_loss:.3f} after epoch {last.epoch}. Early stopping would have kept that "
        "model.",
        {"early_stopping": 3},
    )


@rule(*_NO_LEARNING, "learning_rate_too_low", "label_noise", "class_imbalance")
def underfit(recipe: Recipe, history: RunHistory) -> Hint | None:
    """Accuracy is low even on the training images."""
    last = history.last_check
    if last is None or not history.epochs or last.kernel_median is not None:
        return None
    gap = last.training_accuracy - _validation_accuracy(last)
    if last.training_accuracy > 0.95 or abs(gap) > 0.02:
        return None
    return Hint(
        "underfit",
        "The model underfits",
        f"Even training accuracy is only {last.training_accuracy:.1%}, no higher than validation accuracy "
        f"({_validation_accuracy(last):.1%}): the model is too simple, too strongly regularised, or has not trained "
        "for long enough.",
        _against_underfitting(recipe),
    )


@rule(*_NO_LEARNING, "overfit")
def test_differs(recipe: Recipe, history: RunHistory) -> Hint | None:
    """Much worse on the test images than on the validation images."""
    if history.test_accuracy is None or not history.epochs:
        return None
    best = min(history.epochs, key=lambda row: row.validation_loss)
    validation = (best if recipe.early_stopping else history.epochs[-1]).validation_accuracy
    if validation < 0.8 or validation - history.test_accuracy < 0.03:
        return None
    return Hint(
        "off_center",
        "The test images are different",
        f"Validation accuracy is {validation:.1%}, test accuracy {history.test_accuracy:.1%}. Chance does not explain "
        "that: the test images differ from the training images. If they are off-centre, random shifts in training "
        "help.",
        _those_that_change(recipe, {"shift_x": 0.2, "shift_y": 0.2}) or {"zoom": 0.15},
    )


# --- what the rules read ----------------------------------------------------------------------------------


def _validation_accuracy(checked: EpochCheck) -> float:
    right = sum(row[digit] for digit, row in enumerate(checked.confusion))
    return _share(right, sum(map(sum, checked.confusion)))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _learns_badly(history: RunHistory) -> bool:
    """Whether the model is still near guessing, or was when its first epoch ended."""
    if history.epochs:
        return history.epochs[0].validation_accuracy < 0.9
    losses = history.smooth_losses()
    return bool(losses) and losses[-1] > 0.8 * GUESSING_LOSS


def _highest_rate(history: RunHistory) -> float:
    return max(step.learning_rate for step in history.steps)


# --- what the rules suggest -------------------------------------------------------------------------------


def _lower_rate(recipe: Recipe, history: RunHistory) -> dict[str, Value]:
    used = max((step.learning_rate for step in history.steps), default=recipe.learning_rate)
    return {"learning_rate": _notch(min(used / 10, _usual_rate(recipe)))}


def _usual_rate(recipe: Recipe) -> float:
    """What usually goes well: found with the small CNN, with and without batch normalisation."""
    rates = {"sgd": 0.1, "momentum": 0.02, "nesterov": 0.02, "rmsprop": 0.001}
    return rates.get(recipe.optimizer, 0.01 if recipe.batch_norm else 0.001)


def _against_overfitting(recipe: Recipe) -> dict[str, Value]:
    if recipe.train_images < 20_000:
        return {"train_images": 55_000}
    gentle: dict[str, Value] = {"rotation_deg": 10.0, "shift_x": 0.07, "shift_y": 0.07, "zoom": 0.1}
    if not recipe.rotation_deg and not recipe.shift_x:
        return gentle
    return {"dense_dropout": 0.5} if recipe.dense_dropout < 0.5 else {"weight_decay": 0.01}


def _against_underfitting(recipe: Recipe) -> dict[str, Value]:
    loosened: dict[str, Value] = {}
    if max(recipe.conv_dropout, recipe.dense_dropout) > 0.5:
        loosened |= {"conv_dropout": 0.0, "dense_dropout": 0.0}
    if recipe.weight_decay > 0.01 or recipe.l1 > 1e-4:
        loosened |= {"weight_decay": 1e-4, "l1": 0.0}
    if recipe.width < 1:
        loosened |= {"width": 1.0}
    if recipe.activation == "none":
        loosened |= {"activation": "relu"}
    if recipe.model == "linear":
        loosened |= {"model": "cnn"}
    return _those_that_change(recipe, loosened) or {"epochs": min(200, recipe.epochs * 3)}


def _those_that_change(recipe: Recipe, wanted: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in wanted.items() if getattr(recipe, name) != value}


def _notch(rate: float) -> float:
    """The next lower of 1, 2, 5, 10, 20, ..., of which the form's slider has its places."""
    rate = max(rate, FIELDS["learning_rate"].low)
    decade = 10 ** math.floor(math.log10(rate))
    return float(f"{max(part * decade for part in (1, 2, 5) if part * decade <= rate * 1.001):.1g}")
