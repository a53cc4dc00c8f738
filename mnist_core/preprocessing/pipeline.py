"""From a picture or a drawing to the 28x28 digit that a model sees, as MNIST was made, every stage kept.

MNIST's way, from http://yann.lecun.com/exdb/mnist: "size normalized to fit in a 20x20 pixel box while
preserving their aspect ratio [...] grey levels as a result of the anti-aliasing technique [...] centered in a
28x28 image by computing the center of mass of the pixels, and translating the image so as to position this
point at the center of the 28x28 field." In all 60,000 training images the centre of mass lies within half a
pixel of pixel (14, 14), counted from 0, spread evenly: they were moved by whole pixels.
"""

import math
from collections.abc import Callable, Set
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_core.imaging.connected_components import box_of
from mnist_core.preprocessing.deskew_and_stroke import (
    USUAL_PEN_SHARE,
    deskew,
    margin_to_usual,
    set_stroke_width,
    skew,
    stroke_width,
)
from mnist_core.preprocessing.image_file import ink_from_bytes
from mnist_core.preprocessing.segmentation import EDGE_STRENGTH, Segmentation, segment
from mnist_core.preprocessing.steps import MNIST_STEPS, STEP_NAMES, STEPS
from mnist_core.preprocessing.strokes import Drawing

Grey = npt.NDArray[np.uint8]
Pixels = npt.NDArray[np.float32]

SIDE_PX = 28
BOX_PX = 20
CENTER_PX = 14
WORKING_PX = 1120
"""The longest side of a photo that is looked into: forty times what a network sees, more than any answer needs."""

STAGE_SIDE_PX = 280
"""The longest side of a stage's picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The picture after one step.

    Attributes:
        step: The step's name, or `source` for the picture as it came.
        title: Its name for people.
        note: In plain words: what was done or measured.
        image: The picture, uint8 (H, W), at most 280 px a side; the last ones are 28x28.
        on: Whether the step was switched on.
    """

    step: str
    title: str
    note: str
    image: Grey
    on: bool


@dataclass(frozen=True, slots=True, eq=False)
class Digit:
    """What the model sees, and how it came about.

    Attributes:
        pixels: float32 (28, 28): 0 to 1 with the step `normalize`, otherwise 0 to 255. All 0 when blank.
        canonical: The same as MNIST would have made it, 0 to 1, whatever steps are switched on: to tell what it is
            apart from how it was prepared.
        stages: The source and then one stage a step, in order; only the source when blank.
        blank: Whether no ink was found.
    """

    pixels: Pixels
    canonical: Pixels
    stages: tuple[Stage, ...]
    blank: bool


def digitize(source: bytes | Drawing | Grey, steps: Set[str] = MNIST_STEPS) -> Digit:
    """The digit in a picture file, a drawing or a grey picture (H, W) uint8, made by the given steps.

    Raises:
        UserError: `image_too_large`, `image_unsupported` or `image_unreadable`, for bytes only.
        ValueError: When a step does not exist, or an array is not a grey picture.
    """
    if unknown := steps - set(STEP_NAMES):
        raise ValueError(f"unknown steps: {sorted(unknown)}")
    grey = grey_picture(source)
    first = Stage("source", "As it came", f"{grey.shape[1]} x {grey.shape[0]} pixels.", _shown(grey), True)
    inked = segment(grey)
    if inked is None:
        nothing = np.zeros((SIDE_PX, SIDE_PX), np.float32)
        return Digit(nothing, nothing, (first,), True)
    state = _start(grey, inked)
    stages = [first]
    for step in STEPS:
        on = step.name in steps
        before, (state, note) = state, _STEP_FUNCTIONS[step.name](state, on)
        image = stages[-1].image if state is before else _shown(_framed(state))
        stages.append(Stage(step.name, step.title, note, image, on))
    pixels = state.picture / np.float32(255) if "normalize" in steps else state.picture
    return Digit(pixels, pixels if steps == MNIST_STEPS else preprocess(grey, inked, MNIST_STEPS), tuple(stages), False)


