import base64
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mnist_core.ui.common.words import percent
from mnist_core.ui.components.scatter_map import (
    Points,
    encode,
    held_sheet,
    on_screen,
    picked_id,
    selected_ids,
    sheet_of,
)

KNOWN = frozenset({3, 5, 8, 100})


@pytest.mark.parametrize("sent", [None, 3, "3", "358", {}, {"3": 5}, [3, 4], [3, "5"], [3, 5.0], [True], [None], [[3]],
                                  [3, -5], [float("nan")], [10**30], [3] * 5, [*range(100_000)], (3, 5)])  # fmt: skip
def test_what_is_no_list_of_points_selects_nothing(sent: object) -> None:
    assert selected_ids({"selected": sent}, KNOWN) is None


@pytest.mark.parametrize("state", [None, [], "selected", 7, {}, {"picked": 3}])
def test_no_message_selects_nothing(state: object) -> None:
    assert selected_ids(state, KNOWN) is None


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists))
def test_whatever_is_sent_gives_points_that_are_there_or_nothing(sent: Any) -> None:
    ids = selected_ids({"selected": sent}, KNOWN)
    assert ids is None or set(ids) <= KNOWN
    assert picked_id({"picked": sent}, KNOWN) in {None, *KNOWN}


def test_a_lasso_gives_its_points_once_and_in_order() -> None:
    assert selected_ids({"selected": [8, 3, 8]}, KNOWN) == [3, 8]
    assert selected_ids({"selected": []}, KNOWN) == []


@pytest.mark.parametrize("sent", [None, "3", 4, 3.0, True, [3], {"id": 3}, float("nan"), 10**30, -3])
def test_a_point_that_is_not_there_is_not_picked(sent: object) -> None:
    assert picked_id({"picked": sent}, KNOWN) is None
    assert picked_id(sent, KNOWN) is None


def test_a_pressed_point_is_picked() -> None:
    assert picked_id({"picked": 100}, KNOWN) == 100


def test_only_the_browser_says_which_pictures_it_has() -> None:
    assert held_sheet({"holds": "a1"}) == "a1"
    assert held_sheet(None) is held_sheet("a1") is held_sheet({}) is None


def decoded(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


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


def test_points_arrive_as_they_are() -> None:
    given = points(500)
    sent = encode(given)
    assert sent["count"] == 500
    assert np.array_equal(decoded(sent["ids"], "<u4"), given.ids)
    assert np.array_equal(decoded(sent["labels"], "u1"), given.labels)
    assert np.array_equal(decoded(sent["predicted"], "u1"), given.predicted)
    assert np.allclose(decoded(sent["sure"], "<u2") / 1000, given.confidence, atol=5e-4)


def test_confidence_is_said_as_everywhere() -> None:
    sure = np.array([0.9994, 0.9996, 1.0, 0.5, 0.12345], np.float32)
    (*most, nearly, whole) = np.sort(decoded(encode(points(5, confidence=sure))["sure"], "<u2"))[[0, 1, 2, 4, 3]]
    assert most == [123, 500, 999]
    assert (nearly, whole) == (1001, 1000)
    assert percent(0.9996) == "over 99.9 %"  # what the browser says of 1001


def test_no_distance_is_stretched() -> None:
    places = np.array([[-3, 1], [5, 1], [1, 3]], np.float32)
    assert on_screen(places).tolist() == [[0, 16384], [65535, 16384], [32768, 0]]  # y downwards


@pytest.mark.parametrize("places", [np.zeros((0, 2)), np.zeros((1, 2)), np.full((3, 2), 7.5)])
def test_points_in_one_place_are_shown_there(places: np.ndarray) -> None:
    assert not on_screen(places.astype(np.float32)).any()


def test_the_version_changes_with_the_points() -> None:
    one = points(20)
    assert encode(one)["version"] == encode(points(20))["version"]
    assert encode(one)["version"] != encode(points(20, predicted=(one.predicted + 1) % 10))["version"]
    assert encode(one)["version"] != encode(points(20, places=-one.places))["version"]


@pytest.mark.parametrize("count", [1, 99, 100, 101, 250])
def test_every_image_lies_at_its_place_on_the_sheet(count: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (count, 28, 28), dtype=np.uint8)
    sheet = sheet_of(images)
    file = Image.open(io.BytesIO(base64.b64decode(sheet.src.split(",")[1]))).convert("L")
    pixels = np.asarray(file).astype(int)
    for place, image in enumerate(images):
        top, left = 28 * (place // 100), 28 * (place % 100)
        assert abs(pixels[top : top + 28, left : left + 28] - image).max() <= 9  # half a shade


def test_the_sheet_is_the_same_for_the_same_images() -> None:
    images = np.zeros((3, 28, 28), np.uint8)
    assert sheet_of(images) == sheet_of(images)
    assert sheet_of(images).version != sheet_of(images + 200).version
