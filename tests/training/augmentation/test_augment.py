"""All kinds together; each kind by itself is tested in `augmentation`."""

import pytest
import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as TF

from mnist_core.data.mnist_files import load_mnist
from mnist_core.preprocessing.measurements import stroke_width
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.augmentation.augment import augment, is_augmented

DIGITS = load_mnist().test_images[:400].float() / 255
LABELS = load_mnist().test_labels[:400]

EACH_KIND = {
    "rotation_deg": 15, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 10, "zoom": 0.2, "elastic_px": 1.5,
    "thickness_px": 0.8, "pen_habits": 1.0, "pixel_noise": 0.1, "flip": "horizontal",
}  # fmt: skip


def generator(seed: int = 7) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_every_field_of_the_group_is_here() -> None:
    fields = {name for name, field in FIELDS.items() if field.group == "augmentation"}
    assert fields == {*EACH_KIND, "fill"}


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(fill="reflect")])
def test_without_augmentation_nothing_changes_and_no_random_number_is_drawn(recipe) -> None:
    numbers = generator()
    before = numbers.get_state()
    assert augment(DIGITS, LABELS, recipe, numbers) is DIGITS
    assert torch.equal(numbers.get_state(), before)
    assert not is_augmented(recipe)


@pytest.mark.parametrize("name", EACH_KIND)
def test_each_kind_changes_most_images_and_follows_the_generator(name) -> None:
    recipe = Recipe(**{name: EACH_KIND[name]})
    assert is_augmented(recipe)
    first = augment(DIGITS, LABELS, recipe, generator())
    assert (first - DIGITS).abs().amax(dim=(1, 2)).gt(0.01).float().mean() > 0.4
    assert torch.equal(first, augment(DIGITS, LABELS, recipe, generator()))
    assert not torch.equal(first, augment(DIGITS, LABELS, recipe, generator(8)))


def test_all_kinds_together_stay_in_range_and_leave_what_they_were_given_alone() -> None:
    given = DIGITS.clone()
    out = augment(DIGITS, LABELS, Recipe(**EACH_KIND), generator())
    assert out.shape == DIGITS.shape
    assert out.min() >= 0
    assert out.max() <= 1
    assert torch.equal(DIGITS, given)


def test_a_recipe_of_warps_alone_draws_the_numbers_it_always_drew() -> None:
    """Shipped models name their recipe and seed: five even numbers an image, in this order, and no others."""
    recipe = Recipe(rotation_deg=20, shift_x=0.1, shift_y=0.2, shear_deg=15, zoom=0.3)
    ours, theirs = generator(), generator()
    out = augment(DIGITS[:50], LABELS[:50], recipe, ours)
    turn, right, down, shear, zoom = (torch.rand(5, 50, generator=theirs) * 2 - 1).tolist()
    assert torch.equal(ours.get_state(), theirs.get_state())
    for i in range(50):
        wanted = TF.affine(
            DIGITS[i : i + 1],
            angle=20 * turn[i],
            translate=[28 * 0.1 * right[i], 28 * 0.2 * down[i]],
            scale=1 + 0.3 * zoom[i],
            shear=[15 * shear[i], 0.0],
            interpolation=InterpolationMode.BILINEAR,
        )
        assert (out[i] - wanted[0]).abs().max() < 1e-3


def test_bends_come_on_top_of_the_same_warps() -> None:
    warps = {"rotation_deg": 15, "zoom": 0.2}
    barely_bent = augment(DIGITS, LABELS, Recipe(**warps, elastic_px=1e-6), generator())
    assert torch.allclose(barely_bent, augment(DIGITS, LABELS, Recipe(**warps), generator()), atol=1e-4)


@pytest.mark.parametrize(
    ("flip", "dims"), [("horizontal", [(2,)]), ("vertical", [(1,)]), ("both", [(1,), (2,), (1, 2)])]
)
def test_half_of_the_images_are_mirrored_each_way(flip, dims) -> None:
    out = augment(DIGITS, LABELS, Recipe(flip=flip), generator())
    ways = [(), *dims]
    matches = torch.stack([(out == DIGITS.flip(way)).flatten(1).all(dim=1) for way in ways])
    assert matches.any(dim=0).all()
    for share in matches.float().mean(dim=1).tolist():
        assert share == pytest.approx(1 / len(ways), abs=0.08)


def test_noise_has_the_spread_that_is_asked_and_stays_within_ink() -> None:
    grey = torch.full((200, 28, 28), 0.5)
    out = augment(grey, None, Recipe(pixel_noise=0.1), generator())
    assert out.mean() == pytest.approx(0.5, abs=0.002)
    assert out.std() == pytest.approx(0.1, rel=0.02)
    loud = augment(grey, None, Recipe(pixel_noise=1.0), generator())
    assert loud.min() == 0
    assert loud.max() == 1


def test_strokes_change_evenly_both_ways() -> None:
    out = augment(DIGITS, LABELS, Recipe(thickness_px=0.5), generator())
    change_px = stroke_width(out) - stroke_width(DIGITS)
    assert change_px.mean() == pytest.approx(0, abs=0.05)
    assert change_px.std() == pytest.approx(0.5 / 3**0.5, rel=0.15)
    assert change_px.abs().max() < 0.7


def test_without_labels_nobody_has_a_habit() -> None:
    assert augment(DIGITS, None, Recipe(pen_habits=1.0), generator()) is DIGITS


def test_habits_are_the_labelled_digits_own() -> None:
    """A slash goes through what is called a zero, and through nothing else."""
    changed = augment(DIGITS, torch.zeros_like(LABELS), Recipe(pen_habits=1.0), generator())
    ones = LABELS == 1
    width = stroke_width(changed[ones]).sum() / stroke_width(DIGITS[ones]).sum()
    assert 0.7 < float(width) < 1.1  # drawn with the digit's own pen, in a frame that is as large or larger
    threes = augment(DIGITS, torch.full_like(LABELS, 3), Recipe(pen_habits=1.0), generator())
    assert torch.equal(threes, DIGITS)  # a 3 has no habits
