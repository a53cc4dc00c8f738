"""From a picture or a drawing to the 28x28 that a model sees, as MNIST was made, every stage kept.

MNIST's way, from http://yann.lecun.com/exdb/mnist: "size normalized to fit in a 20x20 pixel box while
preserving their aspect ratio [...] grey levels as a result of the anti-aliasing technique [...] centered in a
28x28 image by computing the center of mass of the pixels, and translating the image so as to position this
point at the center of the 28x28 field." In all 60,000 training images the centre of mass lies within half a
pixel of pixel (14, 14), counted from 0, spread evenly: they were moved by whole pixels.
"""

import hashlib
import math
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_core.imaging.boxes import EDGE_ALPHA, box_of
from mnist_core.preprocessing.deskew_and_stroke import (
    USUAL_PEN_SHARE,
    deskew,
    margin_to_usual,
    set_stroke_width,
    skew,
    stroke_width,
)
from mnist_core.preprocessing.image_file import ink_from_bytes
from mnist_core.preprocessing.segmentation import Segmentation, segment
from mnist_core.preprocessing.splitting import split
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


@dataclass(frozen=True, eq=False)
class Preprocessed:
    """A picture on its way to a model: made once, and handed to whatever asks about it.

    Which of it is ink is found once; what follows from that is computed when it is first asked for, and kept.

    Attributes:
        picture: As it came, grey, uint8 (H, W).
        segmentation: What of it is ink; None when it is blank.
        steps: The steps of `preprocessing.steps` that are switched on.
    """

    picture: Grey
    segmentation: Segmentation | None
    steps: frozenset[str]

    @property
    def blank(self) -> bool:
        """Whether no ink was found."""
        return self.segmentation is None

    @cached_property
    def key(self) -> str:
        """A short name of the picture; see `picture_key`."""
        return picture_key(self.picture)

    @cached_property
    def parts(self) -> "tuple[Preprocessed, ...]":
        """The separate digits in reading order; the whole itself when there is only one, none when it is blank."""
        if self.segmentation is None:
            return ()
        found = split(self.picture, self.segmentation)
        return tuple(preprocess(part.picture, self.steps) for part in found) if len(found) > 1 else (self,)

    @cached_property
    def pixels(self) -> Pixels:
        """The model's input, float32 (28, 28): 0 to 1 with the step `normalize`, otherwise 0 to 255; 0 when blank."""
        if self.segmentation is None:
            return np.zeros((SIDE_PX, SIDE_PX), np.float32)
        picture = _states_of(self)[-1][0].picture
        return picture / np.float32(255) if "normalize" in self.steps else picture

    @cached_property
    def canonical(self) -> Pixels:
        """The same as MNIST would have made it, 0 to 1, whatever steps are switched on: to tell what it is apart from
        how it was prepared.
        """
        return self.with_steps(MNIST_STEPS).pixels

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The picture as it came and then one stage a step, in order; only the first when blank."""
        size = f"{self.picture.shape[1]} x {self.picture.shape[0]} pixels."
        stages = [Stage("source", "As it came", size, _shown(self.picture), True)]
        states = _states_of(self)
        for step, (before, _), (state, note) in zip(STEPS, states, states[1:], strict=False):
            image = stages[-1].image if state is before else _shown(_framed(state))
            stages.append(Stage(step.name, step.title, note, image, step.name in self.steps))
        return tuple(stages)

    def downscaled(self) -> "Preprocessed":
        """The same of the picture, reduced by a whole factor until its longer side is at most `WORKING_PX`."""
        factor = -(-max(self.picture.shape) // WORKING_PX)
        return self if factor <= 1 else preprocess(np.asarray(Image.fromarray(self.picture).reduce(factor)), self.steps)

    def with_steps(self, steps: Set[str]) -> "Preprocessed":
        """The same picture, whose ink is not looked for again, by other steps.

        Raises:
            ValueError: When a step does not exist.
        """
        if unknown := steps - set(STEP_NAMES):
            raise ValueError(f"unknown steps: {sorted(unknown)}")
        return self if steps == self.steps else replace(self, steps=frozenset(steps))


def preprocess(source: bytes | Drawing | Grey, steps: Set[str] = MNIST_STEPS) -> Preprocessed:
    """A picture file, a drawing or a grey picture (H, W) uint8, prepared by the given steps.

    Raises:
        UserError: `image_too_large`, `image_unsupported` or `image_unreadable`, for bytes only.
        ValueError: When a step does not exist, or an array is not a grey picture.
    """
    picture = grey_picture(source)
    return Preprocessed(picture, segment(picture), frozenset()).with_steps(steps)


def normalise_to_mnist(alpha: Pixels) -> Pixels:
    """What MNIST would have made of ink (H, W), 0 to 1, that is told from its paper already: (28, 28), 0 to 1."""
    box = box_of(alpha > EDGE_ALPHA)
    if box is None:
        return np.zeros((SIDE_PX, SIDE_PX), np.float32)
    state, _ = _follow(255 * alpha, Segmentation(alpha, False, 0.0, 255.0, 0.0, box), MNIST_STEPS)[-1]
    return state.picture / np.float32(255)


def grey_picture(source: bytes | Drawing | Grey) -> Grey:
    """The source as a grey picture (H, W) uint8, before any step; see `preprocess` for the errors."""
    if isinstance(source, Drawing):
        return source.render()
    if isinstance(source, bytes):
        return ink_from_bytes(source)
    if source.ndim != 2 or source.dtype != np.uint8 or not source.size:
        raise ValueError(f"not a grey picture: {source.dtype} {source.shape}")
    return source


def picture_key(picture: Grey) -> str:
    """A short name of a picture's pixels: 32 hexadecimal digits, the same for the same picture."""
    return hashlib.blake2b(repr(picture.shape).encode() + picture.tobytes(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """The picture on its way.

    Attributes:
        picture: 0 to 255, float32 (H, W); from `antialias` on (28, 28).
        alpha: How much ink each of its pixels holds, 0 to 1, however the picture shows it.
        background: The level of the picture where there is no ink.
        light_ink: Whether the ink is lighter than the background.
        segmentation: Of the picture as it came.
        shares: Height and width that the digit is to have, as shares of its box, while that is decided but not done.
        box_px: The side of that box in the 28x28; None until that is decided.
        cropped: Whether the picture ends where the ink does.
    """

    picture: Pixels
    alpha: Pixels
    background: float
    light_ink: bool
    segmentation: Segmentation
    shares: tuple[float, float] | None = None
    box_px: int | None = None
    cropped: bool = False


@lru_cache(maxsize=1)
def _states_of(digit: Preprocessed) -> "list[tuple[_State, str]]":
    """As `_follow`; nothing when blank. Of the last digit only: they would fill the memory of who keeps many."""
    return [] if digit.segmentation is None else _follow(digit.picture, digit.segmentation, digit.steps)


def _follow(picture: Grey | Pixels, segmentation: Segmentation, steps: Set[str]) -> list[tuple[_State, str]]:
    """The picture (H, W), 0 to 255, as it came and after each step, with what is said of the step."""
    found = segmentation
    state = _State(picture.astype(np.float32), found.alpha, found.paper_level, not found.dark_ink, found)
    states = [(state, "")]
    for name, step in _STEP_FUNCTIONS.items():
        states.append(step(states[-1][0], name in steps))
    return states


def _polarity(state: _State, on: bool) -> tuple[_State, str]:
    if state.light_ink:
        return state, "Light ink on dark paper, as it should be."
    if not on:
        return state, "Dark ink on light paper."
    turned = replace(state, picture=255 - state.picture, background=255 - state.background, light_ink=True)
    return turned, "Dark ink on light paper: inverted."


def _contrast(state: _State, on: bool) -> tuple[_State, str]:
    found = state.segmentation
    measured = f"Ink and paper differ by {found.contrast_levels:.0f} of 255 grey levels"
    if not on:
        return state, f"{measured}."
    alpha = state.alpha if state.light_ink else 1 - state.alpha
    state = replace(state, picture=255 * alpha, background=0.0 if state.light_ink else 255.0)
    return state, f"{measured}: stretched to 255; anything fainter than {found.noise_share:.0%} of that is removed."


def _crop(state: _State, on: bool) -> tuple[_State, str]:
    top, bottom, left, right = state.segmentation.box
    height, width = state.picture.shape
    across, along = (right - left) / width, (bottom - top) / height
    measured = f"The ink fills {across:.0%} of the width and {along:.0%} of the height"
    if not on:
        return state, f"{measured}."
    box = np.s_[top:bottom, left:right]
    cut = replace(state, picture=state.picture[box], alpha=state.alpha[box], cropped=True)
    return cut, f"{measured}: cropped."


def _deslant(state: _State, on: bool) -> tuple[_State, str]:
    lean = skew(state.alpha)
    measured = f"The digit leans {abs(math.degrees(math.atan(lean))):.0f}° to the {'right' if lean > 0 else 'left'}"
    if not on:
        return state, f"{measured}."
    picture, alpha = deskew(state.picture, lean, state.background), deskew(state.alpha, lean, 0.0)
    return _fitted_back(replace(state, picture=picture, alpha=alpha), state), f"{measured}: straightened."


def _stroke_width(state: _State, on: bool) -> tuple[_State, str]:
    top, bottom, left, right = box_of(state.alpha > EDGE_ALPHA) or (0, 1, 0, 1)
    longer = max(bottom - top, right - left)
    measured = f"The pen is {stroke_width(state.alpha) / longer:.0%} of the digit's size"
    if not on:
        return state, f"{measured}."
    margin = margin_to_usual(state.alpha, longer)
    room = max(0, math.ceil(margin)) + 1
    alpha = set_stroke_width(np.pad(state.alpha, room), margin)
    picture = state.background + np.float32(_full_ink(state) - state.background) * alpha
    changed = replace(state, picture=picture.astype(np.float32), alpha=alpha)
    return _fitted_back(changed, state), f"{measured}: changed to {USUAL_PEN_SHARE:.0%}."


def _full_ink(state: _State) -> float:
    """The grey level of the boldest ink; the picture's own where a speck of ink was lost on the way."""
    return float(np.median(state.picture[state.alpha >= 0.9 * state.alpha.max()]))


def _fitted_back(changed: _State, before: _State) -> _State:
    """Cut to the ink again if it was; otherwise as large as it was, about its middle."""
    if changed.cropped:
        top, bottom, left, right = box_of(changed.alpha > EDGE_ALPHA) or (0, 1, 0, 1)
    else:
        (height, width), (new_height, new_width) = before.alpha.shape, changed.alpha.shape
        top, left = (new_height - height) // 2, (new_width - width) // 2
        bottom, right = top + height, left + width
    kept = np.s_[top:bottom, left:right]
    return replace(changed, picture=changed.picture[kept], alpha=changed.alpha[kept])


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
    picture, alpha = (_resized(layer, size, on) for layer in (state.picture, state.alpha))
    at = (SIDE_PX - size[0]) // 2, (SIDE_PX - size[1]) // 2
    state = replace(state, picture=_placed(picture, at, state.background), alpha=_placed(alpha, at, 0.0), shares=None)
    if ratio <= 1:
        return state, "Enlarged: nothing to average."
    return state, f"Each pixel {'averages' if on else 'samples one point of'} {ratio:.1f} x {ratio:.1f} pixels."


def _center(state: _State, on: bool) -> tuple[_State, str]:
    down, right = _way_to_center(state.alpha)
    way = _in_words(down, right)
    if not on:
        return state, f"MNIST would move it {way}." if way else "Already centred."
    picture = _placed(state.picture, (down, right), state.background)
    alpha = _placed(state.alpha, (down, right), 0.0)
    return replace(state, picture=picture, alpha=alpha), f"Moved {way}." if way else "Already centred."


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


def _placed(layer: Pixels, at: tuple[int, int], background: float) -> Pixels:
    """The layer (H, W) with its corner at row and column `at` of a 28x28; what lies outside is cut off."""
    field = np.full((SIDE_PX, SIDE_PX), background, np.float32)
    (top, left), (height, width) = at, layer.shape
    rows, columns = np.s_[max(0, top) : top + height], np.s_[max(0, left) : left + width]
    shown = field[rows, columns].shape
    field[rows, columns] = layer[max(0, -top) :, max(0, -left) :][: shown[0], : shown[1]]
    return field


def _way_to_center(alpha: Pixels) -> tuple[int, int]:
    """Whole pixels down and right that bring the centre of mass of a (28, 28) to (14, 14), losing no ink."""
    mass = float(alpha.sum())
    if mass <= 0:
        return 0, 0
    box = box_of(alpha > 0) or (0, SIDE_PX, 0, SIDE_PX)
    places = np.arange(SIDE_PX)
    down = round(CENTER_PX - float(alpha.sum(axis=1) @ places) / mass)
    right = round(CENTER_PX - float(alpha.sum(axis=0) @ places) / mass)
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
    image = Image.new("F", (STAGE_SIDE_PX, STAGE_SIDE_PX), state.background)
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
