from dataclasses import replace

import numpy as np
import pytest

from mnist_core.preprocessing.pipeline import grey_picture, preprocess
from mnist_core.preprocessing.segmentation import segment
from tests.photos import Scene, marker, photograph
from tests.preprocessing.examples import mnist_images

INK = marker(mnist_images(10)[9])  # a nine
DRAWN = preprocess(INK).pixels

SCENES = {
    "plain": Scene(),
    "lined": Scene(paper="lined", line_strength=1.0, margin=True, tilt_deg=4),
    "checked": Scene(paper="checked", line="grey", line_strength=1.0, spacing_share=0.07, tilt_deg=-5),
    "checked, pencil": Scene(paper="checked", pen="pencil"),
    "soft shadow": Scene(shadow="soft", slope=0.4),
    "hard shadow": Scene(shadow="hard", pen="blue"),
    "on a desk": Scene(desk=True, paper="lined", tilt_deg=5),
    "small and to one side": Scene(digit_share=0.18, at=(0.35, 0.6), paper="lined"),
    "poor": Scene(side_px=800, quality=40, grain_levels=8, blur_share=0.003, paper="checked"),
    "large": Scene(side_px=2400, paper="lined", desk=True),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_a_photo_gives_the_digit_that_was_written(scene: Scene) -> None:
    photo = grey_picture(photograph(INK, replace(scene, tilt_deg=scene.tilt_deg / 2)))
    inked = segment(photo)
    assert inked is not None
    assert inked.dark_ink
    assert inked.alpha.shape == photo.shape
    seen = preprocess(photo).pixels
    shifted = [np.roll(seen, (down, right), axis=(0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert min(np.abs(one - DRAWN).mean() for one in shifted) < 0.05


@pytest.mark.parametrize("paper", ["plain", "lined", "checked"])
def test_ruling_and_shadow_are_wiped(paper: str) -> None:
    written = photograph(INK, Scene(paper=paper, shadow="soft"))
    inked = segment(grey_picture(written))
    assert inked is not None
    top, bottom, left, right = inked.box
    outside = inked.alpha.copy()
    outside[top - 5 : bottom + 5, left - 5 : right + 5] = 0
    assert outside.max() < 0.05
