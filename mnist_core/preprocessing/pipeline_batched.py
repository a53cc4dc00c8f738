"""Many variants of one picture at once: sampled, measured and preprocessed as tensors.

`pipeline.preprocess` is the exact way of one picture; this is the same way for a hundred variants in the time of a
few, close enough to search among them. What is found is checked with `preprocess` before it is said.
"""

from collections.abc import Set
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from mnist_core.imaging.boxes import boxes, centers_of_mass
from mnist_core.imaging.geometry import sample_affine
from mnist_core.preprocessing.pipeline import BOX_PX, CENTER_PX, SIDE_PX, Preprocessed

FRAME_SCALE = 4  # the 28x28 field is looked at on 112x112 points


@dataclass(frozen=True, slots=True, eq=False)
class VariantBatch:
    """Pictures of one size, with what is ink in them.

    Attributes:
        levels: Grey levels 0 to 255, float32 (N, H, W).
        alpha: How much ink there is at each pixel, 0 to 1, float32 (N, H, W).
        background: The paper's grey level, float32 (N,).
        light_ink: Whether the ink is lighter than the paper, bool (N,).
        contrast: The distance from paper to full ink, 0 to 1, float32 (N,).
        noise: What the paper's grain reaches, as a share of full ink, 0 to 0.45, float32 (N,).
    """

    levels: Tensor
    alpha: Tensor
    background: Tensor
    light_ink: Tensor
    contrast: Tensor
    noise: Tensor

    @classmethod
    def of(cls, digit: Preprocessed, longest_px: int | None = None) -> "VariantBatch":
        """One variant: the picture as it came.

        Args:
            digit: The picture, in which there is ink.
            longest_px: Reduce the picture, which is measured at full size, to this longest side.

        Raises:
            ValueError: When there is no ink in it.
        """
        found = digit.segmentation
        if found is None:
            raise ValueError("a blank picture has no variants")
        levels, alpha = digit.picture.astype(np.float32), found.alpha
        if longest_px is not None and max(levels.shape) > longest_px:
            factor = longest_px / max(levels.shape)
            height, width = (max(1, round(side * factor)) for side in levels.shape)
            levels, alpha = (
                np.asarray(Image.fromarray(layer).resize((width, height), Image.Resampling.BOX))
                for layer in (levels, alpha)
            )
        return cls(
            torch.from_numpy(np.array(levels)).unsqueeze(0),
            torch.from_numpy(np.array(alpha)).unsqueeze(0),
            torch.tensor([found.paper_level]),
            torch.tensor([not found.dark_ink]),
            torch.tensor([min(1.0, found.contrast_levels / 255)]),
            torch.tensor([found.noise_share]),
        )

    def __len__(self) -> int:
        return len(self.levels)

    def __getitem__(self, chosen: Tensor | slice) -> "VariantBatch":
        """The chosen variants."""
        return VariantBatch(*(getattr(self, name)[chosen] for name in self.__slots__))

    @classmethod
    def joined(cls, parts: list["VariantBatch"]) -> "VariantBatch":
        """All variants of all parts, which have pictures of the same size."""
        return cls(*(torch.cat([getattr(part, name) for part in parts]) for name in cls.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class PreprocessedBatch:
    """What a model sees of each variant.

    Attributes:
        pixels: float32 (N, 28, 28), as `Preprocessed.pixels`.
        alpha: The ink in the 28x28 field, on 112x112 points, 0 to 1, float32 (N, 112, 112).
    """

    pixels: Tensor
    alpha: Tensor


def preprocess_batch(variants: VariantBatch, steps: Set[str]) -> PreprocessedBatch:
    """Every variant by the given steps of `preprocessing.steps`."""
    sampling = _frames(variants.alpha, steps)
    alpha = sample(variants.alpha, sampling)
    if "center" in steps:
        sampling = sampling @ _moves_to_center(alpha)
        alpha = sample(variants.alpha, sampling)
    values, background = _values(variants, steps)
    above = sample(values - background, sampling, averaged="antialias" in steps)
    pixels = F.avg_pool2d(above.unsqueeze(1), FRAME_SCALE).squeeze(1) if "antialias" in steps else above
    pixels = (pixels + background).clamp(0, 255)
    return PreprocessedBatch(pixels / 255 if "normalize" in steps else pixels, alpha)


def sample(pictures: Tensor, sampling: Tensor, averaged: bool = True) -> Tensor:
    """The pictures (N, H, W) looked at in the 28x28 field; 0 where that looks outside of them.

    Args:
        pictures: What is looked at.
        sampling: For each, the matrix (3, 3) from a place in the field (0 to 28) to a place in the picture,
            in pixels from its top left corner, as (x, y, 1).
        averaged: On 112x112 points; otherwise on the 28x28 centres of the field's pixels.
    """
    side = SIDE_PX * (FRAME_SCALE if averaged else 1)
    to_field = torch.tensor([SIDE_PX / side, SIDE_PX / side, 1.0])
    return sample_affine(pictures.unsqueeze(1), (sampling * to_field)[:, :2], (side, side)).squeeze(1)


def _frames(alpha: Tensor, steps: Set[str]) -> Tensor:
    """For each picture the matrix (3, 3) from the 28x28 field to the picture, before centring by mass."""
    count, height, width = alpha.shape
    box = boxes(alpha) if "crop" in steps else torch.tensor([[0.0, 0.0, width, height]]).repeat(count, 1)
    size = box[:, 2:] - box[:, :2]
    longest = size.max(dim=1, keepdim=True).values if "keep_aspect" in steps else size
    small = (size / longest * (BOX_PX if "fit_20x20" in steps else SIDE_PX)).round().clamp(min=1)
    corner = torch.div(SIDE_PX - small, 2, rounding_mode="floor")
    scale = size / small
    return _matrices(scale, box[:, :2] - corner * scale)


def _moves_to_center(alpha: Tensor) -> Tensor:
    """The matrices that move each field by whole pixels until its mass is where MNIST has it, losing no ink."""
    ink = boxes(alpha) / FRAME_SCALE
    # A pixel's number is where its centre is, less a half.
    place = centers_of_mass(alpha) / FRAME_SCALE - 0.5
    move = (CENTER_PX - place).round()
    move = torch.minimum(torch.maximum(move, -ink[:, :2].floor()), SIDE_PX - ink[:, 2:].ceil())
    return _matrices(torch.ones_like(move), -move)


def _matrices(scale: Tensor, shift: Tensor) -> Tensor:
    """(N, 3, 3) that scale and then shift x and y by (N, 2) each."""
    matrices = torch.diag_embed(F.pad(scale, (0, 1), value=1.0))
    matrices[:, :2, 2] = shift
    return matrices


def _values(variants: VariantBatch, steps: Set[str]) -> tuple[Tensor, Tensor]:
    """The grey levels that the steps leave, (N, H, W), and the paper's level among them, (N, 1, 1)."""
    light = variants.light_ink[:, None, None]
    values, background = variants.levels, variants.background[:, None, None]
    if "contrast" in steps:
        values = 255 * torch.where(light, variants.alpha, 1 - variants.alpha)
        background = torch.where(light, 0.0, 255.0)
    if "polarity" in steps:
        values, background = torch.where(light, values, 255 - values), torch.where(light, background, 255 - background)
    return values, background
