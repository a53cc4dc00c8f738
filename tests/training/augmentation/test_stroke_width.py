import math

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import Tensor
from torch.nn import functional as F

from mnist_core.data.mnist_files import load_mnist
from mnist_core.preprocessing.measurements import NAMES, count_shapes, measure_all
from mnist_core.training.augmentation.stroke_width import change_thickness

DIGITS = load_mnist().test_images[:300].float() / 255


def width_px(images: Tensor) -> Tensor:
    """The stroke width as the app measures it: on 112 x 112 points."""
    points = F.interpolate(images.unsqueeze(1), scale_factor=4, mode="bilinear").squeeze(1)
    return measure_all(points)[:, NAMES.index("stroke")]


def changed(change_px: float) -> Tensor:
    return change_thickness(DIGITS, torch.full((len(DIGITS),), change_px))


@pytest.mark.parametrize("change_px", [-0.5, -0.25, 0.25, 0.5, 1.0, 1.5, 2.0])
def test_strokes_get_as_much_thicker_or_thinner_as_is_asked(change_px) -> None:
    got_px = width_px(changed(change_px)) - width_px(DIGITS)
    assert got_px.mean() == pytest.approx(change_px, rel=0.15)
    assert (got_px * change_px > 0).all()


@pytest.mark.parametrize(("change_px", "tolerance"), [(-1.0, 0.3), (-0.5, 0.5), (0.5, 0.15), (1.0, 0.15), (2.0, 0.15)])
def test_a_ring_gains_and_loses_the_area_that_is_counted(change_px, tolerance) -> None:
    """A ring has no ends; its edges are sharper than a digit's, for which the thinning is made."""
    x = (torch.arange(28 * 8) + 0.5) / 8 - 14
    distance = torch.hypot(x.view(-1, 1), x)
    ring = F.avg_pool2d(((distance > 6.5) & (distance < 9.5)).float().unsqueeze(0), 8)
    got = change_thickness(ring, torch.tensor([change_px])).sum() - ring.sum()
    assert got == pytest.approx(change_px * 2 * math.pi * 8, rel=tolerance)


def test_strokes_get_no_thinner_than_they_can_be_without_fading_or_breaking() -> None:
    thin = changed(-2)
    assert -1.2 < (width_px(thin) - width_px(DIGITS)).mean() < -0.8
    assert width_px(thin).min() > 0.9
    assert thin.amax(dim=(1, 2)).min() > 0.9
    pieces, pieces_before = ([count_shapes(image.numpy()) for image in images] for images in (thin, DIGITS))
    assert np.mean(np.array(pieces) > pieces_before) < 0.05


def test_two_pixels_more_is_a_dilation_by_a_disc() -> None:
    square = torch.zeros(1, 28, 28)
    square[:, 8:20, 8:20] = 1
    cross = ndimage.generate_binary_structure(2, 1)
    dilated = ndimage.grey_dilation(square[0].numpy(), footprint=cross)
    corners = ndimage.grey_dilation(square[0].numpy(), size=(3, 3)) - dilated
    wanted = dilated + (2**0.5 - 1) * corners
    assert np.abs(change_thickness(square, torch.tensor([2.0]))[0].numpy() - wanted).max() < 0.05


def test_each_image_is_changed_by_its_own_amount_and_none_leaves_the_range_of_ink() -> None:
    changes_px = torch.linspace(-2, 2, len(DIGITS))
    together = change_thickness(DIGITS, changes_px)
    alone = change_thickness(DIGITS[5:6], changes_px[5:6])
    assert torch.allclose(together[5:6], alone)
    assert together.min() >= 0
    assert together.max() <= 1


def test_nothing_asked_changes_nothing_and_paper_stays_paper() -> None:
    assert torch.equal(changed(0), DIGITS)
    blank = torch.zeros(3, 28, 28)
    assert torch.equal(change_thickness(blank, torch.tensor([-2.0, 0.0, 2.0])), blank)
