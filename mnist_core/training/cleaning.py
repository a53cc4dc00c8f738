"""Which training images are suspect: a label that other images contradict, or a picture like no other.

Nobody who cleans data knows which labels are wrong, so the evidence is out of sample: a quick model is trained on four
fifths of the images and judges the last fifth, five times (cross-validation). The quick model is a ridge regression of
the ten digits on the answers of random filters (9x9 patches of the images themselves; Coates, Lee, Ng, *An Analysis of
Single-Layer Networks in Unsupervised Feature Learning*, 2011). It has a closed form, so five folds cost little more
than one, and it averages wrong labels out instead of learning them by heart.

Two ways to be a picture like no other need two kinds of evidence. The quick model gives no digit a score that is
usual for it: so it is with blanks, noise and other shapes. Or the picture lies far from the plane (30 dimensions) that
the more ordinary half of all pictures lies near, in pixels: so it is with noise and inverted digits. Half is what least
trimmed squares fit (Rousseeuw, 1984; for planes ROBPCA, Hubert et al., 2005), so that outliers cannot bend the plane.
"""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.data.dice import dice_of

FEWEST_IMAGES = 100
"""Of fewer images none is suspected: a quick model learns nothing from them."""

_CLASSES = 10
_FOLDS = 5
_FILTERS, _FILTER_PX, _STRIDE_PX, _POOLS = 150, 9, 2, 3
_RIDGE = 0.01  # of the features' mean square, added to each
_CHUNK = 500  # images whose filters' answers are in memory together
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
        strangeness: How little the picture is like the others, float32 (N,): 0 is usual, from 1 on it is left out.
        read_as: The digit the quick model reads, int64 (N,).
        is_wrong_label: Whose label is taken for wrong, bool (N,).
        is_strange: What is taken for an outlier, bool (N,).
    """

    contradiction: Tensor
    strangeness: Tensor
    read_as: Tensor
    is_wrong_label: Tensor
    is_strange: Tensor


def clean(images: Tensor, labels: Tensor) -> Tensor:
    """Which images stay when the suspects are left out, bool (N,); see `suspects`."""
    found = suspects(images, labels)
    return ~(found.is_wrong_label | found.is_strange)


def suspects(images: Tensor, labels: Tensor, seed: int = 0) -> Suspects:
    """Judge training images by each other.

    No true share of faults needs to be known. Strange is what fails one of the two tests above. Of the rest, each
    digit's share of wrong labels is estimated from the images that the quick model is sure of, and as many of the most
    contradicted labels are taken for wrong (confident learning's pruning by class). Of each digit at least one image
    stays.

    Args:
        images: uint8 (N, 28, 28).
        labels: int64 (N,), 0 to 9.
        seed: Decides the filters and the folds; torch's global random numbers are not touched.
    """
    if len(images) < FEWEST_IMAGES:
        return _nothing_suspected(labels)
    dice = dice_of(seed, "cleaning")
    scores = _scores_of_others(_features(images, dice), labels, dice)
    lack = _lack_of_score(scores, labels)
    strangeness = torch.maximum(lack, _distance(images, lack < 1, dice) / _FAR)
    contradiction = _contradiction(scores, labels)
    is_strange = _spare_one(strangeness >= 1, strangeness, labels)
    return Suspects(
        contradiction=contradiction,
        strangeness=strangeness,
        read_as=scores.argmax(dim=1),
        is_wrong_label=_most_contradicted(contradiction, scores, labels, ~is_strange),
        is_strange=is_strange,
    )


def _nothing_suspected(labels: Tensor) -> Suspects:
    nothing, nobody = torch.zeros(len(labels)), torch.zeros(len(labels), dtype=torch.bool)
    return Suspects(nothing - 1, nothing, labels.clone(), nobody, nobody.clone())


def _features(images: Tensor, dice: Generator) -> Tensor:
    """How strongly each filter answers in each of nine fields of each image: float32 (N, 1350)."""
    filters = _filters(images, dice)
    return torch.cat([_answers(chunk, filters) for chunk in torch.split(images, _CHUNK)])


def _filters(images: Tensor, dice: Generator) -> Tensor:
    """Patches of the images, each with mean 0 and length 1, float32 (150, 1, 9, 9)."""
    drawn = 4 * _FILTERS
    source = images[torch.randint(len(images), (drawn,), generator=dice)]
    places = torch.randint(images.shape[1] - _FILTER_PX + 1, (drawn, 2), generator=dice).tolist()
    cut = [image[y : y + _FILTER_PX, x : x + _FILTER_PX] for image, (x, y) in zip(source, places, strict=True)]
    patches = torch.stack(cut).flatten(1).float() / 255
    patches -= patches.mean(dim=1, keepdim=True)
    # Most patches of a digit's picture are blank paper: those with ink come first, in the order they were drawn.
    is_empty = patches.norm(dim=1) < 1
    patches = patches[torch.argsort(is_empty.byte(), stable=True)[:_FILTERS]]
    return F.normalize(patches).view(-1, 1, _FILTER_PX, _FILTER_PX)


def _answers(images: Tensor, filters: Tensor) -> Tensor:
    pixels = images.unsqueeze(1).float() / 255
    return F.adaptive_avg_pool2d(F.conv2d(pixels, filters, stride=_STRIDE_PX).abs_(), _POOLS).flatten(1)


def _scores_of_others(features: Tensor, labels: Tensor, dice: Generator) -> Tensor:
    """For each image the ten scores, float32 (N, 10), of a ridge regression that never saw it.

    A score is near 1 for a digit that the image shows, near 0 for others. The fold's share of the normal equations is
    taken out of the whole's, which is what makes five regressions cheap. The features are overwritten.
    """
    features -= features.mean(dim=0)
    features /= features.std().clamp(min=1e-6)
    features = F.pad(features, (0, 1), value=1.0)  # the constant
    targets = F.one_hot(labels, _CLASSES).float()
    folds = torch.randperm(len(labels), generator=dice).chunk(_FOLDS)
    squares = [features[fold].T @ features[fold] for fold in folds]
    products = [features[fold].T @ targets[fold] for fold in folds]
    ridge = _RIDGE * len(labels) * torch.eye(features.shape[1])
    all_squares, all_products = sum(squares, ridge), sum(products, torch.zeros(()))
    scores = torch.empty(len(labels), _CLASSES)
    for fold, square, product in zip(folds, squares, products, strict=True):
        weights = torch.linalg.solve(all_squares - square, all_products - product)
        scores[fold] = features[fold] @ weights
    return scores


def _own(scores: Tensor, labels: Tensor) -> Tensor:
    """Each image's score for its label, (N,)."""
    return scores.gather(1, labels.unsqueeze(1)).squeeze(1)


def _contradiction(scores: Tensor, labels: Tensor) -> Tensor:
    """The best other digit's score less the label's."""
    others = scores.scatter(1, labels.unsqueeze(1), -torch.inf)
    return others.amax(dim=1) - _own(scores, labels)


def _lack_of_score(scores: Tensor, labels: Tensor) -> Tensor:
    """0 where some digit gets its usual score, 1 where the best one gets `_USUAL_SCORE_SHARE` of it.

    Usual is the median of the images that are read as they are labelled: wrong labels lower all scores alike.
    """
    own, agree = _own(scores, labels), scores.argmax(dim=1) == labels
    overall = own[agree].median() if agree.any() else torch.tensor(1.0)
    groups = [own[agree & (labels == digit)] for digit in range(_CLASSES)]
    usual = torch.stack([group.median() if len(group) else overall for group in groups])
    best = (scores / usual.clamp(min=0.05)).amax(dim=1)
    return ((1 - best) / (1 - _USUAL_SCORE_SHARE)).clamp(min=0)


def _distance(images: Tensor, is_digit: Tensor, dice: Generator) -> Tensor:
    """How far each picture lies from the plane that half of the digits lie near, in their usual distance: (N,)."""
    pixels = images.flatten(1).float() / 255
    enough = int(is_digit.sum()) >= FEWEST_IMAGES
    candidates = torch.nonzero(is_digit if enough else torch.ones_like(is_digit)).flatten()
    sample = pixels[candidates[torch.randperm(len(candidates), generator=dice)[:_SAMPLE]]].double()
    far = (sample - sample.median(dim=0).values).norm(dim=1)
    for _ in range(_REFITS):
        half = sample[far <= far.median()]
        middle = half.mean(dim=0)
        dimensions = min(_DIMENSIONS, len(half) // _IMAGES_A_DIMENSION)
        axes = torch.linalg.eigh((half - middle).T @ (half - middle)).eigenvectors[:, -dimensions:]
        far = _off_plane(sample, middle, axes)
    usual = far[far <= far.median()].median().clamp(min=1e-6)
    strangeness: Tensor = _off_plane(pixels, middle.float(), axes.float()) / usual.float()
    return strangeness


def _off_plane(pixels: Tensor, middle: Tensor, axes: Tensor) -> Tensor:
    centred = pixels - middle
    along: Tensor = centred @ axes
    return (centred.square().sum(dim=1) - along.square().sum(dim=1)).clamp(min=0).sqrt()


def _most_contradicted(contradiction: Tensor, scores: Tensor, labels: Tensor, judged: Tensor) -> Tensor:
    """Whose label is taken for wrong, of those that are judged: bool (N,)."""
    is_wrong = torch.zeros(len(labels), dtype=torch.bool)
    counted = judged & _is_sure(scores, labels, judged)
    contradicted = scores.argmax(dim=1) != labels
    for digit in range(_CLASSES):
        labelled = judged & (labels == digit)
        sure = counted & labelled
        share = float(contradicted[sure].float().mean()) if sure.any() else 0.0
        members = torch.nonzero(labelled).flatten()
        count = min(round(share * len(members)), len(members) - 1)
        is_wrong[members[contradiction[members].topk(max(0, count)).indices]] = True
    return is_wrong


def _is_sure(scores: Tensor, labels: Tensor, judged: Tensor) -> Tensor:
    """Where the best digit's score is at least the mean score, for that digit, of the images labelled so."""
    own, best = _own(scores, labels), scores.max(dim=1)
    groups = [own[judged & (labels == digit)] for digit in range(_CLASSES)]
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
