"""Connected shapes in a mask, and those of them that matter."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

_SPECK_SHARE = 0.03  # of the largest shape's area: what is smaller is dirt, or the noise of a JPEG


def without_specks(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The mask without the shapes that are less than 3 % of the largest one's area."""
    return label_large_shapes(mask) > 0


def label_large_shapes(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """As `label_shapes`, with 0 for the shapes that are less than 3 % of the largest one's area."""
    labels = label_shapes(mask)
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    kept = areas >= max(1.0, _SPECK_SHARE * areas.max())
    numbers: npt.NDArray[np.int32] = (np.cumsum(kept) * kept).astype(np.int32)
    return numbers[labels]


def label_shapes(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """A number from 1 for each shape of the mask (H, W), where pixels touch by side or corner; 0 elsewhere."""
    labels, _ = ndimage.label(mask, np.ones((3, 3), bool))
    return np.asarray(labels, np.int32)


def shape_boxes(labels: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Top, bottom, left and right of each numbered shape, as of a `Box`, (N, 4)."""
    found = ndimage.find_objects(labels)
    return np.array([(rows.start, rows.stop, columns.start, columns.stop) for rows, columns in found])
