"""Which training images are suspect: a label that other images contradict, or a picture like no other.

Nobody who cleans data knows which labels are wrong, so the evidence is out of sample: a quick model (see `quick_model`)
is trained on four fifths of the images and judges the last fifth, five times (cross-validation).

Two ways to be a picture like no other need two kinds of evidence. The quick model gives no digit a score that is
usual for it: so it is with blanks, noise and other shapes. Or the picture lies far from the plane (30 dimensions) that
the more ordinary half of all pictures lies near, in pixels: so it is with noise and inverted digits. Half is what least
trimmed squares fit (Rousseeuw, 1984; for planes ROBPCA, Hubert et al., 2005), so that outliers cannot tilt the plane.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from mnist_core.data.ridge_probe import CLASSES, View, margin, own, scores_of_others
from mnist_core.data.rng import rng_for

FEWEST_IMAGES = 100
"""Of fewer images none is suspected: a quick model learns nothing from them."""

_VIEW = View(patch_px=9, patches=150, fields=3)
_USUAL_SCORE_SHARE = 0.4  # an image that no digit gets this share of its usual score for is strange
_DIMENSIONS = 30
_IMAGES_A_DIMENSION = 15  # fewer, and the plane would fit its own images better than any others
_SAMPLE = 5_000  # images that the plane is fitted to
_REFITS = 3
_FAR = 3.2  # times that usual distance: of 55,000 clean images hardly one lies further


@dataclass(frozen=True, slots=True)
class Suspects:
    """What out-of-sample evidence says of each training image.

    Attributes:
        contradiction: By how much the quick model prefers another digit to the label, float32 (N,), from about -1 (it
            agrees) to about 1; the normalised margin of Northcutt, Jiang, Chuang (*Confident Learning*, 2021), on the
            scores of a regression. Sorted by it, wrong labels come first.
        outlier_score: How little the picture is like the others, float32 (N,): 0 is usual, from 1 on it is left out.
        read_as: The digit the quick model reads, int64 (N,).
        is_wrong_label: Whose label is taken for wrong, bool (N,).
        is_outlier: What is taken for an outlier, bool (N,).
    """

    contradiction: Tensor
    outlier_score: Tensor
    read_as: Tensor
    is_wrong_label: Tensor
    is_outlier: Tensor


def clean(images: Tensor, labels: Tensor) -> Tensor:
    """Which images stay when the suspects are left out, bool (N,); see `suspects`."""
    found = suspects(images, labels)
    return ~(found.is_wrong_label | found.is_outlier)


def suspects(images: Tensor, labels: Tensor, seed: int = 0) -> Suspects:
    """Judge training images by each other.

    No true share of errors needs to be known. Strange is what fails one of the two tests above. Of the rest, each
    digit's share of wrong labels is estimated from the images that the quick model is sure of, and as many of the most
    contradicted labels are taken for wrong (confident learning's pruning by class). Of each digit at least one image
    stays.

    Args:
        images: uint8 (N, 28, 28).
        labels: int64 (N,), 0 to 9.
        seed: Decides the filters and the folds; torch's global random numbers are not touched.
    """
    if len(images) < FEWEST_IMAGES:
        nothing, nobody = torch.zeros(len(labels)), torch.zeros(len(labels), dtype=torch.bool)
        return Suspects(nothing - 1, nothing, labels.clone(), nobody, nobody.clone())
    generator = rng_for(seed, "cleaning")
    scores = scores_of_others(images, labels, _VIEW, generator)
    lack = _lack_of_score(scores, labels)
    outlier_score = torch.maximum(lack, _distance(images, lack < 1, generator) / _FAR)
    contradiction = margin(scores, labels)
    is_outlier = _spare_one(outlier_score >= 1, outlier_score, labels)
    return Suspects(
        contradiction=contradiction,
        outlier_score=outlier_score,
        read_as=scores.argmax(dim=1),
        is_wrong_label=_most_contradicted(contradiction, scores, labels, ~is_outlier),
        is_outlier=is_outlier,
    )


def _lack_of_score(scores: Tensor, labels: Tensor) -> Tensor:
    """0 where some digit gets its usual score, 1 where the best one gets `_USUAL_SCORE_SHARE` of it.

    Usual is the median of the images that are predicted as they are labelled: wrong labels lower all scores alike.
    """
    given, agree = own(scores, labels), scores.argmax(dim=1) == labels
    overall = given[agree].median() if agree.any() else torch.tensor(1.0)
    groups = [given[agree & (labels == digit)] for digit in range(CLASSES)]
    usual = torch.stack([group.median() if len(group) else overall for group in groups])
    best = (scores / usual.clamp(min=0.05)).amax(dim=1)
    return ((1 - best) / (1 - _USUAL_SCORE_SHARE)).clamp(min=0)


def _distance(images: Tensor, is_digit: Tensor, generator: Generator) -> Tensor:
    """How far each picture lies from the plane that half of the digits lie near, in their usual distance: (N,)."""
    pixels = images.flatten(1).float() / 255
    enough = int(is_digit.sum()) >= FEWEST_IMAGES
    candidates = torch.nonzero(is_digit if enough else torch.ones_like(is_digit)).flatten()
    sample = pixels[candidates[torch.randperm(len(candidates), generator=generator)[:_SAMPLE]]].double()
    far = (sample - sample.median(dim=0).values).norm(dim=1)
    for _ in range(_REFITS):
        half = sample[far <= far.median()]
        middle = half.mean(dim=0)
        dimensions = min(_DIMENSIONS, len(half) // _IMAGES_A_DIMENSION)
        # NumPy's: where many pictures are equal, the one that PyTorch has from MKL may not converge on one thread.
        _, directions = np.linalg.eigh(((half - middle).T @ (half - middle)).numpy())
        axes = torch.from_numpy(directions[:, -dimensions:])
        far = _off_plane(sample, middle, axes)
    usual = far[far <= far.median()].median().clamp(min=1e-6)
    outlier_score: Tensor = _off_plane(pixels, middle.float(), axes.float()) / usual.float()
    return outlier_score


def _off_plane(pixels: Tensor, middle: Tensor, axes: Tensor) -> Tensor:
    centred = pixels - middle
    along: Tensor = centred @ axes
    return (centred.square().sum(dim=1) - along.square().sum(dim=1)).clamp(min=0).sqrt()


def _most_contradicted(contradiction: Tensor, scores: Tensor, labels: Tensor, judged: Tensor) -> Tensor:
    """Whose label is taken for wrong, of those that are judged: bool (N,)."""
    is_wrong = torch.zeros(len(labels), dtype=torch.bool)
    counted = judged & _is_sure(scores, labels, judged)
    contradicted = scores.argmax(dim=1) != labels
    for digit in range(CLASSES):
        labelled = judged & (labels == digit)
        sure = counted & labelled
        share = float(contradicted[sure].float().mean()) if sure.any() else 0.0
        members = torch.nonzero(labelled).flatten()
        count = min(round(share * len(members)), len(members) - 1)
        is_wrong[members[contradiction[members].topk(max(0, count)).indices]] = True
    return is_wrong


def _is_sure(scores: Tensor, labels: Tensor, judged: Tensor) -> Tensor:
    """Where the best digit's score is at least the mean score, for that digit, of the images labelled so."""
    given, best = own(scores, labels), scores.max(dim=1)
    groups = [given[judged & (labels == digit)] for digit in range(CLASSES)]
    means = torch.stack([group.mean() if len(group) else torch.tensor(torch.inf) for group in groups])
    return best.values >= means[best.indices]


def _spare_one(chosen: Tensor, suspicion: Tensor, labels: Tensor) -> Tensor:
    """Who is chosen, but of each digit at least the least suspicious one is spared."""
    spared = chosen.clone()
    for digit in set(labels.tolist()):
        members = torch.nonzero(labels == digit).flatten()
        if chosen[members].all():
            spared[members[suspicion[members].argmin()]] = False
    return spared
