import json
import math
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mnist_core.errors import UserError
from mnist_core.preprocessing.strokes import Drawing, Stroke, drawing_from_json, place_in_box, read_stroke_file
from tests.preprocessing.examples import SEVEN, Grey


def coverage(drawing: Drawing) -> np.ndarray:
    """How much of each pixel is within half a pen's width of the path: 36 points a pixel, 0 to 255."""
    side, each = drawing.canvas_px, 6
    y, x = np.mgrid[0 : side * each, 0 : side * each] / each + 0.5 / each
    inked = np.zeros(x.shape, bool)
    for stroke in drawing.strokes:
        points = [*stroke.points, stroke.points[-1]]
        for (x0, y0), (x1, y1) in pairwise(points):
            length = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-12)
            along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1)
            distance = np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))
            inked |= distance <= stroke.width_px / 2
    return inked.reshape(side, each, side, each).mean(axis=(1, 3)) * 255


DRAWINGS = {
    "seven": SEVEN,
    "dot": Drawing((Stroke(((100.3, 90.6),), 30.0),)),
    "thin": Drawing((Stroke(((10.0, 10.0), (250.0, 90.0), (250.0, 250.0)), 3.0),)),
    "sharp turn": Drawing((Stroke(((50.0, 50.0), (200.0, 60.0), (50.0, 70.0)), 24.0),)),
    "over the edge": Drawing((Stroke(((0.0, 0.0), (280.0, 280.0)), 36.0),)),
    "two strokes": Drawing((Stroke(((60.0, 60.0), (60.0, 200.0)), 12.0), Stroke(((200.0, 90.0),), 40.0))),
}


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_ink_lies_within_half_a_pen_of_the_path(drawing: Drawing) -> None:
    rendered, exact = drawing.render().astype(float), coverage(drawing)
    assert rendered.shape == (280, 280)
    assert np.abs(rendered - exact).mean() < 0.6
    assert rendered.sum() == pytest.approx(exact.sum(), rel=0.02)
    # An edge may be off by a part of a pixel, but no pixel is wrong by itself.
    assert (np.abs(rendered - exact) > 140).sum() == 0


def test_an_empty_canvas_is_black() -> None:
    assert not Drawing(()).render().any()
    assert Drawing((), 28).render().shape == (28, 28)


def test_the_canvas_gets_back_what_it_sent() -> None:
    sent = {"strokes": [{"w": 20, "p": [[1, 2], [3.5, 4]]}, {"w": 8.5, "p": [[280, 0]]}]}
    assert drawing_from_json(sent).to_json() == sent
    assert drawing_from_json(json.loads(json.dumps(SEVEN.to_json()))) == SEVEN


def test_points_and_widths_are_kept_within_bounds() -> None:
    drawing = drawing_from_json({"strokes": [{"w": 1e6, "p": [[-5, 300], [1e300, -1e300]]}, {"w": -3, "p": [[1, 1]]}]})
    assert drawing.strokes[0] == Stroke(((0.0, 280.0), (280.0, 0.0)), 100.0)
    assert drawing.strokes[1].width_px == 1


def test_strokes_without_points_and_other_keys_are_passed_over() -> None:
    assert drawing_from_json({"strokes": [{"w": 2, "p": []}], "seq": 3, "final": True}) == Drawing(())


