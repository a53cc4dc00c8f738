"""Is it the model? One digit, read by several models, and what their answers have in common."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import torch

from mnist_core.preprocessing.pipeline import Preprocessed
from mnist_core.recipe import CONVOLUTIONAL, Recipe
from mnist_core.training.augmentation.augment import is_augmented
from mnist_core.training.inference import predict_calibrated
from mnist_core.training.models import Classifier

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ONLY = "Only those"
_NAMED_AT_MOST = 2  # models that are called by their titles; of more, only how many they are


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one model reads.

    Attributes:
        name: As `runs.registry` knows it.
        title: What people see.
        probabilities: Of the digits 0 to 9, calibrated; they sum to 1.
        digit: The most probable one.
        confidence: Its probability, 0 to 1.
    """

    name: str
    title: str
    probabilities: tuple[float, ...]
    digit: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What several models read in one digit, in the order in which they were asked."""

    opinions: tuple[Opinion, ...]

    @property
    def votes(self) -> dict[int, tuple[Opinion, ...]]:
        """Who reads what: the digits that anybody reads, the most frequent first, a tie by the lower digit."""
        digits = sorted({one.digit for one in self.opinions})
        readers = {digit: tuple(one for one in self.opinions if one.digit == digit) for digit in digits}
        return dict(sorted(readers.items(), key=lambda item: -len(item[1])))

    @property
    def winner(self) -> int | None:
        """The digit that more models read than any other; None when two are read equally often, or none."""
        sizes = [len(readers) for readers in self.votes.values()]
        return next(iter(self.votes)) if sizes and sizes.count(sizes[0]) == 1 else None

    @property
    def agreement(self) -> float:
        """The share of the models that give the most frequent answer, 0 to 1; 0 of no models."""
        return max((len(readers) for readers in self.votes.values()), default=0) / max(1, len(self.opinions))

    @property
    def headline(self) -> str:
        """The vote in a sentence: `Five of seven models read a 7.`"""
        count = len(self.opinions)
        if count == 1:
            return f"One model reads {_a(self.opinions[0].digit)}."
        if len(self.votes) == 1:
            every = "Both" if count == 2 else f"All {_number(count)}"
            return f"{every} models read {_a(self.opinions[0].digit)}."
        if self.winner is None:
            said = ", ".join(
                f"{_number(len(readers))} {_read(readers, digit)}" for digit, readers in self.votes.items()
            )
            return f"The models are split: {said}."
        readers = self.votes[self.winner]
        return f"{_number(len(readers)).capitalize()} of {_number(count)} models {_read(readers, self.winner)}."


def compare(models: Sequence[tuple[str, str, Classifier]], digit: Preprocessed) -> Comparison:
    """Let each model, given as (name, title, model), read the digit; a digit without ink gets no opinions."""
    if digit.blank:
        return Comparison(())
    pixels = torch.from_numpy(digit.pixels).unsqueeze(0)
    opinions = []
    for name, title, model in models:
        probabilities = predict_calibrated(model, pixels)[0]
        answer = int(probabilities.argmax())
        opinions.append(Opinion(name, title, tuple(probabilities.tolist()), answer, float(probabilities[answer])))
    return Comparison(tuple(opinions))


def traits_of(recipe: Recipe) -> frozenset[str]:
    """What may set a model apart from others, as words that follow “those”."""
    return frozenset(
        {
            "trained with augmentation" if is_augmented(recipe) else "trained without augmentation",
            "trained with wrong labels" if recipe.label_noise else "trained with correct labels",
            "with convolutions" if recipe.model in CONVOLUTIONAL else "without convolutions",
        }
    )


def describe_others(comparison: Comparison, traits: Mapping[str, Collection[str]]) -> str:
    """Who reads something else than most, and what sets them or the others apart, if anything does.

    `Only those trained without augmentation read a 1.` or `They are the ones without convolutions. Three read a 3.`

    Args:
        comparison: Without a winner there are no others, and nothing is said.
        traits: Of each model, by name; see `traits_of`.
    """
    if comparison.winner is None or comparison.agreement == 1:
        return ""
    others = {digit: readers for digit, readers in comparison.votes.items() if digit != comparison.winner}
    told = [_tell(digit, readers, comparison, traits) for digit, readers in others.items()]
    most = comparison.votes[comparison.winner]
    trait = _only_theirs(most, comparison, traits) if len(most) > 1 else None
    # Said of the others already, it is the same news.
    if trait and not any(sentence.startswith(_ONLY) for sentence in told):
        told.insert(0, f"They are the ones {trait}.")
    return " ".join(told)


def conclude(comparison: Comparison, label: int, asked: str) -> str:
    """Whether it is the model, in a sentence; empty when the model that was asked reads the label.

    Args:
        comparison: The models' answers.
        label: What was meant.
        asked: The name of the model that people look at.
    """
    right = [one for one in comparison.opinions if one.digit == label]
    if any(one.name == asked for one in right) or not comparison.opinions:
        return ""
    if not right:
        return f"None reads the {label} that was meant: the cause is the drawing rather than the model."
    if len(right) * 2 >= len(comparison.opinions):
        return f"Most read the {label} that was meant: the cause is the model rather than the drawing."
    return f"{_number(len(right)).capitalize()} {_read(right, label)}, as was meant: the model matters here."


def _tell(digit: int, readers: Sequence[Opinion], comparison: Comparison, traits: Mapping[str, Collection[str]]) -> str:
    if len(readers) > 1 and (trait := _only_theirs(readers, comparison, traits)):
        return f"{_ONLY} {trait} {_read(readers, digit)}."
    if len(readers) <= _NAMED_AT_MOST:
        return f"{' and '.join(f'“{one.title}”' for one in readers)} {_read(readers, digit)}."
    return f"{_number(len(readers)).capitalize()} {_read(readers, digit)}."


def _only_theirs(
    readers: Sequence[Opinion], comparison: Comparison, traits: Mapping[str, Collection[str]]
) -> str | None:
    """A trait that all of these models have and no other."""
    names = {one.name for one in readers}
    for trait in sorted({trait for name in names for trait in traits[name]}):
        if {one.name for one in comparison.opinions if trait in traits[one.name]} == names:
            return trait
    return None


def _read(readers: Sequence[Opinion], digit: int) -> str:
    return f"{'reads' if len(readers) == 1 else 'read'} {_a(digit)}"


def _a(digit: int) -> str:
    return f"{'an' if digit == 8 else 'a'} {digit}"


def _number(count: int) -> str:
    return _WORDS[count] if count < len(_WORDS) else str(count)
