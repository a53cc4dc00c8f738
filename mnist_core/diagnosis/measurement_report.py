"""An X-ray of a drawing: what can be measured of it, each beside the same in MNIST's training digits.

Measures are taken of what the model sees, by the steps that are switched on. Beside each stands what it was without
any step: the drawing as it came, merely resized. So the steps' work is seen, and what they cannot mend.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from mnist_core.diagnosis.categorical_findings import find_contrast, find_grain, find_polarity, find_shapes
from mnist_core.diagnosis.finding import Finding, in_order
from mnist_core.diagnosis.neighbors import Near, Neighbors
from mnist_core.diagnosis.reference import ALL, QUANTILES, load_reference
from mnist_core.diagnosis.scale_findings import DISTANCE, SCALES, Rows, find
from mnist_core.preprocessing.measurements import NAMES, count_shapes, measure_all
from mnist_core.preprocessing.pipeline import Preprocessed
from mnist_core.preprocessing.pipeline_batched import sample
from mnist_core.preprocessing.rotation import measure_rotation
from mnist_core.preprocessing.steps import RAW

_INK_STEPS = frozenset({"polarity", "contrast", "normalize"})


def measurement_report(seen: Preprocessed, digit: int) -> tuple[Finding, ...]:
    """All that is measured of a drawing, the most unusual first, then what is usual in a fixed order.

    Args:
        seen: The drawing, by the steps that are switched on.
        digit: The class to compare with, 0 to 9.

    Returns:
        Nothing for a blank picture.
    """
    found, steps = seen.segmentation, seen.steps
    if found is None:
        return ()
    reference = load_reference()
    # With those steps, pixels are ink, 0 to 1, however light or dark the model sees it.
    now, before = (_measured(seen.with_steps(chosen | _INK_STEPS).pixels, digit) for chosen in (steps, RAW))
    findings = [
        find(scale, now[scale.name], before[scale.name], digit,
             Rows(reference.values(digit, scale.name), reference.values(ALL, scale.name)))
        for scale in SCALES
    ]  # fmt: skip
    findings += [
        find_shapes(count_shapes(seen.canonical), digit),
        find_polarity(found, digit, turned="polarity" in steps),
        find_contrast(found, digit, stretched="contrast" in steps),
        find_grain(found, digit, wiped="contrast" in steps),
    ]
    return in_order(findings)


def nearness(neighbors: Neighbors, near: Near, digit: int) -> Finding:
    """How far the nearest training digit is in the model's features, beside the validation digits' distances."""
    levels = torch.linspace(0, 1, QUANTILES)
    of_class = neighbors.usual[neighbors.usual_labels == digit]
    rows = Rows(torch.quantile(of_class, levels), torch.quantile(neighbors.usual, levels))
    return find(DISTANCE, float(near.distances[0]), None, digit, rows)


def _measured(ink: NDArray[np.float32], digit: int) -> dict[str, float]:
    strength = torch.from_numpy(ink).unsqueeze(0)
    values = measure_all(sample(strength, torch.eye(3).unsqueeze(0)))[0].tolist()  # as MNIST's own were measured
    rotation = float(measure_rotation(strength, load_reference().averages[digit]))
    return {**dict(zip(NAMES, values, strict=True)), "rotation": rotation}
