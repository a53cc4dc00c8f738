"""The curve held against Pillow's way of changing a picture and the exact way of digitizing it."""

import numpy as np
import pytest
import torch
from PIL import Image

from mnist_core.data.mnist_files import load_mnist
from mnist_core.diagnosis.sensitivity import KINDS, NOTHING, _crossing, change, sensitivity_curves
from mnist_core.preprocessing import pipeline
from mnist_core.preprocessing.pipeline import Grey, preprocess
from mnist_core.preprocessing.steps import MNIST_STEPS, RAW
from mnist_core.runs.registry import load_model
from mnist_core.training.inference import predict_calibrated
from mnist_core.training.models import Classifier

SIDE = 280
BY_NAME = {kind.name: kind for kind in KINDS}


@pytest.fixture(scope="module")
def model() -> Classifier:
    return load_model().model


def drawn(index: int = 0) -> Grey:
    """A test image, smoothly enlarged, with room around it."""
    image = Image.fromarray(load_mnist().test_images[index].numpy()).resize((196, 196), Image.Resampling.BICUBIC)
    return np.pad(np.asarray(image), 42)


def affine(picture: Grey, *matrix: float) -> Grey:
    return np.asarray(
        Image.fromarray(picture).transform((SIDE, SIDE), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    )


def box_middle(picture: Grey) -> tuple[float, float]:
    rows, columns = np.flatnonzero(picture.max(axis=1) > 30), np.flatnonzero(picture.max(axis=0) > 30)
    return (columns[0] + columns[-1] + 1) / 2, (rows[0] + rows[-1] + 1) / 2


def by_pillow(picture: Grey, kind: str, amount: float) -> Grey:
    """The picture changed at its full size by another library."""
    x, y = box_middle(picture)
    image = Image.fromarray(picture)
    if kind == "rotation":  # Pillow turns to the left
        return np.asarray(image.rotate(-amount, Image.Resampling.BILINEAR, center=(x, y)))
    if kind == "scale":
        back = 100 / amount
        return affine(picture, back, 0, x - back * x, 0, back, y - back * y)
    if kind == "slant":
        lean = np.tan(np.radians(amount))
        return affine(picture, 1, lean, -lean * y, 0, 1, 0)
    by = round(amount * 10)
    return np.roll(picture, by, axis=1 if kind == "shift_right" else 0)


@pytest.mark.parametrize("steps", [RAW, MNIST_STEPS], ids=["raw", "mnist"])
@pytest.mark.parametrize("kind", ["shift_right", "shift_down", "rotation", "scale", "slant"])
def test_it_is_nearly_what_pillow_and_the_exact_way_give(model, kind: str, steps) -> None:
    shares = []
    for index in (0, 1, 4):
        picture = drawn(index)
        found = sensitivity_curves(model, preprocess(picture, steps), kind)
        assert found is not None
        for at in np.flatnonzero(found.whole)[8:33:6]:
            exact = preprocess(by_pillow(picture, kind, found.kind.amounts[at]), steps).pixels
            shares.append(np.abs(exact - found.pixels[at]).mean() / exact.mean())
    # Of the ink. The median, because centring rounds to whole pixels: now and then the two round differently.
    assert np.median(shares) < 0.15
    assert np.mean(shares) < 0.35


@pytest.mark.parametrize("kind", BY_NAME)
def test_each_place_is_what_its_own_picture_gives(model, kind: str) -> None:
    picture = drawn(3)
    found = sensitivity_curves(model, preprocess(picture, RAW), kind)
    assert found is not None
    for at in (3, 9, 15):
        changed = change(preprocess(picture), kind, found.kind.amounts[at])
        assert changed is not None
        np.testing.assert_allclose(preprocess(changed, RAW).pixels, found.pixels[at], atol=0.03)


@pytest.mark.parametrize("steps", [RAW, MNIST_STEPS, MNIST_STEPS | {"deslant"}], ids=["raw", "mnist", "deslanted"])
@pytest.mark.parametrize("kind", ["rotation", "stroke", "noise"])
def test_the_middle_is_the_exact_reading_and_rows_are_probabilities(model, kind: str, steps) -> None:
    picture = drawn(5)
    found = sensitivity_curves(model, preprocess(picture, steps), kind)
    assert found is not None
    exact = torch.from_numpy(preprocess(picture, steps).pixels).unsqueeze(0)
    np.testing.assert_allclose(
        found.probabilities[found.kind.middle], predict_calibrated(model, exact)[0].numpy(), atol=1e-4
    )
    sums = found.probabilities.sum(axis=1)
    np.testing.assert_allclose(sums, np.where(found.answers == NOTHING, 0, 1), atol=1e-4)
    assert found.probabilities.shape == (len(found.kind.amounts), 10)


def test_a_break_lies_where_the_answer_changes(model) -> None:
    seen = 0
    for index in range(4):
        for kind in ("rotation", "shift_right", "scale"):
            found = sensitivity_curves(model, preprocess(drawn(index), RAW), kind)
            assert found is not None
            for one in found.breaks:
                seen += 1
                inner, outer = (np.ceil, np.floor) if one.place < found.kind.middle else (np.floor, np.ceil)
                inside, outside = int(inner(one.place)), int(outer(one.place))
                between = range(*sorted((inside, found.kind.middle)))
                middle = found.answers[found.kind.middle]
                assert all(found.answers[at] == middle for at in between)
                assert found.answers[outside] == one.digit != middle
                low, high = sorted((found.kind.amounts[inside], found.kind.amounts[outside]))
                assert low <= one.amount <= high
                assert found.kind.words(one.amount) in one.words
    assert seen > 5


def test_a_crossing_is_where_two_straight_scores_meet() -> None:
    # Scores 2 and 0 become 0 and 6: the first is ahead by 2, then behind by 6, so they meet after a quarter.
    scores = np.array([[2.0, 0.0], [0.0, 6.0]])
    pair = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert _crossing(pair.astype(np.float32)) == pytest.approx(0.25, abs=1e-4)


def test_the_steps_take_moving_and_resizing_out_and_nothing_else(model) -> None:
    for kind in ("shift_right", "shift_down", "scale"):
        prepared, raw = (
            sensitivity_curves(model, preprocess(drawn(), MNIST_STEPS), kind),
            sensitivity_curves(model, preprocess(drawn(), RAW), kind),
        )
        assert prepared is not None
        assert raw is not None
        assert prepared.undone_by_preprocessing
        assert not raw.undone_by_preprocessing
    assert not sensitivity_curves(model, preprocess(drawn(), RAW), "noise").undone_by_preprocessing
    for kind in ("rotation", "slant", "stroke"):
        turned = sensitivity_curves(model, preprocess(drawn(), MNIST_STEPS), kind)
        assert turned is not None
        assert not turned.undone_by_preprocessing


def test_what_leaves_the_paper_is_told(model) -> None:
    narrow = np.zeros((SIDE, SIDE), np.uint8)
    narrow[60:220, 80:100] = 255  # 8 px of 28 from the left edge
    found = sensitivity_curves(model, preprocess(narrow, RAW), "shift_right")
    assert found is not None
    off = [amount for amount, whole in zip(found.kind.amounts, found.whole, strict=True) if not whole]
    assert off
    assert max(off) == pytest.approx(-8.5, abs=0.5)


def test_without_ink_there_is_nothing_to_read(model) -> None:
    assert sensitivity_curves(model, preprocess(np.zeros((50, 50), np.uint8)), "rotation") is None
    assert change(preprocess(np.zeros((50, 50), np.uint8)), "rotation", 3) is None
    hair = np.zeros((SIDE, SIDE), np.uint8)
    hair[60:220, 138:144] = 255
    found = sensitivity_curves(model, preprocess(hair, RAW), "stroke")
    assert found is not None
    assert found.answers[0] == NOTHING
    assert "nothing is left" in found.breaks[0].words


@pytest.mark.parametrize("shape", [(28, 28), (1, 400), (300, 7), (600, 450)])
def test_any_shape_and_polarity_is_answered(model, shape) -> None:
    picture = np.full(shape, 255, np.uint8)
    picture[:, shape[1] // 2 :] = 40
    for kind in BY_NAME:
        found = sensitivity_curves(model, preprocess(picture, RAW), kind)
        assert found is None or np.isfinite(found.probabilities).all()


def test_an_unknown_kind_is_refused(model) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        sensitivity_curves(model, preprocess(drawn()), "melt")


@pytest.mark.parametrize("kind", BY_NAME.values(), ids=lambda kind: kind.name)
def test_amounts_rise_from_end_to_end_past_the_drawing_as_it_is(kind) -> None:
    assert list(kind.amounts) == sorted(set(kind.amounts))
    assert kind.words(kind.amounts[kind.middle]) == "as drawn"
    assert kind.words(kind.amounts[-1]) != "as drawn"


@pytest.mark.parametrize("kind", ["rotation", "shift_right", "stroke"])
def test_the_model_and_the_preparation_are_asked_once_for_all_amounts(kind, model, monkeypatch) -> None:
    asked, segmented = [], []
    handle = model.register_forward_hook(lambda *_: asked.append(kind))
    segment = pipeline.segment
    monkeypatch.setattr(pipeline, "segment", lambda picture: segmented.append(kind) or segment(picture))
    sensitivity_curves(model, preprocess(drawn()), kind)
    handle.remove()
    assert len(asked) == len(segmented) == 1
