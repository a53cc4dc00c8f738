"""Connected shapes in a mask, and the box around those that matter."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Box = tuple[int, int, int, int]
"""Top, bottom, left, right in pixels; bottom and right are the first beyond."""

_SPECK_SHARE = 0.03  # of the largest shape's area: what is smaller is dirt, or the noise of a JPEG


def box_of(mask: npt.NDArray[np.bool_]) -> Box | None:
    """The smallest box around all that is set in the mask (H, W); None when nothing is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def without_specks(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The mask without the shapes that are less than 3 % of the largest one's area."""
    labels = label_shapes(mask)
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    kept: npt.NDArray[np.bool_] = (areas >= max(1.0, _SPECK_SHARE * areas.max()))[labels]
    return kept


def label_shapes(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """A number from 1 for each shape of the mask (H, W), where pixels touch by side or corner; 0 elsewhere.

    Works on horizontal runs rather than pixels: rows are cut into runs, and runs that touch one in the
    row above are joined (union-find).
    """
    height, width = mask.shape
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    parents = _join_runs(rows, starts, ends, height)
    numbers = np.unique(parents, return_inverse=True)[1] + 1
    labels = np.zeros((height, width), np.int64)
    labels[mask] = np.repeat(numbers, ends - starts)
    return labels


def _join_runs(
    rows: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], height: int
) -> npt.NDArray[np.int64]:
    """For each run, the first run of its shape."""
    parents = list(range(len(rows)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    first_of_row = np.searchsorted(rows, np.arange(height + 1)).tolist()
    left, right = starts.tolist(), ends.tolist()
    for (above, here), (_, below) in pairwise(pairwise(first_of_row)):
        upper, lower = above, here
        while upper < here and lower < below:
            if left[upper] <= right[lower] and left[lower] <= right[upper]:
                first, second = sorted((root(upper), root(lower)))
                parents[second] = first
            upper, lower = (upper + 1, lower) if right[upper] < right[lower] else (upper, lower + 1)
    return np.array([root(run) for run in range(len(parents))], np.int64)
