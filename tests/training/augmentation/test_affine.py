import math

import pytest
import torch
from scipy import ndimage
from torch.nn import functional as F
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as TF

from mnist_core.data.mnist_files import load_mnist
from mnist_core.training.augmentation.affine import Warps, warp

DIGITS = load_mnist().test_images[:40].float() / 255


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(7)


def same_for_all(count: int, rotation=0.0, x=0.0, y=0.0, shear=0.0, scale=1.0) -> Warps:
    return Warps(*(torch.full((count,), float(value)) for value in (rotation, x, y, shear, scale)))


@pytest.mark.parametrize(
    ("rotation", "x", "y", "shear", "scale"),
    [
        (0, 0, 0, 0, 1),
        (30, 0, 0, 0, 1),
        (-75, 0, 0, 0, 1),
        (0, 3 / 28, 0, 0, 1),
        (0, 0, -5 / 28, 0, 1),
        (0, 0, 0, 20, 1),
        (0, 0, 0, 0, 0.6),
        (0, 0, 0, 0, 1.4),
        (25, 2 / 28, -4 / 28, -15, 1.2),
    ],
)
def test_a_fixed_warp_is_torchvisions_affine(rotation, x, y, shear, scale) -> None:
    ours = warp(DIGITS, same_for_all(len(DIGITS), rotation, x, y, shear, scale))
    theirs = TF.affine(
        DIGITS,
        angle=rotation,
        translate=[round(x * 28), round(y * 28)],
        scale=scale,
        shear=[shear, 0.0],
        interpolation=InterpolationMode.BILINEAR,
    )
    # torchvision blends a black fill in by a mask; both are the same up to rounding.
    assert (ours - theirs).abs().max() < 2e-4


def test_every_image_has_its_own_warp() -> None:
    two = DIGITS[:1].repeat(2, 1, 1)
    warps = Warps(torch.tensor([0.0, 90.0]), torch.zeros(2), torch.zeros(2), torch.zeros(2), torch.tensor([1.0, 1.0]))
    out = warp(two, warps)
    assert torch.allclose(out[0], two[0], atol=1e-5)
    assert torch.allclose(out[1], two[1].rot90(-1), atol=1e-4)  # clockwise


@pytest.mark.parametrize(
    ("fill", "mode"), [("constant", "grid-constant"), ("nearest", "nearest"), ("reflect", "reflect")]
)
def test_what_comes_from_outside_is_as_scipy_fills_it(fill, mode) -> None:
    grain = torch.rand(3, 28, 28, generator=generator())  # ink at the edges, unlike digits
    ours = warp(grain, same_for_all(3, rotation=30, x=10.5 / 28, y=-4 / 28, scale=0.7), fill)
    sampling = same_for_all(1, rotation=30, scale=0.7).sampling_matrices()[0, :, :2].flip(0, 1).numpy()
    moved = torch.tensor([-4.0, 10.5]).numpy()  # scipy counts rows before columns
    offset = 13.5 - sampling @ (13.5 + moved)
    for image, theirs in zip(ours, grain, strict=True):
        wanted = ndimage.affine_transform(theirs.numpy(), sampling, offset, order=1, mode=mode)
        assert abs(image.numpy() - wanted).max() < 1e-4


def test_the_places_are_those_of_torchs_own_grid() -> None:
    warps = Warps.sample(50, (90.0, 0.2, 0.1, 20.0, 0.4), generator())
    images = DIGITS[0].expand(50, 28, 28)
    grid = F.affine_grid(warps.sampling_matrices(), [50, 1, 28, 28], align_corners=False)
    theirs = F.grid_sample(images.unsqueeze(1), grid, align_corners=False).squeeze(1)
    assert (warp(images, warps) - theirs).abs().max() < 1e-5


def test_nearest_fill_repeats_the_edge_and_constant_leaves_it_black() -> None:
    white = torch.ones(1, 28, 28)
    move = same_for_all(1, x=10 / 28)
    assert warp(white, move, "constant")[0, :, :9].max() == 0
    assert warp(white, move, "nearest").min() == 1


def test_samples_fill_the_recipes_ranges_evenly_both_ways() -> None:
    warps = Warps.sample(20_000, (20.0, 0.2, 0.1, 5.0, 0.3), generator())
    for values, middle, reach in (
        (warps.rotation_deg, 0, 20),
        (warps.shift_x, 0, 0.2),
        (warps.shift_y, 0, 0.1),
        (warps.shear_deg, 0, 5),
        (warps.scale, 1, 0.3),
    ):
        assert (values - middle).abs().max() <= reach * 1.0001
        assert values.mean() == pytest.approx(middle, abs=reach * 0.03)
        assert values.std() == pytest.approx(reach / math.sqrt(3), rel=0.03)  # of an even spread
