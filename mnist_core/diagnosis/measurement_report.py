"""An X-ray of a drawing: what can be measured of it, each beside the same in MNIST's training digits.

Measures are taken of what the model sees, by the steps that are switched on. Beside each stands what it was without
any step: the drawing as it came, merely resized. So the steps' work is seen, and what they cannot mend.
"""

from collections.abc import Set

import numpy as np
import torch
from numpy.typing import NDArray

from mnist_core.diagnosis.categorical_findings import find_contrast, find_grain, find_polarity, find_shapes
from mnist_core.diagnosis.finding import Finding, in_order
from mnist_core.diagnosis.neighbors import Near, Neighbors
from mnist_core.diagnosis.reference import ALL, QUANTILES, load_reference
from mnist_core.diagnosis.scale_findings import DISTANCE, SCALES, Rows, find
from mnist_core.preprocessing.measurements import NAMES, count_shapes, measure_all
from mnist_core.preprocessing.pipeline import Digit, Grey, digitize
from mnist_core.preprocessing.pipeline_batched import sample
from mnist_core.preprocessing.rotation import measure_rotation
from mnist_core.preprocessing.segmentation import segment
from mnist_core.preprocessing.steps import RAW

_INK_STEPS = frozenset({"polarity", "contrast", "normalize"})  # with these, pixels are the ink's strength


def xray(picture: Grey, seen: Digit, steps: Set[str], digit: int) -> tuple[Finding, ...]:
    """All that is measured of a drawing, the most unusual first, then what is usual in a fixed order.

    Args:
        picture: The drawing as it came, grey, uint8 (H, W).
        seen: What `digitize` makes of it by the steps.
        steps: The steps of `preprocessing.steps` that are switched on.
        digit: The class to compare with, 0 to 9.

    Returns:
        Nothing for a blank picture.
    """
    inked = segment(picture)
    if inked is None:
        return ()
    reference = load_reference()
    ink = seen.pixels if steps >= _INK_STEPS else _ink(picture, steps)
    now, before = _measured(ink, digit), _measured(_ink(picture, RAW), digit)
    findings = [
        find(scale, now[scale.name], before[scale.name], digit,
             Rows(reference.values(digit, scale.name), reference.values(ALL, scale.name)))
        for scale in SCALES
    ]  # fmt: skip
    findings += [
        find_shapes(count_shapes(seen.canonical), digit),
        find_polarity(inked, digit, turned="polarity" in steps),
        find_contrast(inked, digit, stretched="contrast" in steps),
        find_grain(inked, digit, wiped="contrast" in steps),
    ]
    return in_order(findings)


def nearness(neighbors: Neighbors, near: Near, digit: int) -> Finding:
    """How far the nearest training digit is in the model's features, beside the validation digits' distances."""
    levels = torch.linspace(0, 1, QUANTILES)
    of_class = neighbors.usual[neighbors.usual_labels == digit]
    rows = Rows(torch.quantile(of_class, levels), torch.quantile(neighbors.usual, levels))
    return find(DISTANCE, float(near.distances[0]), None, digit, rows)


def _ink(picture: Grey, steps: Set[str]) -> NDArray[np.float32]:
    """The ink where the model sees it, 0 to 1, (28, 28), however light or dark the model sees it."""
    return digitize(picture, steps | _INK_STEPS).pixels


def _measured(ink: NDArray[np.float32], digit: int) -> dict[str, float]:
    strength = torch.from_numpy(ink).unsqueeze(0)
    values = measure_all(sample(strength, torch.eye(3).unsqueeze(0)))[0].tolist()  # as MNIST's own were measured
    rotation = float(measure_rotation(strength, load_reference().averages[digit]))
    return {**dict(zip(NAMES, values, strict=True)), "rotation": rotation}
