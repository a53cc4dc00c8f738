"""Fine-tuning a trained network on somebody's handwriting: a few steps on their digits, mixed with MNIST's.

For MNIST's images the targets are not their labels, but the probabilities that the network gave before (Li and Hoiem,
*Learning without Forgetting*, 2016): only the handwriting is new.

The gain is measured by cross-validation: beside the model that learns from all digits, a few more learn from all but
a fold each, and every digit is classified by the one that has not seen it. All take their steps side by side, on the
same MNIST images.
"""

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.data.dataset import build_dataset
from mnist_core.data.splits import DataSplits
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.augment import augment
from mnist_core.training.control import ControlSource
from mnist_core.training.events import Diverged, Epoch, Event, FineTuneResult, Started, Step, Stopped
from mnist_core.training.hardware import pick_device
from mnist_core.training.inference import as_input, predict_logits, predict_probabilities
from mnist_core.training.loop import with_failures
from mnist_core.training.models import CLASSES, Classifier
from mnist_core.training.optimizers import learning_rate_at, make_optimizer
from mnist_core.training.pause_control import Pace, Stopwatch
from mnist_core.training.scoring import finish, score
from mnist_core.training.weights import from_bytes, to_bytes

FOLDS = 3
"""How many folds the cross-validation has."""

LEAST_DIGITS = 5
"""With fewer there is nothing to learn from and nothing to measure on."""

STEPS = 80

# Gentle: what one person's digits differ by from day to day.
_FINE_TUNING = Recipe(
    rotation_deg=8, shift_x=0.04, shift_y=0.04, shear_deg=8, zoom=0.08,
    optimizer="adamw", learning_rate=1e-3, schedule="one_cycle", weight_decay=0.0, label_smoothing=0.05,
)  # fmt: skip
_OWN_A_BATCH = 16
_MNIST_A_BATCH = 48


@dataclass(frozen=True, slots=True, eq=False)
class FineTuneSet:
    """What a model is fine-tuned on, as it travels to a worker.

    Attributes:
        weights: The model as it is, as safetensors bytes.
        pictures: What it sees of the digits, uint8 (M, 28, 28), 0 paper to 255 ink.
        labels: What they are meant to be, int64 (M,), 0 to 9.

    Raises:
        UserError: `too_few_digits` for fewer than `LEAST_DIGITS`.
    """

    weights: bytes = field(repr=False)
    pictures: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if len(self.labels) < LEAST_DIGITS:
            raise UserError(
                "too_few_digits",
                f"There are {len(self.labels)} digits to learn from; it takes at least {LEAST_DIGITS}.",
                "Keep some more, and some of every digit.",
            )


def fine_tuned_copy(
    model: Classifier,
    pictures: Tensor,
    labels: Tensor,
    mnist: Tensor,
    recipe: Recipe,
    steps: int = STEPS,
) -> Classifier:
    """A copy of the model, fine-tuned on these pictures float32 (M, 28, 28), 0 to 1, with labels int64 (M,).

    Args:
        model: Left as it is.
        pictures, labels: Shown again and again, gently warped.
        mnist: Images uint8 (N, 28, 28) that keep it from forgetting.
        recipe: How those are augmented, and the seed.
        steps: Of the optimizer.
    """
    tuner = _FineTuner(model, torch.arange(len(labels)))
    for _ in _steps(model.eval(), [tuner], pictures, labels, mnist, recipe, steps):
        pass
    return tuner.model.eval()


def assign_folds(labels: Sequence[int], folds: int = FOLDS) -> npt.NDArray[np.int64]:
    """To which fold (M,), 0 to `folds` - 1, each digit goes: every class is spread evenly over them."""
    by_class = np.argsort(np.asarray(labels), kind="stable")
    dealt = np.empty(len(by_class), np.int64)
    dealt[by_class] = np.arange(len(by_class)) % folds
    return dealt


class _FineTuner:
    """A model that learns, and the digits that it may see."""

    def __init__(self, model: Classifier, own: Tensor) -> None:
        self.model = copy.deepcopy(model)
        self.own = own
        # In evaluation mode all the time: the means and spreads that batch normalisation has learned from MNIST must
        # not move to those of a few dozen pictures.
        self.model.eval()
        self._optimizer = make_optimizer(self.model, _FINE_TUNING)

    def step(self, images: Tensor, wanted: Tensor, rate: float) -> tuple[float, float]:
        """One step on a batch with the wanted probabilities (B, 10); its loss, and the share it agreed with before."""
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        logits = self.model(as_input(images))
        objective = F.cross_entropy(logits, wanted)
        self._optimizer.zero_grad(set_to_none=True)
        objective.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        agreed = logits.argmax(dim=1) == wanted.argmax(dim=1)
        return float(objective.detach()), float(agreed.float().mean())


