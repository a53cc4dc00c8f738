import base64
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mnist_core.ui.components.scatter_map import Points, figure, lasso_of, selected_ids, sheet_of

KNOWN = frozenset({3, 5, 8, 100})


def lasso(*ids: object) -> dict[str, Any]:
    """What the chart's state is after a lasso around these."""
    return {"selection": {"points": [{"customdata": one} for one in ids]}}


@pytest.mark.parametrize("sent", [None, 3, "3", "358", {}, {"3": 5}, [3, 4], [3, "5"], [3, 5.0], [True], [None], [[3]],
                                  [3, -5], [float("nan")], [10**30], [3] * 5, [*range(100_000)], (3, 5)])  # fmt: skip
def test_what_is_no_list_of_points_selects_nothing(sent: object) -> None:
    assert selected_ids(sent, KNOWN) is None


@pytest.mark.parametrize("state", [None, [], "selection", 7, {}, {"selection": 3}, {"selection": {"points": "358"}},
                                   lasso(4), lasso("3"), lasso([3]), {"selection": {"points": [{}]}}])  # fmt: skip
def test_no_lasso_selects_nothing(state: object) -> None:
    assert selected_ids(lasso_of(state), KNOWN) is None


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists))
def test_whatever_is_sent_gives_points_that_are_there_or_nothing(sent: Any) -> None:
    for ids in (selected_ids(sent, KNOWN), selected_ids(lasso_of(lasso(sent)), KNOWN)):
        assert ids is None or set(ids) <= KNOWN


def test_a_lasso_gives_its_points_once_and_in_order() -> None:
    assert selected_ids(lasso_of(lasso(8, 3, 8)), KNOWN) == [3, 8]
    assert selected_ids(lasso_of(lasso()), KNOWN) == []


def points(count: int, **changed: Any) -> Points:
    dice = np.random.default_rng(0)
    made = {
        "ids": np.arange(count) * 7,
        "places": dice.normal(size=(count, 2)).astype(np.float32),
        "labels": dice.integers(0, 10, count),
        "predicted": dice.integers(0, 10, count),
        "confidence": dice.uniform(0.1, 1, count).astype(np.float32),
    }
    return Points(**{**made, **changed})


def test_points_are_drawn_as_they_are() -> None:
    given = points(500)
    drawn = {}
    for trace in figure(given, "class", []).data:
        assert trace.selectedpoints is None
        for id_, x, y, text in zip(trace.customdata, trace.x, trace.y, trace.text, strict=True):
            drawn[int(id_)] = (x, y, int(trace.name), int(text.split()[0]), trace.marker.symbol == "x")
    assert list(drawn) != sorted(drawn)  # the misclassified ones stand above the others
    for at, id_ in enumerate(given.ids):
        is_wrong = given.labels[at] != given.predicted[at]
        assert drawn[int(id_)] == (*given.places[at], given.labels[at], given.predicted[at], is_wrong)


def test_a_colour_stands_for_a_digit_or_for_correct_and_wrong() -> None:
    by_digit = {trace.name: trace.marker.color for trace in figure(points(500), "class", []).data}
    assert len(set(by_digit.values())) == len(by_digit) == 10
    by_verdict = {(trace.marker.symbol, trace.marker.color) for trace in figure(points(500), "right", []).data}
    assert len(by_verdict) == 2


def test_no_distance_is_stretched() -> None:
    assert figure(points(20), "class", []).layout.yaxis.scaleanchor == "x"


def test_confidence_is_said_as_everywhere() -> None:
    same = np.zeros(4, np.int64)
    sure = np.array([0.9994, 0.9996, 1.0, 0.5], np.float32)
    (trace,) = figure(points(4, labels=same, predicted=same, confidence=sure), "class", []).data
    assert list(trace.text) == ["0 99.9 %", "0 over 99.9 %", "0 100.0 %", "0 50.0 %"]


def test_what_is_selected_stands_out() -> None:
    given = points(200)
    chosen = given.ids[[3, 50, 120]].tolist()
    drawn = figure(given, "class", chosen).data
    assert sorted(int(trace.customdata[at]) for trace in drawn for at in trace.selectedpoints) == chosen


@pytest.mark.parametrize("count", [1, 99, 100, 101, 250])
def test_every_image_lies_at_its_place_on_the_sheet(count: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (count, 28, 28), dtype=np.uint8)
    file = Image.open(io.BytesIO(base64.b64decode(sheet_of(images).split(",")[1])))
    pixels = np.asarray(file).astype(int)
    for place, image in enumerate(images):
        top, left = 28 * (place // 100), 28 * (place % 100)
        assert abs(pixels[top : top + 28, left : left + 28] - image).max() <= 9  # half a shade
