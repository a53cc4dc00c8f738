"""A slider that changes a digit, with the curve of each class's probability along it.

Our own, because nothing is asked of the server while it is moved: with `st.slider`, each
step would wait for the page, and the sliders of Plotly cannot be moved with keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.components.register_component import load

_mount = load("sensitivity_slider")


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the curves.

    Attributes:
        place: Where, counted in places of the slider, 0 the first.
        short: A few letters beside the line.
        words: The same in a sentence, under the curves.
        goal: The slider's place that shows it, when it is asked for.
    """

    place: float
    short: str
    words: str
    goal: int


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What lies along the slider, which has N places.

    Attributes:
        title: What the slider changes.
        images: Model input (28 × 28) at each place, uint8 (N, 28, 28).
        amounts: Each place in words.
        answers: What is read there, in words.
        probabilities: Of the ten digits, 0 to 1, (N, 10).
        middle: The place to begin at.
        read: The digit that is read there; None for none.
        meant: The digit that was meant; None when nobody said.
        legend: What the lines are, in words.
        marks: Lines across the curves.
        whole: For each place whether the drawing is all on the paper.
    """

    title: str
    images: NDArray[np.uint8]
    amounts: Sequence[str]
    answers: Sequence[str]
    probabilities: NDArray[np.float32]
    middle: int
    read: int | None
    meant: int | None
    legend: str
    marks: Sequence[Mark]
    whole: Sequence[bool]


def sensitivity_slider(shown: Curves, key: str) -> None:
    """Show the slider, the picture, the answer and the curves; the slider moves in the browser alone."""
    sprite = data_url(shown.images.swapaxes(0, 1).reshape(28, -1))
    probabilities = np.round(shown.probabilities, 4).tolist()
    version = blake2b(repr((shown.title, probabilities)).encode() + sprite.encode(), digest_size=8).hexdigest()
    marks = [{"place": one.place, "short": one.short, "words": one.words, "goal": one.goal} for one in shown.marks]
    _mount(
        key=key,
        data={
            "version": version,
            "title": shown.title,
            "sprite": sprite,
            "amounts": list(shown.amounts),
            "answers": list(shown.answers),
            "probabilities": probabilities,
            "middle": shown.middle,
            "read": shown.read,
            "meant": shown.meant,
            "legend": shown.legend,
            "marks": marks,
            "whole": list(shown.whole),
        },
    )
