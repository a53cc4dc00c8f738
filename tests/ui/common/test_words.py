from datetime import UTC, datetime, timedelta

import pytest

from mnist_core.diagnosis.prediction import Prediction
from mnist_core.ui.common import words


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.989, "98.9 %"),
        (1, "100.0 %"),
        (0, "0.0 %"),
        (0.99999, "over 99.9 %"),
        (0.00001, "under 0.1 %"),
        (0.5, "50.0 %"),
    ],
)
def test_percent_never_rounds_to_certainty(share: float, text: str) -> None:
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("difference", "text"), [(0.0012, "+0.12 points"), (-0.02, "−2.00 points"), (0.00001, "no difference")]
)
def test_points_carry_their_sign(difference: float, text: str) -> None:
    assert words.points(difference) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0 s"), (8.4, "8 s"), (100, "2 min"), (5 * 3600 + 300, "5 h 5 min")]
)
def test_durations_are_said_in_their_largest_units(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-86_400, "just now"),  # the clock was set back since
        (5, "just now"),
        (600, "10 min ago"),
        (86_400 * 1.5, "yesterday"),
        (86_400 * 4, "4 days ago"),
    ],
)
def test_moments_are_told_from_now(seconds: float, text: str) -> None:
    assert words.ago(datetime.now(UTC) - timedelta(seconds=seconds)) == text


def test_an_accuracy_is_told_with_its_count() -> None:
    assert words.wrong_of(0.989, 10_000) == "110 of 10,000 wrong"


def a_reading(verdict, *, first=8, second=1, confidence=0.9, next_best=0.06, distance_percentile=0.5):
    shares = [0.0] * 10
    shares[first], shares[second] = confidence, next_best
    return Prediction(
        tuple(shares), first, confidence, second, confidence - next_best, verdict, 0.4, distance_percentile
    )


def test_an_answer_is_told_with_its_confidence_and_the_next_best() -> None:
    shown = words.answer_of(a_reading("digit"))
    assert (shown.digit, shown.tone) == ("8", "sure")
    assert shown.headline == "Looks like an 8 (90.0 %)"
    assert shown.detail == "Next best: 1 (6.0 %)"


def test_above_99_percent_there_is_no_second_guess() -> None:
    assert words.answer_of(a_reading("digit", confidence=0.992, next_best=0.008)).detail == ""


def test_an_unsure_answer_says_so_in_words() -> None:
    shown = words.answer_of(a_reading("unsure", confidence=0.4, next_best=0.35))
    assert shown.headline == "Unsure: 8 or 1?"
    assert shown.tone == "unsure"


def test_a_strange_shape_with_a_clear_answer_is_not_called_a_tie() -> None:
    shown = words.answer_of(a_reading("unsure", confidence=0.9, distance_percentile=0.985))
    assert shown.headline == "Unsure: perhaps an 8"
    assert shown.detail.startswith("It is farther from MNIST's training digits than 98.5 % of other MNIST digits.")


@pytest.mark.parametrize(
    ("distance_percentile", "said"), [(0.3, "more like a letter"), (0.995, "than 99.5 %"), (1.0, "than any of 5,000")]
)
def test_what_is_no_digit_is_told_how_and_what_it_would_be(distance_percentile: float, said: str) -> None:
    shown = words.answer_of(a_reading("not_a_digit", distance_percentile=distance_percentile))
    assert shown.headline == "This does not look like a digit"
    assert said in shown.detail
    assert shown.order[0] == 8


def test_a_blank_and_what_is_no_digit_are_a_question_mark() -> None:
    blank = Prediction((0.0,) * 10, None, 0.0, None, 0.0, "blank")
    assert words.answer_of(blank).digit == "?"
    assert words.answer_of(a_reading("not_a_digit")).digit == "?"