def preprocess(picture: Grey | Pixels, inked: Segmentation, steps: Set[str]) -> Pixels:
    """Only the pixels of `digitize`, (28, 28), for a picture (H, W), 0 to 255, whose ink was found before."""
    state = _start(picture, inked)
    for name in STEP_NAMES:
        state, _ = _STEP_FUNCTIONS[name](state, name in steps)
    return state.picture / np.float32(255) if "normalize" in steps else state.picture


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """The picture on its way.

    Attributes:
        picture: 0 to 255, float32 (H, W); from `antialias` on (28, 28).
        strength: How much ink each of its pixels holds, 0 to 1, however the picture shows it.
        ground: The level of the picture where there is no ink.
        light_ink: Whether the ink is lighter than the ground.
        shares: Height and width that the digit is to have, as shares of its box, while that is decided but not done.
        box_px: The side of that box in the 28x28; None until that is decided.
        cropped: Whether the picture ends where the ink does.
    """

    picture: Pixels
    strength: Pixels
    ground: float
    light_ink: bool
    inked: Segmentation
    shares: tuple[float, float] | None = None
    box_px: int | None = None
    cropped: bool = False


def _start(picture: Grey | Pixels, inked: Segmentation) -> _State:
    return _State(picture.astype(np.float32), inked.alpha, inked.paper_level, not inked.dark_ink, inked)


def normalise_to_mnist(strength: Pixels) -> Pixels:
    """What MNIST would have made of ink (H, W), 0 to 1, that is told from its paper already: (28, 28), 0 to 1."""
    box = box_of(strength > EDGE_STRENGTH)
    if box is None:
        return np.zeros((SIDE_PX, SIDE_PX), np.float32)
    return preprocess(255 * strength, Segmentation(strength, False, 0.0, 255.0, 0.0, box), MNIST_STEPS)


def grey_picture(source: bytes | Drawing | Grey) -> Grey:
    """The source as a grey picture (H, W) uint8, before any step; see `digitize` for the errors."""
    if isinstance(source, Drawing):
        return source.render()
    if isinstance(source, bytes):
        return ink_from_bytes(source)
    if source.ndim != 2 or source.dtype != np.uint8 or not source.size:
        raise ValueError(f"not a grey picture: {source.dtype} {source.shape}")
    return source