WRONG = {
    "nothing": None,
    "a list": [],
    "no strokes": {},
    "strokes as text": {"strokes": "many"},
    "a stroke as a number": {"strokes": [3]},
    "no width": {"strokes": [{"p": [[1, 2]]}]},
    "no points": {"strokes": [{"w": 3}]},
    "points as text": {"strokes": [{"w": 3, "p": "12"}]},
    "a point of three": {"strokes": [{"w": 3, "p": [[1, 2, 3]]}]},
    "a point of text": {"strokes": [{"w": 3, "p": [["1", "2"]]}]},
    "a point of truth": {"strokes": [{"w": 3, "p": [[True, False]]}]},
    "not a number": {"strokes": [{"w": 3, "p": [[math.nan, 2]]}]},
    "infinite": {"strokes": [{"w": math.inf, "p": [[1, 2]]}]},
    "larger than any float": {"strokes": [{"w": 3, "p": [[10**400, 2]]}]},
    "too many strokes": {"strokes": [{"w": 3, "p": [[1, 2]]}] * 201},
    "too many points": {"strokes": [{"w": 3, "p": [[1, 2]] * 10_001}] * 2},
}


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG.keys())
def test_anything_else_is_unreadable(value: object) -> None:
    with pytest.raises(UserError) as error:
        drawing_from_json(value)
    assert error.value.code == "strokes_unreadable"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["strokes", "w", "p"]), inner),
)
points = st.lists(st.one_of(st.lists(st.integers() | st.floats(), min_size=2, max_size=2), json_values), max_size=4)
strokes = st.fixed_dictionaries({"w": st.integers(-9, 99) | json_values, "p": points})


@given(json_values | st.fixed_dictionaries({"strokes": st.lists(strokes | json_values, max_size=3)}))
@example({"strokes": [{"w": 0, "p": [[5, 5]]}]})
def test_any_json_is_a_drawing_on_the_canvas_or_a_user_error(value: object) -> None:
    try:
        drawing = drawing_from_json(value)
    except UserError:
        return
    assert all(0 <= place <= 280 for stroke in drawing.strokes for point in stroke.points for place in point)
    assert drawing.render().shape == (280, 280)
    assert drawing_from_json(drawing.to_json()) == drawing


def write(path: Path, **changes: Any) -> Path:
    """A stroke file of three digits: a two-stroke cross far away, nothing, and a dot."""
    arrays = {
        "labels": np.array([4, 0, 1], np.uint8),
        "points": np.array([[-900, -500], [-500, -500], [-700, -600], [-700, -400], [3, 4]], np.float32),
        "stroke": np.array([0, 0, 1, 1, 0], np.int16),
        "digit": np.array([0, 0, 0, 0, 2], np.int32),
    } | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def ink_box(grey: Grey) -> tuple[int, ...]:
    rows, columns = np.flatnonzero(grey.max(axis=1) > 127), np.flatnonzero(grey.max(axis=0) > 127)
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def test_digits_of_a_file_are_drawn_in_the_middle(tmp_path: Path) -> None:
    digits = list(read_stroke_file(write(tmp_path / "strokes.npz")))
    assert [label for label, _ in digits] == [4, 0, 1]
    cross, nothing, dot = (drawing for _, drawing in digits)
    assert [len(stroke.points) for stroke in cross.strokes] == [2, 2]
    # 400 wide and 200 high: 200 px wide with the pen, and as high as the proportions of the path demand.
    assert ink_box(cross.render()) == pytest.approx((85, 195, 40, 240), abs=1)
    assert nothing.strokes == ()
    assert ink_box(dot.render()) == pytest.approx((130, 150, 130, 150), abs=1)


def test_pen_canvas_and_limit_are_as_asked(tmp_path: Path) -> None:
    digits = list(read_stroke_file(write(tmp_path / "strokes.npz"), pen_px=10, canvas_px=140, limit=1))
    assert len(digits) == 1
    assert ink_box(digits[0][1].render()) == pytest.approx((42.5, 97.5, 20, 120), abs=1)


def test_digits_may_come_in_any_order(tmp_path: Path) -> None:
    shuffled = np.array([2, 0, 0, 0, 0], np.int32)
    places = np.array([[3, 4], [-900, -500], [-500, -500], [-700, -600], [-700, -400]])
    marks = np.array([0, 0, 0, 1, 1])
    path = write(tmp_path / "strokes.npz", digit=shuffled, points=places, stroke=marks)
    assert list(read_stroke_file(path)) == list(read_stroke_file(write(tmp_path / "other.npz")))