def _steps(
    model: Classifier,
    tuners: Sequence[_FineTuner],
    pictures: Tensor,
    labels: Tensor,
    mnist: Tensor,
    recipe: Recipe,
    steps: int,
) -> Iterator[tuple[float, float, float]]:
    """Let all tuners take a step; yields the first one's loss and accuracy, and the rate, each time."""
    generator = Generator().manual_seed(recipe.seed)
    device = next(model.parameters()).device
    smoothing = _FINE_TUNING.label_smoothing
    targets = F.one_hot(labels, CLASSES).float() * (1 - smoothing) + smoothing / CLASSES
    for step in range(steps):
        rate = learning_rate_at(_FINE_TUNING, step / steps)
        shown = mnist[torch.randint(len(mnist), (_MNIST_A_BATCH,), generator=generator)]
        usual = augment(shown.float().div_(255), None, recipe, generator).to(device)
        with torch.no_grad():
            answers = model(as_input(usual)).softmax(dim=1)
        results = []
        for tuner in tuners:
            own = tuner.own[torch.randint(len(tuner.own), (_OWN_A_BATCH,), generator=generator)]
            warped = augment(pictures[own], labels[own], _FINE_TUNING, generator).to(device)
            results.append(tuner.step(torch.cat([warped, usual]), torch.cat([targets[own].to(device), answers]), rate))
        yield *results[0], rate


@with_failures
def fine_tune(recipe: Recipe, control: ControlSource, *, fine_tune_set: FineTuneSet) -> Iterator[Event]:
    """Fine-tune the recipe's model and announce what happens, as `loop.train` does.

    There is one `Epoch`, with the tuned model; `FineTuneResult` comes after it, `Finished` last. MNIST's test set is
    evaluated once, at the end. Nothing is raised: what goes wrong is a `Failed`.

    Args:
        recipe: How the model was trained: the same MNIST images, augmented in the same way, are shown to it again.
        control: Asked after each step: it may stop, pause and slow down.
        fine_tune_set: The model and the digits.
    """
    stopwatch = Stopwatch()
    pace = Pace(control, stopwatch)
    data = build_dataset(recipe)
    model = from_bytes(recipe, fine_tune_set.weights).to(pick_device())
    pictures = torch.from_numpy(fine_tune_set.pictures).float().div_(255)
    labels = torch.from_numpy(fine_tune_set.labels)
    folds = torch.from_numpy(assign_folds(fine_tune_set.labels.tolist()))
    tuners = [_FineTuner(model, torch.arange(len(labels)))]
    tuners += [_FineTuner(model, (folds != fold).nonzero().squeeze(1)) for fold in range(FOLDS)]
    yield Started(recipe.as_dict(), STEPS, model.parameter_count, pick_device().type)

    losses, rights = [], []
    steps_taken = _steps(model, tuners, pictures, labels, data.train_images, recipe, STEPS)
    for step, (loss, right, rate) in enumerate(steps_taken, start=1):
        if not math.isfinite(loss):
            yield Diverged(step, stopwatch.wall_s)
            return
        yield Step(step, step / STEPS, loss, rate)
        losses.append(loss)
        rights.append(right)
        yield from pace.before_next(step)
        if pace.is_stopped:
            yield Stopped(step, stopwatch.wall_s)
            return
    tuned = tuners[0].model
    validation_score = score(predict_logits(tuned, data.validation_images), data.validation_labels)
    yield Epoch(1, float(np.mean(losses)), float(np.mean(rights)), *validation_score, stopwatch.wall_s, to_bytes(tuned))
    yield _gain(model, tuners[1:], pictures, labels, folds, data)
    yield finish(predict_probabilities(tuned, data.test_images), data, stopwatch.started)


def _gain(
    model: Classifier, tuners: Sequence[_FineTuner], pictures: Tensor, labels: Tensor, folds: Tensor, data: DataSplits
) -> FineTuneResult:
    """What fine-tuning changed for digits that it did not see, and the model's test accuracy before."""
    before = _is_right(model, pictures, labels)
    after = torch.zeros_like(before)
    for fold, tuner in enumerate(tuners):
        kept_back = folds == fold
        after[kept_back] = _is_right(tuner.model, pictures[kept_back], labels[kept_back])
    return FineTuneResult(
        digits=len(labels),
        right_before=int(before.sum()),
        gained=int((after & ~before).sum()),
        lost=int((before & ~after).sum()),
        test_accuracy_before=float(_is_right(model, data.test_images, data.test_labels).double().mean()),
    )


def _is_right(model: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    return predict_logits(model, images).argmax(dim=1) == labels
