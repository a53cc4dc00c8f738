"""Leaving suspects out before training, as `training.cleaning` does."""

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional as F


def clean(images: Tensor, labels: Tensor, dice: Generator) -> Tensor:
    """Which images stay when those are left out that the other images speak against.

    A quick model is fitted to four fifths of the images and judges the last fifth, five
    times. Strange is a picture for which it gives no digit a usual score, or that lies
    far from where digits lie. Of the rest, those labels are taken for wrong that it
    contradicts most, as many as it is sure of (Northcutt, Confident Learning, 2021).
    """
    scores = scores_of_others(features_of(images, dice), labels, dice)
    lack = lack_of_score(scores, labels)
    strangeness = torch.maximum(lack, distance(images, lack < 1, dice) / 3.2)
    is_strange = spare_one(strangeness >= 1, strangeness, labels)
    return ~(is_strange | most_contradicted(scores, labels, ~is_strange))


def features_of(images: Tensor, dice: Generator) -> Tensor:
    """How strongly 150 filters answer in nine fields of each image: (N, 1350)."""
    # The filters are patches of the images themselves, those with ink first.
    source = images[torch.randint(len(images), (600,), generator=dice)]
    places = torch.randint(28 - 9 + 1, (600, 2), generator=dice).tolist()
    patches = [image[y : y + 9, x : x + 9] for image, (x, y) in zip(source, places)]
    filters = torch.stack(patches).flatten(1).float() / 255
    filters -= filters.mean(dim=1, keepdim=True)
    is_empty = filters.norm(dim=1) < 1
    filters = filters[torch.argsort(is_empty.byte(), stable=True)[:150]]
    filters = F.normalize(filters).view(-1, 1, 9, 9)

    answers = []
    for some in torch.split(images, 500):
        strength = F.conv2d(some.unsqueeze(1).float() / 255, filters, stride=2).abs()
        answers.append(F.adaptive_avg_pool2d(strength, 3).flatten(1))
    return torch.cat(answers)


def scores_of_others(features: Tensor, labels: Tensor, dice: Generator) -> Tensor:
    """For each image ten scores of a ridge regression that never saw it: (N, 10)."""
    features = features - features.mean(dim=0)
    features = features / features.std().clamp(min=1e-6)
    features = F.pad(features, (0, 1), value=1.0)  # the constant
    targets = F.one_hot(labels, 10).float()
    folds = torch.randperm(len(labels), generator=dice).chunk(5)
    # What a fold adds to the equations is taken out again: five fits cost little more.
    squares = [features[fold].T @ features[fold] for fold in folds]
    products = [features[fold].T @ targets[fold] for fold in folds]
    all_squares = sum(squares, 0.01 * len(labels) * torch.eye(features.shape[1]))
    all_products = sum(products, torch.zeros(()))
    scores = torch.empty(len(labels), 10)
    for fold, square, product in zip(folds, squares, products):
        weights = torch.linalg.solve(all_squares - square, all_products - product)
        scores[fold] = features[fold] @ weights
    return scores


def lack_of_score(scores: Tensor, labels: Tensor) -> Tensor:
    """0 where a digit gets its usual score, 1 where the best gets two fifths of it."""
    own, agree = score_of_label(scores, labels), scores.argmax(dim=1) == labels
    overall = own[agree].median() if agree.any() else torch.tensor(1.0)
    groups = [own[agree & (labels == digit)] for digit in range(10)]
    usual = torch.stack([some.median() if len(some) else overall for some in groups])
    best = (scores / usual.clamp(min=0.05)).amax(dim=1)
    return ((1 - best) / (1 - 0.4)).clamp(min=0)


def distance(images: Tensor, is_digit: Tensor, dice: Generator) -> Tensor:
    """How far each image lies from the plane that half of the digits lie near.

    The plane has 30 dimensions; the distance of that half is 1.
    """
    pixels = images.flatten(1).float() / 255
    digits = torch.nonzero(is_digit).flatten()
    chosen = digits[torch.randperm(len(digits), generator=dice)[:5_000]]
    sample = pixels[chosen].double()
    far = (sample - sample.median(dim=0).values).norm(dim=1)
    for _ in range(3):
        half = sample[far <= far.median()]
        middle = half.mean(dim=0)
        spread = (half - middle).T @ (half - middle)
        axes = torch.from_numpy(np.linalg.eigh(spread.numpy())[1][:, -30:])
        far = off_plane(sample, middle, axes)
    usual = float(far[far <= far.median()].median().clamp(min=1e-6))
    return off_plane(pixels, middle.float(), axes.float()) / usual


def off_plane(pixels: Tensor, middle: Tensor, axes: Tensor) -> Tensor:
    """The distance of each row of pixels from the plane through the middle."""
    centred = pixels - middle
    within = (centred @ axes).square().sum(dim=1)
    squared: Tensor = centred.square().sum(dim=1) - within
    return squared.clamp(min=0).sqrt()


def most_contradicted(scores: Tensor, labels: Tensor, judged: Tensor) -> Tensor:
    """Whose label is taken for wrong, of those that are judged."""
    own, best = score_of_label(scores, labels), scores.max(dim=1)
    groups = [own[judged & (labels == digit)] for digit in range(10)]
    never = torch.tensor(torch.inf)
    means = torch.stack([some.mean() if len(some) else never for some in groups])
    is_sure = judged & (best.values >= means[best.indices])
    others = scores.scatter(1, labels.unsqueeze(1), -torch.inf).amax(dim=1)

    is_wrong = torch.zeros(len(labels), dtype=torch.bool)
    for digit in range(10):
        sure = is_sure & (labels == digit)
        share = (
            float((best.indices[sure] != digit).float().mean()) if sure.any() else 0.0
        )
        members = torch.nonzero(judged & (labels == digit)).flatten()
        count = max(0, min(round(share * len(members)), len(members) - 1))
        worst = (others - own)[members].topk(count).indices
        is_wrong[members[worst]] = True
    return is_wrong


def score_of_label(scores: Tensor, labels: Tensor) -> Tensor:
    """Each image's score for the digit that it is said to be."""
    return scores.gather(1, labels.unsqueeze(1)).squeeze(1)


def spare_one(chosen: Tensor, suspicion: Tensor, labels: Tensor) -> Tensor:
    """Who is chosen, but of each digit the least suspicious image is always spared."""
    spared = chosen.clone()
    for digit in set(labels.tolist()):
        members = torch.nonzero(labels == digit).flatten()
        if chosen[members].all():
            spared[members[suspicion[members].argmin()]] = False
    return spared