BAD_ARRAYS = {
    "a key missing": {"stroke": None},
    "points flat": {"points": np.zeros(5)},
    "points of three": {"points": np.zeros((5, 3))},
    "points of text": {"points": np.full((5, 2), "1")},
    "points of objects": {"points": np.full((5, 2), None, object)},
    "points complex": {"points": np.zeros((5, 2), complex)},
    "points not finite": {"points": np.full((5, 2), np.nan)},
    "points without end": {"points": np.full((5, 2), 1e300)},
    "stroke too short": {"stroke": np.zeros(4, int)},
    "stroke not whole": {"stroke": np.zeros(5)},
    "labels too high": {"labels": np.array([1, 2, 10])},
    "labels negative": {"labels": np.array([1, 2, -1])},
    "labels in two dimensions": {"labels": np.zeros((3, 1), int)},
    "digit too high": {"digit": np.array([0, 0, 0, 0, 3])},
    "digit negative": {"digit": np.array([-1, 0, 0, 0, 2])},
}


@pytest.mark.parametrize("changes", BAD_ARRAYS.values(), ids=BAD_ARRAYS.keys())
def test_arrays_that_do_not_fit_are_refused_before_the_first_digit(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(UserError) as error:
        read_stroke_file(write(tmp_path / "strokes.npz", **changes))
    assert error.value.code == "strokes_unreadable"


@given(st.binary(max_size=200), st.integers(0, 2000), st.sampled_from(["keep", "cut"]))
@settings(max_examples=100)
def test_damaged_files_are_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int, rest: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    whole = write(path).read_bytes()
    path.write_bytes(whole[:at] + noise + (whole[at + len(noise) :] if rest == "keep" else b""))
    try:
        digits = list(read_stroke_file(path))
    except UserError as error:
        damage = error.code
    else:
        damage = None
        assert len(digits) == 3
    assert damage in (None, "strokes_unreadable")


def test_files_of_another_kind_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "strokes.npz"
    np.save(tmp_path / "plain.npy", np.zeros(3))
    for content in (b"", b"text", (tmp_path / "plain.npy").read_bytes()):
        path.write_bytes(content)
        with pytest.raises(UserError, match="cannot be read"):
            read_stroke_file(path)
    for nowhere in (tmp_path / "nowhere.npz", tmp_path / ("x" * 5000), Path(os.devnull), Path("/dev/zero"), tmp_path):
        with pytest.raises(UserError) as error:
            read_stroke_file(nowhere)
        assert error.value.code == "strokes_unreadable"


def test_millions_of_points_are_too_many_for_one_digit(tmp_path: Path) -> None:
    count = 3_000_000
    changes = {
        "points": np.zeros((count, 2), np.float32),
        "stroke": np.zeros(count, int),
        "digit": np.zeros(count, int),
    }
    with pytest.raises(UserError, match="has 3,000,000 points; at most 20,000"):
        read_stroke_file(write(tmp_path / "strokes.npz", **changes))


def test_a_zip_that_says_it_is_huge_is_refused_unopened(tmp_path: Path) -> None:
    path = write(tmp_path / "strokes.npz")
    content = bytearray(path.read_bytes())
    last_entry = content.rindex(b"PK\x01\x02")
    content[last_entry + 24 : last_entry + 28] = (1 << 31).to_bytes(4, "little")  # its size when unpacked
    path.write_bytes(content)
    with pytest.raises(UserError, match="256 MB"):
        read_stroke_file(path)


@given(st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)), min_size=1, max_size=9))
def test_a_placed_path_keeps_its_proportions(path: list[tuple[float, float]]) -> None:
    before = np.array(path)
    after = place_in_box(before, 180, (140, 140))
    assert np.isfinite(after).all()
    extent = np.ptp(before, axis=0)
    if extent.max() > 1e-3:
        assert np.ptp(after, axis=0) == pytest.approx(extent * 180 / extent.max(), abs=0.1)
        assert (after.min(axis=0) + after.max(axis=0)) / 2 == pytest.approx([140, 140], abs=0.1)
