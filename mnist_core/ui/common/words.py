"""Numbers and states in words that a class understands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mnist_core.ui.components.answer import Answer

if TYPE_CHECKING:  # these rooms load torch, which must not hold up a page's first paint
    from mnist_core.diagnosis.prediction import Prediction
    from mnist_core.runs.queue.live import Live
    from mnist_core.runs.run import Run

NOTHING_DRAWN = Answer("?", "Nothing to read yet", "Draw a digit: the answer comes with the first stroke.", "none")
NOTHING_UPLOADED = Answer("?", "Nothing to read yet", "Choose a picture: the answer comes by itself.", "none")
NOTHING_FOUND = Answer("?", "No ink found", "The picture looks empty. Try one with a clear, dark digit.", "none")

_EITHER_BELOW = 0.8  # confidence from which the second guess is no rival
_NO_RIVAL_FROM = 0.99  # confidence above which the second guess is not worth a line
_FAR_FROM = 0.95  # of MNIST's digits nearer than this one, from which that is worth telling

STATES = {
    "queued": ("Waiting", ":material/hourglass_empty:"),
    "running": ("Training", ":material/model_training:"),
    "paused": ("Paused", ":material/pause_circle:"),
    "finished": ("Finished", ":material/check_circle:"),
    "stopped": ("Stopped", ":material/stop_circle:"),
    "diverged": ("Diverged", ":material/trending_up:"),
    "failed": ("Failed", ":material/error:"),
    "interrupted": ("Interrupted", ":material/power_off:"),
}
"""Of each state of a run: the word for it and its icon."""


def answer_of(reading: "Prediction") -> Answer:
    """The prediction as it is shown; `NOTHING_FOUND` for a blank."""
    if reading.verdict == "blank":
        return NOTHING_FOUND
    shown = answer_of_probabilities(reading.probabilities)
    if reading.verdict == "digit":
        return shown
    first, second = shown.order
    if reading.distance_percentile < _FAR_FROM:
        unlike = "It looks more like a letter, a symbol or a scribble than like a digit."
    elif reading.distance_percentile < 1:
        nearer = percent(reading.distance_percentile)
        unlike = f"It is farther from MNIST's training digits than {nearer} of other MNIST digits."
    else:
        unlike = "It is farther from MNIST's training digits than any of 5,000 other MNIST digits."
    if reading.verdict == "not_a_digit":
        return replace(shown, digit="?", headline="This does not look like a digit", detail=unlike, tone="unsure")
    if reading.confidence < _EITHER_BELOW:
        return replace(shown, headline=f"Unsure: {first} or {second}?", tone="unsure")
    headline = f"Unsure: perhaps {named(first)}"
    return replace(shown, headline=headline, detail=f"{unlike} {shown.detail}".rstrip(), tone="unsure")


def answer_of_probabilities(probabilities: Sequence[float]) -> Answer:
    """The answer that ten probabilities stand for, 0 to 1."""
    shown = Answer("", "", "", "sure", tuple(probabilities))
    first, second = shown.order
    confidence = probabilities[first]
    next_best = "" if confidence > _NO_RIVAL_FROM else f"Next best: {second} ({percent(probabilities[second])})"
    return replace(shown, digit=str(first), headline=looks_like(first, confidence), detail=next_best)


def looks_like(digit: int, confidence: float) -> str:
    """`Looks like a 5 (98.9 %)`."""
    return f"Looks like {named(digit)} ({percent(confidence)})"


def percent(share: float, digits: int = 1) -> str:
    """`0.989` as `98.9 %`, and never `100.0 %` or `0.0 %` for what is not quite that."""
    shown = round(share * 100, digits)
    smallest = 10**-digits
    if shown == 100 and share < 1:
        return f"over {100 - smallest:.{digits}f} %"
    if shown == 0 and share > 0:
        return f"under {smallest:.{digits}f} %"
    return f"{shown:.{digits}f} %"


def points(difference: float) -> str:
    """A difference of two shares: `+0.12 points`."""
    shown = round(difference * 100, 2)
    return "no difference" if shown == 0 else f"{shown:+.2f} points".replace("-", "−")


def duration(seconds: float) -> str:
    """A length of time as people say it: `8 s`, `2 min`, `1 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def ago(moment: datetime) -> str:
    """How long ago that was."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 86_400:
        return f"{duration(seconds)} ago"
    days = int(seconds // 86_400)
    return "yesterday" if days == 1 else f"{days} days ago"


def wrong_of(accuracy: float, count: int) -> str:
    """`110 of 10,000 wrong`."""
    return f"{round((1 - accuracy) * count):,} of {count:,} wrong"


def waiting(live: "Live") -> str:
    """What a queued run waits for, and for how long where that is known."""
    waits = live.waiting
    if waits is None or not waits.runs:
        return "Starting worker"
    when = "" if waits.seconds is None else f" · starts in about {duration(waits.seconds)}"
    if waits.is_own:
        return f"Waiting: your other run comes first{when}"
    return f"Waiting: {waits.runs} {'run' if waits.runs == 1 else 'runs'} ahead of yours{when}"


def share_done(live: "Live") -> float:
    """How much of a run is done, 0 to 1."""
    if live.fitted:
        return live.fitted.done / live.fitted.of
    return min(1.0, live.steps_done / live.steps) if live.steps else 0.0


def left(live: "Live") -> str:
    """The time that a run will still take, to stand behind what is done; empty where that is not known."""
    return "" if live.remaining_s is None else f" · about {duration(live.remaining_s)} left"


def result_of(run: "Run") -> str:
    """The one number that says most about a run, in words; empty before its first epoch."""
    if run.test_accuracy is not None:
        return f"{percent(run.test_accuracy, 2)} on the test set"
    if run.validation_accuracy is not None:
        return f"{percent(run.validation_accuracy, 2)} on validation"
    return ""


def counted(count: int, things: str) -> str:
    """`1 image`, `1,200 images`."""
    return f"{count:,} {things.removesuffix('s') if count == 1 else things}"


def named(digit: int) -> str:
    """`a 5`, `an 8`."""
    return f"an {digit}" if digit == 8 else f"a {digit}"
