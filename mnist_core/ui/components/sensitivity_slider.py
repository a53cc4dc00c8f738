"""A slider that changes a digit, with the curve of each class's probability along it.

Our own, because nothing is asked of the server while it is moved: with `st.slider`, each
step would wait for the page, and the sliders of Plotly cannot be moved with keys.
"""

import math
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import data_url, grey
from mnist_core.ui.components.register_component import load

if TYPE_CHECKING:
    from mnist_core.diagnosis.sensitivity import FlipPoint, SensitivityCurve

_mount = load("sensitivity_slider")


def sensitivity_slider(found: "SensitivityCurve", meant: int | None, key: str) -> None:
    """Show the slider, the picture, the answer and the curves; the slider moves in the browser alone.

    Args:
        found: The drawing under one kind of change.
        meant: The digit that was meant; None when nobody said.
        key: The part's name on the page.
    """
    kind, read = found.kind, int(found.answers[found.kind.middle])
    sprite = data_url(grey(found.pixels).swapaxes(0, 1).reshape(28, -1))
    probabilities = np.round(found.probabilities, 4).tolist()
    version = blake2b(repr((kind.title, probabilities)).encode() + sprite.encode(), digest_size=8).hexdigest()
    _mount(
        key=key,
        data={
            "version": version,
            "title": kind.title,
            "sprite": sprite,
            "amounts": [kind.words(amount) for amount in kind.amounts],
            "answers": [
                words.looks_like(int(digit), float(row[digit])) if digit >= 0 else "Nothing left to read"
                for digit, row in zip(found.answers, found.probabilities, strict=True)
            ],
            "probabilities": probabilities,
            "middle": kind.middle,
            "read": read if read >= 0 else None,
            "meant": meant,
            "legend": legend_of(read, meant),
            "marks": [_mark(one, kind.middle) for one in found.breaks],
            "whole": found.whole.tolist(),
        },
    )


def legend_of(read: int, meant: int | None) -> str:
    """What the lines are."""
    thick = f"Thick: {read}, the model's answer. " if read >= 0 else ""
    dashed = "" if meant is None or meant == read else f"Dashed: {meant}, which was meant. "
    return f"{thick}{dashed}Dotted: digits that win somewhere. Thin: the rest."


def _mark(one: "FlipPoint", middle: int) -> dict[str, Any]:
    """A line across the curves with a few letters beside it, and the place that shows what is beyond."""
    return {
        "place": one.place,
        "short": "nothing left" if one.digit < 0 else f"becomes {words.named(one.digit)}",
        "words": f"{one.words[0].upper()}{one.words[1:]}",
        "goal": math.floor(one.place) if one.place < middle else math.ceil(one.place),
    }
