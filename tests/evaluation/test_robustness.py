from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from torch import Tensor
from torchvision.transforms.functional import InterpolationMode, affine

from mnist_core.data.mnist_files import load_mnist
from mnist_core.evaluation.robustness import KINDS, Curve, change, measure, sample
from mnist_core.imaging.perturbations import Perturbation
from mnist_core.preprocessing.measurements import stroke_width
from mnist_core.runs.registry import load_model
from mnist_core.stats import wilson_interval
from mnist_core.training.inference import predict_logits

BY_NAME = {kind.name: kind for kind in KINDS}
TRIED = replace(BY_NAME["rotation"], amounts=(-20, -10, 0, 10, 20))


def digits(count: int = 12) -> np.ndarray:
    return (load_mnist().test_images[:count].float() / 255).numpy()


# --- the sample -----------------------------------------------------------------------------------------


def test_the_sample_has_as_many_of_each_digit_and_is_always_the_same() -> None:
    labels = load_mnist().test_labels.numpy()
    chosen = sample(labels, 1_000)
    assert np.bincount(labels[chosen]).tolist() == [100] * 10
    np.testing.assert_array_equal(chosen, sample(labels, 1_000))
    assert len(set(chosen.tolist())) == 1_000
    assert chosen.min() < 200  # it reaches from the set's easy beginning ...
    assert chosen.max() > 9_800  # ... to its end


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 80))
def test_a_small_set_is_sampled_too(labels: list[int], count: int) -> None:
    given_labels = np.array(labels, np.int64)
    chosen = sample(given_labels, count)
    assert len(set(chosen.tolist())) == len(chosen)
    expected = np.minimum(np.bincount(given_labels, minlength=10), max(1, count // 10))
    assert np.bincount(given_labels[chosen], minlength=10).tolist() == expected.tolist()


# --- the curves -----------------------------------------------------------------------------------------


def test_where_it_falls_is_found_on_both_sides_by_a_straight_line() -> None:
    assert Curve(TRIED, (50, 80, 100, 95, 85), 100).falls_below(0.9) == pytest.approx((-5.0, 15.0))
    assert Curve(TRIED, (95, 95, 100, 95, 85), 100).falls_below(0.9) == pytest.approx((15.0,))
    assert Curve(TRIED, (90, 90, 100, 90, 90), 100).falls_below(0.9) == ()
    assert Curve(TRIED, (99, 99, 50, 99, 99), 100).falls_below(0.9) == (0.0,)


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5), st.floats(0.01, 1))
def test_where_it_falls_agrees_with_interpolation(right: list[int], share: float) -> None:
    curve = Curve(TRIED, tuple(right), 40)
    for amount in curve.falls_below(share):
        reached = np.interp(amount, TRIED.amounts, curve.accuracy)
        assert reached == pytest.approx(share) or (amount == 0 and reached < share)


def test_the_interval_is_that_of_ones_own_digits() -> None:
    curve = Curve(TRIED, (50, 80, 100, 95, 85), 100)
    assert curve.accuracy == (0.5, 0.8, 1.0, 0.95, 0.85)
    assert curve.likely[1] == wilson_interval(80, 100)


# --- measuring ------------------------------------------------------------------------------------------


def test_counts_are_those_of_reading_the_changed_images_one_by_one() -> None:
    model, images, labels = load_model("linear").model, digits(60), load_mnist().test_labels[:60]
    told: list[float] = []
    curves = measure(model, images, labels.tolist(), told.append)
    assert [curve.kind for curve in curves] == list(KINDS)
    assert told == sorted(told)
    assert told[-1] == 1.0
    for curve in curves:
        for amount, right in zip(curve.kind.amounts, curve.right, strict=True):
            read = predict_logits(model, torch.from_numpy(change(images, curve.kind, amount))).argmax(dim=1)
            assert right == int((read == labels).sum())
    untouched = {curve.right[curve.kind.middle] for curve in curves}
    assert len(untouched) == 1


