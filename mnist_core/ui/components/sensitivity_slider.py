"""The curve of each class's probability while a digit is changed more and more, and a slider along it.

ECharts draws the curves. The slider is our own, because nothing is asked of the server while it is moved: with
`st.slider`, each step would wait for the page, and the sliders of Plotly cannot be moved with keys.
"""

import math
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import streamlit as st

from mnist_core.ui import charts
from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import data_url, grey
from mnist_core.ui.components.register_component import load

if TYPE_CHECKING:
    from mnist_core.diagnosis.sensitivity import FlipPoint, SensitivityCurve

_mount = load("sensitivity_slider")

_LEFT, _RIGHT, _FOOT, _PLOT = 48, 26, 26, 190  # px around the curves, and of their height; the slider below knows them
_ROW = 17  # px of one line of words above the curves
_SEEN_FROM = 4  # per cent: a line that ends lower has no name there,
_PEAK_FROM = 12  # and one that never gets so probable has none at all
_READ, _MEANT = charts.STYLES[:2]
_LOOKS: tuple[dict[str, Any], ...] = (
    {"width": 1, "color": charts.GRAY, "opacity": 0.5},
    {"width": 2, "color": charts.GRAY, "type": "dotted"},
    {"width": 2.5, "color": _MEANT.color, "type": "dashed"},
    {"width": 3, "color": _READ.color},
)
"""How the line of a class is drawn, by its rank."""


def sensitivity_slider(found: "SensitivityCurve", meant: int | None, key: str) -> None:
    """Show the curves, and below them the slider, the picture and the answer; it moves in the browser alone.

    Args:
        found: The drawing under one kind of change.
        meant: The digit that was meant; None when nobody said.
        key: The part's name on the page.
    """
    kind, legend = found.kind, legend_of(int(found.answers[found.kind.middle]), meant)
    cut = "" if found.whole.all() else " Grey area: part of the drawing lies off the paper and is cut off."
    data = {
        "title": kind.title,
        "sprite": data_url(grey(found.pixels).swapaxes(0, 1).reshape(28, -1)),
        "amounts": [kind.words(amount) for amount in kind.amounts],
        "answers": [
            words.looks_like(int(digit), float(row[digit])) if digit >= 0 else "Nothing left to read"
            for digit, row in zip(found.answers, found.probabilities, strict=True)
        ],
        "highest": found.probabilities.max(axis=1).round(4).tolist(),
        "middle": kind.middle,
        "legend": legend + cut,
        "marks": [_mark(one, kind.middle) for one in found.breaks],
        "plot_px": _PLOT,
    }
    with st.container(gap=None):
        spec = spec_of(found, meant)
        height_px = spec["grid"]["top"] + _PLOT + _FOOT
        st.echarts_chart(spec, height=height_px, key=f"{key}_chart", alt=f"{kind.title}: {legend}")
        _mount(key=key, data={"version": blake2b(repr(data).encode(), digest_size=8).hexdigest(), **data})


def legend_of(read: int, meant: int | None) -> str:
    """What the lines are."""
    thick = f"Thick: {read}, the model's answer. " if read >= 0 else ""
    dashed = "" if meant is None or meant == read else f"Dashed: {meant}, which was meant. "
    return f"{thick}{dashed}Dotted: digits that win somewhere. Thin: the rest."


def _mark(one: "FlipPoint", middle: int) -> dict[str, Any]:
    """What it says of a break, and the place that shows what is beyond."""
    return {
        "words": f"{one.words[0].upper()}{one.words[1:]}",
        "goal": math.floor(one.place) if one.place < middle else math.ceil(one.place),
    }


