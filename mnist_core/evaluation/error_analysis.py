"""Why a model misreads what it misreads: a cause for each misread test image, and the images of each cause.

A label is doubted first, because nothing can be wrong with a drawing that is not what its label says: when all other
models, which have not learned from the image either, are on average sure of the very digit that was read. On MNIST's
test set this finds few and hardly ever doubts a good label; it is measured on the verdicts of the crowd that Northcutt,
Athalye, Mueller asked (*Pervasive Label Errors in Test Sets Destabilize Machine Learning Benchmarks*, 2021).

Then the drawing is diagnosed. A cause counts when undoing it makes the answer right and it is clearly likelier than
all that undoing which does not. What is left is no fault of the drawing: the model either all but read it right, or has
not learned to read digits written so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from mnist_core.diagnosis.causes import CAUSES, Cause
from mnist_core.diagnosis.diagnosis import diagnose
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.steps import RAW
from mnist_core.training.inference import predict_calibrated
from mnist_core.training.models import Classifier

MOST = 300
"""How many mistakes are looked into at most: a diagnosis asks the model about some hundred changed drawings."""

MISLABELLED = "mislabelled"
BETWEEN = "between_two_digits"
UNSEEN = "unseen_style"

_TITLES = {
    MISLABELLED: "look mislabelled",
    BETWEEN: "between two digits",
    "transposed": "lying on their side",
    "several_shapes": "in several pieces",
}
_SENTENCES = {
    MISLABELLED: "All other shipped models predict the same other digit, though none was trained on these images: the "
    "label may be wrong.",
    BETWEEN: "No single correction explains it, and the true digit was the model's close second choice.",
    UNSEEN: "No single correction explains it, and the model was confident: it has not learned this way of writing.",
    "several_shapes": "The strokes do not touch, so the digit looks like more than one.",
}
_SURE_FROM = 0.5  # of the other models' mean probability for the digit that was read
_CLEARLY = 1.5  # times likelier than the best cause that it does not help to undo
_CLOSE = 3.0  # the answer is at most so many times as probable as the true digit
_NOT_TO_REPAIR = {"several_shapes", "not_a_digit", "blank"}
_ENOUGH = 0.5  # how likely those must be


@dataclass(frozen=True, slots=True)
class Group:
    """Misread images with one cause.

    Attributes:
        code: `mislabelled`, `between_two_digits`, or a code of `causes.CAUSES`.
        indexes: The images, the most confident mistake first.
    """

    code: str
    indexes: tuple[int, ...]

    @property
    def title(self) -> str:
        """What they are or do, to follow a number: `thin strokes`."""
        return _TITLES.get(self.code) or CAUSES[self.code].title

    @property
    def text(self) -> str:
        """A sentence for a beginner."""
        return _SENTENCES.get(self.code) or CAUSES[self.code].text


@dataclass(frozen=True, slots=True)
class MistakeCauses:
    """The causes of a model's mistakes.

    Attributes:
        groups: The largest first; empty when nothing is misread.
        misread: How many images are misread in all, of which at most `MOST` are in the groups.
    """

    groups: tuple[Group, ...]
    misread: int

    @property
    def looked_into(self) -> int:
        """How many images the groups hold."""
        return sum(len(group.indexes) for group in self.groups)


def find_causes(
    model: Classifier,
    evaluation: Evaluation,
    images: NDArray[np.uint8],
    others: Sequence[Classifier],
    on_progress: Callable[[float], None] = lambda _: None,
) -> MistakeCauses:
    """Give each misread image one cause; of more than `MOST`, the most confident mistakes.

    Args:
        model: The model, in evaluation mode.
        evaluation: How it reads the images.
        images: As they were read, uint8 (N, 28, 28); none of the models has learned from them.
        others: Models to hold a doubtful label against; without any, no label is doubted.
        on_progress: Called with the share of the work that is done, 0 to 1.
    """
    mistakes = evaluation.mistakes()
    looked_into = mistakes[:MOST]
    doubted = doubtful_labels(evaluation, images, looked_into, others)
    found: dict[str, list[int]] = {}
    for place, (index, is_doubted) in enumerate(zip(looked_into.tolist(), doubted, strict=True)):
        code = MISLABELLED if is_doubted else _cause(model, evaluation, images, index)
        found.setdefault(code, []).append(index)
        on_progress((place + 1) / len(looked_into))
    groups = [Group(code, tuple(indexes)) for code, indexes in found.items()]
    return MistakeCauses(tuple(sorted(groups, key=lambda group: -len(group.indexes))), len(mistakes))


def doubtful_labels(
    evaluation: Evaluation, images: NDArray[np.uint8], indexes: NDArray[np.int64], others: Sequence[Classifier]
) -> NDArray[np.bool_]:
    """Whether each image's label is doubtful, bool (len(indexes),).

    It is when every other model reads the digit that was read, which is not the label's, and their mean calibrated
    probability for it is at least a half.
    """
    if not others or not len(indexes):
        return np.zeros(len(indexes), bool)
    pixels = torch.from_numpy(images[indexes])
    probabilities = np.stack([predict_calibrated(other, pixels).numpy() for other in others])
    read = evaluation.predicted[indexes]
    sure = probabilities[:, np.arange(len(indexes)), read].mean(axis=0)
    agreed = (probabilities.argmax(axis=2) == read).all(axis=0)
    doubtful: NDArray[np.bool_] = agreed & (sure >= _SURE_FROM) & (read != evaluation.labels[indexes])
    return doubtful


def _cause(model: Classifier, evaluation: Evaluation, images: NDArray[np.uint8], index: int) -> str:
    label = int(evaluation.labels[index])
    clear = _clear(diagnose(model, preprocess(images[index], RAW), label).causes)
    if clear is not None:
        return clear.code
    probabilities = evaluation.probabilities[index]
    return BETWEEN if _CLOSE * probabilities[label] >= probabilities.max() else UNSEEN


def _clear(causes: Sequence[Cause]) -> Cause | None:
    """The cause that explains the mistake, if one does."""
    first = max(causes, key=lambda cause: cause.score, default=None)
    if first is not None and first.code in _NOT_TO_REPAIR:
        return first if first.score >= _ENOUGH else None
    best = max((cause for cause in causes if cause.helps), key=lambda cause: cause.score, default=None)
    idle = max((cause.score for cause in causes if not cause.helps), default=0.0)
    return best if best is not None and best.score >= _CLEARLY * idle else None