def test_a_model_that_always_says_the_same_is_right_for_that_digit_whatever_is_changed() -> None:
    class Stubborn(torch.nn.Module):
        device = torch.device("cpu")

        def forward(self, images: Tensor) -> Tensor:
            return torch.nn.functional.one_hot(torch.full((len(images),), 3), 10).float()

    labels = np.array([3, 3, 4] * 4)
    for curve in measure(Stubborn(), digits(12), labels):
        assert curve.right == (8,) * len(curve.kind.amounts)


def test_without_images_there_is_nothing_to_measure() -> None:
    with pytest.raises(ValueError, match="no images"):
        measure(load_model("linear").model, np.zeros((0, 28, 28), np.float32), [])


# --- the changes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_amounts_rise_pass_the_neutral_one_and_keep_images_between_paper_and_ink(kind: Perturbation) -> None:
    images = digits()
    before = images.copy()
    assert list(kind.amounts) == sorted(set(kind.amounts))
    np.testing.assert_array_equal(change(images, kind, kind.neutral), images)
    for amount in kind.amounts:
        changed = change(images, kind, amount)
        assert changed.shape == images.shape
        assert changed.dtype == np.float32
        assert 0 <= changed.min() <= changed.max() <= 1 + 1e-6
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize("name", ["rotation", "scale"])
def test_turns_and_sizes_are_torchvisions(name: str) -> None:
    images = digits()
    for amount in BY_NAME[name].amounts:
        turn, size = (amount, 1.0) if name == "rotation" else (0.0, amount / 100)
        wanted = affine(torch.from_numpy(images), turn, [0, 0], size, [0.0], InterpolationMode.BILINEAR)
        np.testing.assert_allclose(change(images, BY_NAME[name], amount), wanted.numpy(), atol=1e-4)


def test_images_move_so_far_to_all_sides() -> None:
    dots = np.zeros((8, 28, 28), np.float32)
    dots[:, 14, 14] = 1
    moved = change(dots, BY_NAME["shift"], 4)
    rows, columns = np.mgrid[:28, :28] - 14
    down, right = (moved * rows).sum((1, 2)), (moved * columns).sum((1, 2))
    np.testing.assert_allclose(np.hypot(down, right), 4, atol=1e-3)
    angles = np.degrees(np.arctan2(down, right)).round().astype(int) % 360
    assert sorted(angles.tolist()) == list(range(0, 360, 45))


def test_strokes_get_as_much_wider_as_is_asked() -> None:
    bar = np.zeros((1, 28, 28), np.float32)
    bar[:, 4:24, 12:16] = 1  # 4 pixels wide
    for amount in BY_NAME["stroke"].amounts:
        changed = change(bar, BY_NAME["stroke"], amount)
        assert changed[0, 14].sum() == pytest.approx(4 + amount, abs=0.05)
    thick = torch.from_numpy(change(digits(), BY_NAME["stroke"], 2))
    more = stroke_width(thick) - stroke_width(torch.from_numpy(digits()))
    assert float(more.mean()) == pytest.approx(2, abs=0.6)


def test_noise_has_the_deviation_that_it_says_and_only_grows() -> None:
    grey = np.full((20, 28, 28), 0.5, np.float32)
    assert change(grey, BY_NAME["noise"], 10).std() == pytest.approx(0.1, abs=0.005)
    weak, strong = (change(grey, BY_NAME["noise"], amount) - 0.5 for amount in (5, 10))
    np.testing.assert_allclose(2 * weak, strong, atol=1e-6)


def test_blur_is_pillows_nearly() -> None:
    images = digits(3)
    for image, blurred in zip(images, change(images, BY_NAME["blur"], 2), strict=True):
        pillows = Image.fromarray((image * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(2))
        assert np.abs(np.asarray(pillows)[4:-4, 4:-4] / 255 - blurred[4:-4, 4:-4]).max() < 0.06


def test_faded_ink_is_paler_on_the_same_paper() -> None:
    faded = change(digits(), BY_NAME["contrast"], 20)
    np.testing.assert_allclose(faded, digits() * 0.2, rtol=1e-6)
