import numpy as np
import pytest
import torch
from torch import nn

from mnist_core.diagnosis.model_comparison import (
    Comparison,
    Opinion,
    compare,
    conclude,
    describe_others,
    traits_of,
)
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.recipe import Recipe
from mnist_core.training.models import Classifier


class Stubborn(nn.Module):
    """Always reads the same digit."""

    def __init__(self, digit: int) -> None:
        super().__init__()
        self.digit = digit
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return nn.functional.one_hot(torch.full((len(pixels),), self.digit), 10).float() * 3


def stubborn(digit: int) -> Classifier:
    return Classifier(nn.Sequential(nn.Flatten(), Stubborn(digit)))


def of(*digits: int) -> Comparison:
    """A comparison of models called a, b, c, ... that read these digits."""
    return Comparison(
        tuple(
            Opinion(name, name.upper(), tuple(float(digit == one) for one in range(10)), digit, 1.0)
            for name, digit in zip("abcdefghijkl", digits, strict=False)
        )
    )


@pytest.mark.parametrize(
    ("digits", "headline", "winner", "agreement"),
    [
        ((7, 7, 7, 7, 1, 7, 1), "Five of seven models read a 7.", 7, 5 / 7),
        ((8, 8, 8), "All three models read an 8.", 8, 1),
        ((8, 8), "Both models read an 8.", 8, 1),
        ((4,), "One model reads a 4.", 4, 1),
        ((4, 9), "The models are split: one reads a 4, one reads a 9.", None, 1 / 2),
        ((9, 4, 9, 4, 8), "The models are split: two read a 4, two read a 9, one reads an 8.", None, 2 / 5),
        ((1, 2, 3, 3), "Two of four models read a 3.", 3, 1 / 2),
        ((1,) * 11 + (2,), "11 of 12 models read a 1.", 1, 11 / 12),
    ],
)
def test_the_vote_is_counted_and_said(digits, headline, winner, agreement) -> None:
    found = of(*digits)
    assert found.headline == headline
    assert found.winner == winner
    assert found.agreement == pytest.approx(agreement)
    assert {digit: len(readers) for digit, readers in found.votes.items()} == {d: digits.count(d) for d in set(digits)}


def test_nobody_asked_is_nobody_heard() -> None:
    assert (of().winner, of().agreement, of().votes) == (None, 0, {})


PLAIN, AUGMENTED = {"plain", "any"}, {"augmented", "any"}


@pytest.mark.parametrize(
    ("digits", "plain", "said"),
    [
        ((7, 7, 7, 1, 1), "de", "Only those plain read a 1."),
        ((7, 7, 7, 1, 1), "cde", "“D” and “E” read a 1."),  # c is plain too, and reads a 7
        ((7, 7, 7, 7, 1), "e", "They are the ones augmented. “E” reads a 1."),
        ((7, 7, 7, 7, 1), "de", "“E” reads a 1."),
        ((7, 7, 7, 7, 1, 2, 2), "fg", "Only those plain read a 2. “E” reads a 1."),
        ((7, 7, 7, 7, 1, 1, 1), "d", "Three read a 1."),
        ((7, 7, 7, 7, 1, 2, 3), "abcd", "They are the ones plain. “E” reads a 1. “F” reads a 2. “G” reads a 3."),
        ((7, 7, 7, 7), "", ""),  # all have it, and there are no others
        ((7, 7), "b", ""),
        ((7, 1), "b", ""),
    ],
)
def test_what_sets_the_others_apart_is_said_when_it_is_theirs_alone(digits, plain, said) -> None:
    traits = {name: PLAIN if name in plain else AUGMENTED for name in "abcdefg"}
    assert describe_others(of(*digits), traits) == said


def test_traits_follow_from_the_recipe() -> None:
    assert traits_of(Recipe(shift_x=0.1)) ^ traits_of(Recipe()) == {
        "trained with augmentation", "trained without augmentation",
    }  # fmt: skip
    assert "trained with wrong labels" in traits_of(Recipe(label_noise=0.3))
    assert "without convolutions" in traits_of(Recipe(model="svm"))
    assert "with convolutions" in traits_of(Recipe(model="net"))


@pytest.mark.parametrize(
    ("digits", "asked", "begins"),
    [
        ((7, 1, 1), "a", ""),
        ((1, 1, 1), "a", "None reads the 7"),
        ((1, 7, 7), "a", "Most read the 7"),
        ((1, 1, 7), "a", "One reads a 7, as was meant"),
        ((), "a", ""),
    ],
)
def test_what_follows_for_the_model_that_was_asked(digits, asked, begins) -> None:
    said = conclude(of(*digits), 7, asked)
    assert said.startswith(begins)
    assert bool(said) == bool(begins)


def test_models_are_asked_in_order_and_as_sure_as_they_may_be() -> None:
    picture = np.zeros((280, 280), np.uint8)
    picture[60:220, 130:150] = 255
    hot = stubborn(1)
    hot.temperature = 2.0
    found = compare([("x", "X", stubborn(4)), ("y", "Y", hot)], preprocess(picture))
    assert [(one.name, one.title, one.digit) for one in found.opinions] == [("x", "X", 4), ("y", "Y", 1)]
    assert found.opinions[0].confidence == pytest.approx(np.exp(3) / (np.exp(3) + 9), abs=1e-6)
    assert found.opinions[1].confidence == pytest.approx(np.exp(1.5) / (np.exp(1.5) + 9), abs=1e-6)
    assert sum(found.opinions[1].probabilities) == pytest.approx(1, abs=1e-5)


def test_a_blank_gets_no_opinions() -> None:
    assert compare([("x", "X", stubborn(4))], preprocess(np.zeros((280, 280), np.uint8))).opinions == ()
