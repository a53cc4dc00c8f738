"""One trial of an experiment: an arm is trained with a seed and measured."""

from collections.abc import Sequence
from pathlib import Path

import torch

from mnist_core import checkpoints
from mnist_core.claims.claim import Arm
from mnist_core.claims.metric_functions import TrainedArm, measure
from mnist_core.claims.outcome import Trial
from mnist_core.claims.training_log import TrainingLog
from mnist_core.data.dataset import build_dataset
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.control import ControlSource, no_control
from mnist_core.training.events import Event, Failed, Stopped
from mnist_core.training.loop import train
from mnist_core.training.models import Classifier, build, fit_scaling
from mnist_core.training.weights import from_bytes

_FOLDER = Path(checkpoints.__file__).parent


def run_trial(arm: Arm, seed: int, metrics: Sequence[str], control: ControlSource = no_control) -> Trial | None:
    """Train the arm with the seed and measure it by the metrics; None when a stop was wished for meanwhile.

    Arms with the same seed see the same images in the same order, as far as their recipes let them. A training that
    diverged is measured as it stands: after its last good epoch, or as it began. Of the test images nothing is known
    before the training has ended.

    Raises:
        UserError: What was wrong with the training, if it failed; what is wrong with a shipped model's weights.
    """
    own = arm.with_seed(seed)
    if own.model:
        subject = TrainedArm(own, seed, _shipped(own.model, own.recipe), TrainingLog(), split(load_mnist(), 1))
        return Trial(arm.key, seed, measure(subject, metrics))
    # Where the test images stand makes no other model.
    trained = _trained(own.recipe.replace(test_offset_px=0), control)
    if trained is None:
        return None
    return Trial(arm.key, seed, measure(TrainedArm(own, seed, *trained, build_dataset(own.recipe)), metrics))


_kept: dict[str, tuple[Classifier, TrainingLog]] = {}
"""The models that were trained last, since neighbouring arms often differ in what they are shown only."""

_MOST_KEPT = 4


def _trained(recipe: Recipe, control: ControlSource) -> tuple[Classifier, TrainingLog] | None:
    key = recipe.to_json()
    if key not in _kept:
        made = _train(recipe, control)
        if made is None:
            return None
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = made
    return _kept[key]


def _train(recipe: Recipe, control: ControlSource) -> tuple[Classifier, TrainingLog] | None:
    story = TrainingLog()
    last = _told(recipe, control, story)
    if isinstance(last, Failed):
        raise UserError(last.code, last.message, last.fix)
    if isinstance(last, Stopped):
        return None
    model = _as_it_stands(recipe, story)
    story.forget_weights()
    return model, story


def _told(recipe: Recipe, control: ControlSource, story: TrainingLog) -> Event | None:
    """Have the story hear all that the training tells; the last that it told."""
    last: Event | None = None
    for last in train(recipe, control):
        story.on_event(last)
    return last


def _as_it_stands(recipe: Recipe, story: TrainingLog) -> Classifier:
    """The trained model; what diverged before its first epoch ended is as it began."""
    if story.last_good is not None:
        return from_bytes(recipe, story.last_good)
    torch.manual_seed(recipe.seed)
    model = build(recipe)
    fit_scaling(model, build_dataset(recipe).train_images)
    return model.eval()


def _shipped(name: str, recipe: Recipe) -> Classifier:
    return from_bytes(recipe, (_FOLDER / f"{name}.safetensors").read_bytes())