def downscaled(grey: Grey) -> Grey:
    """The grey picture (H, W), reduced by a whole factor until its longer side is at most `WORKING_PX`."""
    factor = -(-max(grey.shape) // WORKING_PX)
    return grey if factor <= 1 else np.asarray(Image.fromarray(grey).reduce(factor))


def _polarity(state: _State, on: bool) -> tuple[_State, str]:
    if state.light_ink:
        return state, "Light ink on dark paper, as it should be."
    if not on:
        return state, "Dark ink on light paper."
    turned = replace(state, picture=255 - state.picture, ground=255 - state.ground, light_ink=True)
    return turned, "Dark ink on light paper: inverted."


def _contrast(state: _State, on: bool) -> tuple[_State, str]:
    inked = state.inked
    measured = f"Ink and paper differ by {inked.contrast_levels:.0f} of 255 grey levels"
    if not on:
        return state, f"{measured}."
    strength = state.strength if state.light_ink else 1 - state.strength
    state = replace(state, picture=255 * strength, ground=0.0 if state.light_ink else 255.0)
    return state, f"{measured}: stretched to 255; anything fainter than {inked.noise_share:.0%} of that is removed."


def _crop(state: _State, on: bool) -> tuple[_State, str]:
    top, bottom, left, right = state.inked.box
    height, width = state.picture.shape
    across, along = (right - left) / width, (bottom - top) / height
    measured = f"The ink fills {across:.0%} of the width and {along:.0%} of the height"
    if not on:
        return state, f"{measured}."
    box = np.s_[top:bottom, left:right]
    cut = replace(state, picture=state.picture[box], strength=state.strength[box], cropped=True)
    return cut, f"{measured}: cropped."


def _deslant(state: _State, on: bool) -> tuple[_State, str]:
    lean = skew(state.strength)
    measured = f"The digit leans {abs(math.degrees(math.atan(lean))):.0f}° to the {'right' if lean > 0 else 'left'}"
    if not on:
        return state, f"{measured}."
    picture, strength = deskew(state.picture, lean, state.ground), deskew(state.strength, lean, 0.0)
    return _fitted_back(replace(state, picture=picture, strength=strength), state), f"{measured}: straightened."


def _stroke_width(state: _State, on: bool) -> tuple[_State, str]:
    top, bottom, left, right = box_of(state.strength > EDGE_STRENGTH) or (0, 1, 0, 1)
    longer = max(bottom - top, right - left)
    measured = f"The pen is {stroke_width(state.strength) / longer:.0%} of the digit's size"
    if not on:
        return state, f"{measured}."
    margin = margin_to_usual(state.strength, longer)
    room = max(0, math.ceil(margin)) + 1
    strength = set_stroke_width(np.pad(state.strength, room), margin)
    picture = state.ground + np.float32(_full_ink(state) - state.ground) * strength
    changed = replace(state, picture=picture.astype(np.float32), strength=strength)
    return _fitted_back(changed, state), f"{measured}: changed to {USUAL_PEN_SHARE:.0%}."


def _full_ink(state: _State) -> float:
    """The grey level of the boldest ink; the picture's own where a speck of ink was lost on the way."""
    return float(np.median(state.picture[state.strength >= 0.9 * state.strength.max()]))


def _fitted_back(changed: _State, before: _State) -> _State:
    """Cut to the ink again if it was; otherwise as large as it was, about its middle."""
    if changed.cropped:
        top, bottom, left, right = box_of(changed.strength > EDGE_STRENGTH) or (0, 1, 0, 1)
    else:
        (height, width), (new_height, new_width) = before.strength.shape, changed.strength.shape
        top, left = (new_height - height) // 2, (new_width - width) // 2
        bottom, right = top + height, left + width
    kept = np.s_[top:bottom, left:right]
    return replace(changed, picture=changed.picture[kept], strength=changed.strength[kept])


def _keep_aspect(state: _State, on: bool) -> tuple[_State, str]:
    height, width = state.picture.shape
    longest = max(height, width)
    if on:
        return replace(state, shares=(height / longest, width / longest)), f"{width} x {height} px: proportions kept."
    return replace(state, shares=(1.0, 1.0)), f"{width} x {height} px: stretched to a square."


def _fit_20x20(state: _State, on: bool) -> tuple[_State, str]:
    state = replace(state, box_px=BOX_PX if on else SIDE_PX)
    height, width = _size_px(state)
    where = "inside 28 x 28" if on else "the whole picture, no margin"
    return state, f"{width} x {height} px, {where}."


def _antialias(state: _State, on: bool) -> tuple[_State, str]:
    size = _size_px(state)
    ratio = max(side / small for side, small in zip(state.picture.shape, size, strict=True))
    picture, strength = (_resized(layer, size, on) for layer in (state.picture, state.strength))
    at = (SIDE_PX - size[0]) // 2, (SIDE_PX - size[1]) // 2
    state = replace(state, picture=_placed(picture, at, state.ground), strength=_placed(strength, at, 0.0), shares=None)
    if ratio <= 1:
        return state, "Enlarged: nothing to average."
    return state, f"Each pixel {'averages' if on else 'samples one point of'} {ratio:.1f} x {ratio:.1f} pixels."


def _center(state: _State, on: bool) -> tuple[_State, str]:
    down, right = _way_to_center(state.strength)
    way = _in_words(down, right)
    if not on:
        return state, f"MNIST would move it {way}." if way else "Already centred."
    picture = _placed(state.picture, (down, right), state.ground)
    strength = _placed(state.strength, (down, right), 0.0)
    return replace(state, picture=picture, strength=strength), f"Moved {way}." if way else "Already centred."


def _normalize(state: _State, on: bool) -> tuple[_State, str]:
    return state, "0 to 255 becomes 0 to 1." if on else "Stays 0 to 255."


_STEP_FUNCTIONS: dict[str, Callable[[_State, bool], tuple[_State, str]]] = {
    "polarity": _polarity,
    "contrast": _contrast,
    "crop": _crop,
    "deslant": _deslant,
    "stroke_width": _stroke_width,
    "keep_aspect": _keep_aspect,
    "fit_20x20": _fit_20x20,
    "antialias": _antialias,
    "center": _center,
    "normalize": _normalize,
}


def _size_px(state: _State) -> tuple[int, int]:
    """Height and width of the digit in the 28x28."""
    box_px = state.box_px or SIDE_PX
    height, width = (max(1, round(box_px * share)) for share in state.shares or (1.0, 1.0))
    return height, width


def _resized(layer: Pixels, size: tuple[int, int], area_averaged: bool) -> Pixels:
    image, (height, width) = Image.fromarray(np.ascontiguousarray(layer)), size
    if area_averaged:
        # Hamming, bilinear, bicubic and Lanczos are no better here: 96.3 to 96.5 % of 2,500 pen digits, as with this.
        area = Image.Resampling.BOX if image.width >= width else Image.Resampling.BILINEAR
        return np.asarray(image.resize((width, height), area))
    scale = (image.width / width, 0, 0, 0, image.height / height, 0)
    sampled = image.transform((width, height), Image.Transform.AFFINE, scale, Image.Resampling.BILINEAR)
    return np.asarray(sampled)


def _placed(layer: Pixels, at: tuple[int, int], ground: float) -> Pixels:
    """The layer (H, W) with its corner at row and column `at` of a 28x28; what lies outside is cut off."""
    field = np.full((SIDE_PX, SIDE_PX), ground, np.float32)
    (top, left), (height, width) = at, layer.shape
    rows, columns = np.s_[max(0, top) : top + height], np.s_[max(0, left) : left + width]
    shown = field[rows, columns].shape
    field[rows, columns] = layer[max(0, -top) :, max(0, -left) :][: shown[0], : shown[1]]
    return field


def _way_to_center(strength: Pixels) -> tuple[int, int]:
    """Whole pixels down and right that bring the centre of mass of a (28, 28) to (14, 14), losing no ink."""
    mass = float(strength.sum())
    if mass <= 0:
        return 0, 0
    box = box_of(strength > 0) or (0, SIDE_PX, 0, SIDE_PX)
    places = np.arange(SIDE_PX)
    down = round(CENTER_PX - float(strength.sum(axis=1) @ places) / mass)
    right = round(CENTER_PX - float(strength.sum(axis=0) @ places) / mass)
    return min(max(down, -box[0]), SIDE_PX - box[1]), min(max(right, -box[2]), SIDE_PX - box[3])


def _in_words(down: int, right: int) -> str:
    parts = [f"{abs(right)} {'right' if right > 0 else 'left'}"] if right else []
    parts += [f"{abs(down)} {'down' if down > 0 else 'up'}"] if down else []
    return ", ".join(parts)


def _framed(state: _State) -> Pixels:
    """The picture, once its proportions are decided, in a square frame as the 28x28 will show it."""
    if state.shares is None:
        return state.picture
    height, width = (max(1, round(share * (state.box_px or SIDE_PX) * 10)) for share in state.shares)
    image = Image.new("F", (STAGE_SIDE_PX, STAGE_SIDE_PX), state.ground)
    digit = Image.fromarray(np.ascontiguousarray(state.picture)).resize((width, height), Image.Resampling.BOX)
    image.paste(digit, ((STAGE_SIDE_PX - width) // 2, (STAGE_SIDE_PX - height) // 2))
    return np.asarray(image)


def _shown(picture: Pixels | Grey) -> Grey:
    levels = (picture + np.float32(0.5)).astype(np.uint8)
    if max(levels.shape) <= STAGE_SIDE_PX:
        return levels
    image = Image.fromarray(levels)
    image.thumbnail((STAGE_SIDE_PX, STAGE_SIDE_PX), Image.Resampling.BOX)
    return np.array(image)
