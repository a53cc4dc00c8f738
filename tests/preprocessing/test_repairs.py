import numpy as np
import pytest
import torch
from PIL import Image

from mnist_core.data.mnist_files import load_mnist
from mnist_core.diagnosis.causes import candidate_repairs
from mnist_core.diagnosis.reference import load_reference
from mnist_core.imaging.boxes import boxes
from mnist_core.preprocessing.measurements import NAMES
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.pipeline_batched import VariantBatch
from mnist_core.preprocessing.repairs import Repair, apply_batch


def variants(picture: np.ndarray) -> VariantBatch:
    return VariantBatch.of(preprocess(picture))


def candidates(picture: np.ndarray) -> list[Repair]:
    """Of a picture that is meant as a seven."""
    return candidate_repairs(variants(picture), load_reference(), 7)


@pytest.fixture
def picture() -> np.ndarray:
    """The first test image, a seven, on a 112 px canvas."""
    return load_mnist().test_images[0].numpy().repeat(4, 0).repeat(4, 1)


def repaired(picture: np.ndarray, repair: Repair) -> np.ndarray:
    return apply_batch(variants(picture), [repair]).levels[0].clamp(0, 255).numpy()


def the(picture: np.ndarray, cause: str) -> Repair:
    return next(repair for repair in candidates(picture) if repair.cause == cause)


def test_mirror_transpose_and_invert_are_numpys(picture) -> None:
    off_middle = np.roll(picture, (7, -9), (0, 1))
    np.testing.assert_allclose(repaired(off_middle, the(picture, "mirrored")), off_middle[:, ::-1], atol=0.1)
    np.testing.assert_allclose(repaired(off_middle, the(picture, "transposed")), off_middle.T, atol=0.1)
    np.testing.assert_allclose(repaired(off_middle, the(picture, "inverted")), 255 - off_middle, atol=0.1)


def test_a_moved_digit_is_moved_back_to_its_usual_place_or_to_the_middle(picture) -> None:
    moved = np.roll(picture, (-12, -14), (0, 1))
    usual = [float(load_reference().median(7)[NAMES.index(name)]) for name in ("right", "down")]
    to_the_usual_place, to_the_middle = (one for one in candidates(moved) if one.cause == "off_center")
    for repair, expected in ((to_the_usual_place, usual), (to_the_middle, (0, 0))):
        left, top, right, bottom = boxes(apply_batch(variants(moved), [repair]).alpha)[0].tolist()
        assert (left + right) / 2 == pytest.approx(56 + 4 * expected[0], abs=1)
        assert (top + bottom) / 2 == pytest.approx(56 + 4 * expected[1], abs=1)


def test_a_small_digit_is_enlarged_to_20_of_28_pixels(picture) -> None:
    small = np.pad(load_mnist().test_images[0].numpy(), 42)
    repair = the(small, "too_small")
    left, top, right, bottom = boxes(apply_batch(variants(small), [repair]).alpha)[0].tolist()
    assert max(right - left, bottom - top) / 4 == pytest.approx(20, abs=1.5)
    assert "too_large" not in {one.cause for one in candidates(small)}


def test_a_turn_is_pillows_rotation_about_the_inks_middle(picture) -> None:
    turn = the(picture, "rotated")
    assert turn.words == "rotate it 15° to the right"
    left, top, right, bottom = boxes(variants(picture).alpha)[0].tolist()
    middle = ((left + right) / 2, (top + bottom) / 2)
    expected = Image.fromarray(picture).rotate(-15, Image.Resampling.BILINEAR, center=middle)
    assert np.abs(repaired(picture, turn) - np.asarray(expected, np.float32)).mean() < 0.5


def test_to_the_right_is_clockwise() -> None:
    bar = np.zeros((112, 112), np.uint8)
    bar[10:102, 52:60] = 255
    turn = next(one for one in candidates(bar) if one.words == "rotate it 45° to the right")
    turned = repaired(bar, turn)
    assert turned[:40, 72:].sum() > 10 * turned[:40, :40].sum()  # its top goes to the right


def test_pens_grow_and_shrink_by_what_they_say() -> None:
    bar = np.zeros((112, 112), np.uint8)
    bar[20:92, 48:64] = 255
    for one in candidates(bar):
        if one.kind in ("thicken", "thin"):
            row = repaired(bar, one)[56]
            change = row.sum() / 255 - 16
            expected = 2 * one.amount * 112 * (1 if one.kind == "thicken" else -1)
            assert change == pytest.approx(expected, abs=0.1)


def test_faint_ink_is_made_full_and_grain_is_wiped_away(picture) -> None:
    faint = (60 + picture / 255 * 50).round().astype(np.uint8)
    full = repaired(faint, the(faint, "low_contrast"))
    assert full.max() == 255
    assert np.abs(full - picture).mean() < 6
    grainy = np.maximum(picture, np.random.default_rng(0).integers(0, 30, picture.shape)).astype(np.uint8)
    assert np.median(repaired(grainy, the(grainy, "noisy_background"))[:10, :10]) == pytest.approx(
        np.median(grainy[:10, :10]), abs=4
    )
    assert repaired(grainy, the(grainy, "noisy_background"))[:10, :10].std() < grainy[:10, :10].std() / 4


def test_variants_come_in_the_order_of_the_repairs(picture) -> None:
    drawing = variants(picture)
    repairs = candidates(picture)
    together = apply_batch(drawing, repairs)
    assert len(together) == len(repairs)
    for index in (0, 3, len(repairs) // 2, -1):
        alone = apply_batch(drawing, [repairs[index]])
        assert torch.allclose(together.levels[index], alone.levels[0], atol=0.01)  # of 255: rounding
