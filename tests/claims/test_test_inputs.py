"""What arms are shown."""

import numpy as np
import pytest
import torch

from mnist_core.claims import test_inputs
from mnist_core.claims.test_inputs import broken, centred, inputs_for, on_canvas
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.offset import shift
from mnist_core.data.splits import split


@pytest.fixture(scope="module")
def images():
    return load_mnist().test_images[:50]


def test_clipping_what_is_in_range_changes_nothing():
    data = split(load_mnist(), 1)
    plain, clipped = (inputs_for(name, data, 0) for name in ("test", "clipped"))
    assert torch.equal(clipped.images, plain.images)


def test_two_in_a_hundred_pixels_are_broken_and_clipping_keeps_them_in_range(images):
    levels = broken(images, seed=0)
    is_broken = levels != images.float()
    assert is_broken.double().mean() == pytest.approx(test_inputs.BROKEN_SHARE, abs=0.003)
    assert levels.min() < -900
    assert levels.max() > 900
    data = split(load_mnist(), 1)
    clipped, raw = (inputs_for(name, data, 0).images for name in ("broken_clipped", "broken"))
    assert (clipped.min(), clipped.max()) == (0, 1)
    is_whole = (raw >= 0) & (raw <= 1)
    assert torch.equal(clipped[is_whole], raw[is_whole])
    assert is_whole.double().mean() > 0.97
    assert torch.equal(levels, broken(images, seed=0))
    assert not torch.equal(levels, broken(images, seed=1))


def test_centring_undoes_a_move(images):
    moved = shift(images, 2, -3)
    back = centred(moved)
    assert (back - images.float() / 255).abs().mean() < 0.002
    assert (moved.float() / 255 - images.float() / 255).abs().mean() > 0.05


def test_a_digit_on_the_canvas_is_as_large_as_asked_and_where_it_may_be(images):
    random = np.random.default_rng(0)
    for image in images[:10].numpy():
        canvas = on_canvas(image, 100, 30, random)
        rows, columns = np.nonzero(canvas)
        assert canvas.shape == (280, 280)
        assert max(np.ptp(rows), np.ptp(columns)) <= 100
        assert 60 <= rows.min() <= rows.max() < 220  # 90 to 190, and 30 either way
        assert 60 <= columns.min() <= columns.max() < 220


def test_digits_are_drawn_by_the_seed_and_prepared_ones_are_as_mnist_has_them(monkeypatch):
    monkeypatch.setattr(test_inputs, "DRAWN", 20)
    test_inputs.drawn.cache_clear()
    lesson = split(load_mnist(), 1)
    raw, ready = inputs_for("drawn_raw", lesson, 3), inputs_for("drawn_prepared", lesson, 3)
    test_inputs.drawn.cache_clear()
    assert torch.equal(raw.labels, ready.labels)
    assert raw.images.shape == ready.images.shape == (20, 28, 28)
    heights = [(shown.images > 0.1).any(dim=2).sum(dim=1).double().mean() for shown in (raw, ready)]
    assert heights[0] < 12 < 18 < heights[1] <= 20.5  # half as large, against the box of 20 pixels


def test_letters_differ_by_seed(monkeypatch):
    monkeypatch.setattr(test_inputs, "DRAWN", 5)
    one, other = (test_inputs.letters.__wrapped__(seed) for seed in (0, 1))
    assert one.labels is None
    assert one.images.shape == (5, 28, 28)
    assert not torch.equal(one.images, other.images)
    assert torch.equal(one.images, test_inputs.letters.__wrapped__(0).images)