def spec_of(found: "SensitivityCurve", meant: int | None) -> dict[str, Any]:
    """The curves as an ECharts option object; a second axis of numbers has the marks that lie between two places."""
    kind, last = found.kind, len(found.kind.amounts) - 1
    ranks = {digit: _rank(found, digit, meant) for digit in range(10)}
    ends = {"customValues": sorted({0, kind.middle, last}), "alignMinLabel": "left", "alignMaxLabel": "right"}
    amounts = [kind.words(amount) for amount in kind.amounts]
    names = {"type": "category", "data": amounts, "boundaryGap": False, "axisTick": {"show": False}}
    between = {"type": "value", "min": 0, "max": last, "show": False, "axisPointer": {"show": False}}
    margins = {"left": _LEFT, "right": _RIGHT, "bottom": _FOOT, "outerBoundsMode": "none"}
    return {
        "animation": False,
        "grid": {"top": 10 + _ROW * len(found.breaks), **margins},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.1f %%", "order": "valueDesc"},
        "xAxis": [{**names, "axisLabel": ends}, between],
        "yAxis": {"type": "value", "min": 0, "max": 100, "interval": 50, "axisLabel": {"formatter": "{value} %"}},
        "series": [
            *(_line(found, digit, ranks[digit]) for digit in sorted(ranks, key=ranks.__getitem__)),
            {"type": "line", "xAxisIndex": 1, "data": [], "markLine": _marks(found), "markArea": _cut_off(found)},
        ],
    }


def _rank(found: "SensitivityCurve", digit: int, meant: int | None) -> int:
    """3 for the class that is read, 2 for the one that was meant, 1 for one that wins somewhere, 0 for the others."""
    if digit == found.answers[found.kind.middle]:
        return 3
    return 2 if digit == meant else int((found.answers == digit).any())


def _line(found: "SensitivityCurve", digit: int, rank: int) -> dict[str, Any]:
    """A class's line: if it is ever seen, with its digit at its right end, or at its left end, or at its peak."""
    values: list[float] = (found.probabilities[:, digit].astype(float) * 100).round(2).tolist()
    look, peak = _LOOKS[rank], max(values)
    label = {"show": True, "formatter": "{a}", "fontWeight": "bold" if rank > 1 else "normal"}
    line = {"name": str(digit), "type": "line", "symbol": "none", "data": values, "lineStyle": look}
    line |= {"itemStyle": {"color": look["color"]}, "labelLayout": {"moveOverlap": "shiftY"}}
    if peak < _PEAK_FROM and rank != 2:
        return line
    if values[-1] >= _SEEN_FROM:
        return line | {"endLabel": {**label, "distance": 6}}
    place = 0 if values[0] >= _SEEN_FROM else values.index(peak)
    point = {"coord": [place, values[place]], "symbolSize": 0.1, "label": {**label, "position": "top"}}
    return line | {"markPoint": {"data": [point], "silent": True}}


def _marks(found: "SensitivityCurve") -> dict[str, Any]:
    """Each mark's words have a line of their own above the curves, on the side where there is room."""
    places = []
    for row, mark in enumerate(found.breaks):
        side = "right" if mark.place > len(found.whole) / 2 else "left"
        short = "nothing left" if mark.digit < 0 else f"becomes {words.named(mark.digit)}"
        label = {"formatter": short, "distance": 4 + _ROW * row, "align": side}
        places.append({"xAxis": mark.place, "label": label})
    look = {"type": "solid", "width": 1.5, "color": charts.GRAY}
    return {"symbol": "none", "silent": True, "lineStyle": look, "label": {"position": "end"}, "data": places}


def _cut_off(found: "SensitivityCurve") -> dict[str, Any]:
    """The places where a part of the drawing is off the paper, half a place around each."""
    last = len(found.whole) - 1
    cut = [place for place, is_whole in enumerate(found.whole) if not is_whole]
    areas = [[{"xAxis": max(0, place - 0.5)}, {"xAxis": min(last, place + 0.5)}] for place in cut]
    return {"silent": True, "itemStyle": {"color": charts.GRAY, "opacity": 0.15}, "data": areas}
