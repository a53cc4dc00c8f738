"""Images in the plane as a model sees them: what is alike to its last layer lies close together.

Two ways to get from many numbers to two. Principal components are a straight look at the features from the side where
they differ most; t-SNE (van der Maaten and Hinton, *Visualizing Data using t-SNE*, 2008) bends them so that neighbours
stay neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mnist_core.data.splits import evenly_spaced
from mnist_core.errors import UserError
from mnist_core.training.inference import predict_features
from mnist_core.training.models import Classifier

NEIGHBOR_IMAGES = 3000
"""So many images t-SNE lays out in some eight seconds on one core."""

_AT_ONCE = 1000
_DIRECTIONS = 30
_FITTED_NUMBERS = 16_000_000  # features held in memory at once, 64 MB
_PERPLEXITY = 30  # about so many neighbours count
_ROUNDS = 750
_COARSENESS = 0.6  # of the far groups that repel a point as one; the neighbourhoods do not suffer
_FEWEST = 5  # images; with fewer there is nothing to bend
_START = 1e-4  # how far the first layout spreads, as scikit-learn begins
_SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """Images along the few directions of a model's features in which they differ most.

    Attributes:
        values: float32 (N, D), D from 2 to 30; where there is one feature only, the second is all 0.
        shares: Of all the differences (the variance), how much lies along each direction, 0 to 1, (D,).
        width: How many features there were.
    """

    values: NDArray[np.float32]
    shares: NDArray[np.float64]
    width: int

    @property
    def coordinates(self) -> NDArray[np.float32]:
        """The images in the plane of the first two directions, (N, 2)."""
        return self.values[:, :2]


def embed(
    model: Classifier, images: NDArray[np.uint8], on_progress: Callable[[float], None] = lambda _: None
) -> Embedding:
    """Find the directions of the model's features in which these images differ most, and the images along them.

    Args:
        model: A network in evaluation mode.
        images: uint8 (N, 28, 28).
        on_progress: Called with the share of the work that is done, 0 to 1.

    Raises:
        UserError: `features_not_finite` or `features_all_alike`.
    """
    width = predict_features(model, torch.from_numpy(images[:1])).shape[1]
    # Directions found on every second image or so are as good; the features of all would not fit everywhere.
    every = max(1, -(-len(images) * width // _FITTED_NUMBERS))
    fitted = _in_parts(model, images[::every], lambda features: features, lambda share: on_progress(0.5 * share))
    directions = _fit(fitted)

    def along(features: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray((features - directions.mean_) @ directions.components_.T, np.float32)

    if every == 1:
        values = along(fitted)
    else:
        values = _in_parts(model, images, along, lambda share: on_progress(0.5 + 0.5 * share))
    on_progress(1.0)
    return Embedding(_at_least_two(values), _at_least_two(directions.explained_variance_ratio_), width)


def tsne(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Places in the plane, float32 (N, 2), at which the neighbours of `values` (N, D) are neighbours still: t-SNE.

    The first two columns of `values` are where it starts from. The widest side lies across. The same values give the
    same places on the same machine: it works on one core, and its dice are fixed.
    """
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    if len(values) < _FEWEST:
        return values[:, :2]
    perplexity = min(_PERPLEXITY, (len(values) - 1) / 3)
    method: Any = TSNE(  # type: ignore[no-untyped-call]
        perplexity=perplexity, init=_start(values), max_iter=_ROUNDS, angle=_COARSENESS, random_state=_SEED, n_jobs=1
    )
    with threadpool_limits(1):
        places = method.fit_transform(values)
    return _widest_across(places)


def sample(labels: NDArray[np.int64], wrong: NDArray[np.bool_], count: int = NEIGHBOR_IMAGES) -> NDArray[np.int64]:
    """So many of the images, in ascending order: all misread ones, up to half of them, and an even part of the others.

    Args:
        labels: True classes, int64 (N,); each gets its part of what is taken.
        wrong: Whether each image was misread, (N,).
        count: How many to take at most.
    """
    misread = _evenly(np.flatnonzero(wrong), labels, max(count // 2, count - int((~wrong).sum())))
    right = _evenly(np.flatnonzero(~wrong), labels, count - len(misread))
    return np.sort(np.concatenate([misread, right]))


def neighborhood_preservation(values: NDArray[np.float32], places: NDArray[np.float32], count: int = 10) -> float:
    """Of the images nearest to each in `values` (N, D), the share that is among its nearest in `places` (N, 2) too."""
    from sklearn.neighbors import NearestNeighbors

    count = min(count, len(values) - 1)
    if count < 1:
        return 1.0
    method: Any = NearestNeighbors(n_neighbors=count)  # type: ignore[no-untyped-call]
    near, drawn = (method.fit(points).kneighbors(return_distance=False) for points in (values, places))
    matches = (near[:, :, None] == drawn[:, None, :]).any(axis=2)
    return float(matches.mean())


def _in_parts(
    model: Classifier,
    images: NDArray[np.uint8],
    keep: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    on_progress: Callable[[float], None],
) -> NDArray[np.float32]:
    """What `keep` makes of the images' features, a thousand images at a time."""
    parts = []
    for begin in range(0, len(images), _AT_ONCE):
        features = predict_features(model, torch.from_numpy(images[begin : begin + _AT_ONCE]))
        parts.append(keep(features.numpy()))
        on_progress(min(1.0, (begin + _AT_ONCE) / len(images)))
    return np.concatenate(parts)


def _fit(features: NDArray[np.float32]) -> Any:
    """scikit-learn's principal components of the features."""
    from sklearn.decomposition import PCA

    if not np.isfinite(features).all():
        raise UserError(
            "features_not_finite",
            "This model's outputs are not finite numbers: it has diverged.",
            "Choose another model, or train this one with a lower learning rate.",
        )
    if not np.ptp(features, axis=0).any():
        raise UserError(
            "features_all_alike",
            "This model's last layer gives the same output for all images, so there is no map to show.",
            "Choose another model; the Train page shows how this one failed.",
        )
    method: Any = PCA(min(_DIRECTIONS, *features.shape), random_state=_SEED)  # type: ignore[no-untyped-call]
    return method.fit(features)


def _at_least_two(values: NDArray[Any]) -> NDArray[Any]:
    """The values with a last axis of at least two, filled up with 0."""
    missing = max(0, 2 - values.shape[-1])
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)])


def _start(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where t-SNE begins: the first two columns, small, and moved a little: what lies on a line can leave it."""
    dice = np.random.default_rng(_SEED)
    spread = max(float(values[:, 0].std()), float(np.finfo(np.float32).tiny))
    start = values[:, :2] / spread + dice.normal(scale=0.01, size=(len(values), 2))
    return (_START * start).astype(np.float32)


def _widest_across(places: NDArray[np.float32]) -> NDArray[np.float32]:
    """The places, turned so that they are widest from left to right: no distance changes."""
    centred = places - places.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    turned: NDArray[np.float32] = (centred @ directions[:, ::-1]).astype(np.float32)
    return turned


def _evenly(chosen: NDArray[np.int64], labels: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """So many of the chosen at most, every so manieth of each class."""
    places: NDArray[np.int64] = evenly_spaced(len(chosen), count).numpy()
    return chosen[np.argsort(labels[chosen], kind="stable")][places]
