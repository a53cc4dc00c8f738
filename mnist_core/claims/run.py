"""Testing a claim, for a worker: trial after trial, each an arm trained with a seed and measured, told as events."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import torch

from mnist_core import checkpoints
from mnist_core.claims.catalog import CLAIMS
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
from mnist_core.training.events import ClaimTested, Event, Failed, Started, Stopped, TrialDone
from mnist_core.training.hardware import pick_device
from mnist_core.training.loop import train, with_failures
from mnist_core.training.models import Classifier, build, count_parameters, fit_scaling
from mnist_core.training.pause_control import Stopwatch
from mnist_core.training.weights import from_bytes

_FOLDER = Path(checkpoints.__file__).parent
_MAX_TRAINED = 4

TRAINED: dict[Recipe, tuple[Classifier, TrainingLog]] = {}
"""The models that were trained last, since neighbouring arms often differ only in what they are shown."""


@with_failures
def run_claim(
    recipe: Recipe,
    control: ControlSource = no_control,
    *,
    claim: str,
    seeds: Sequence[int],
    arms: Collection[str] = (),
    quick: bool = True,
) -> Iterator[Event]:
    """Try the arms of a claim with each of the seeds.

    `Started`, whose steps are the trials, a `TrialDone` for each, then `ClaimTested`; or `Stopped`, or `Failed`. The
    seeds come one after the other, so that pairs are complete early.

    Args:
        recipe: That of the first arm, for the record.
        control: Asked between two trials and within them; only a stop is heeded.
        claim: Its id in the catalogue.
        seeds: Those of the recipes.
        arms: Keys of those to try; none for all that `quick` leaves.
        quick: Whether only the arms of the primary comparisons are tried, made quick.
    """
    tested, stopwatch = CLAIMS[claim], Stopwatch()
    chosen = [arm for arm in tested.arms_for(quick) if not arms or arm.key in arms]
    wanted = [(arm, seed) for seed in seeds for arm in chosen]
    yield Started(recipe.as_dict(), len(wanted), count_parameters(recipe), pick_device().type)
    for done, (arm, seed) in enumerate(wanted):
        trial = None if control().stop else run_trial(arm, seed, tested.metrics, control)
        if trial is None:
            yield Stopped(done, stopwatch.wall_s)
            return
        yield TrialDone(done + 1, claim, arm.key, seed, dict(trial.values))
    yield ClaimTested(len(wanted), stopwatch.wall_s)


def run_trial(arm: Arm, seed: int, metrics: Sequence[str], control: ControlSource = no_control) -> Trial | None:
    """Train the arm with the seed and measure it by the metrics; None when it was stopped meanwhile.

    Arms with the same seed see the same images in the same order, as far as their recipes let them. A training that
    diverged is measured as it stands: after its last good epoch, or as it began. Of the test images nothing is known
    before the training has ended.

    Raises:
        UserError: What was wrong with the training, if it failed; what is wrong with a shipped model's weights.
    """
    own = arm.with_seed(seed)
    if own.model:
        model = from_bytes(own.recipe, (_FOLDER / f"{own.model}.safetensors").read_bytes())
        measured = TrainedArm(own, seed, model, TrainingLog(), split(load_mnist(), 1))
        return Trial(arm.key, seed, measure(measured, metrics))
    trained = TRAINED.get(own.training) or _train(own.training, control)
    if trained is None:
        return None
    TRAINED[own.training] = trained
    while len(TRAINED) > _MAX_TRAINED:
        del TRAINED[next(iter(TRAINED))]
    return Trial(arm.key, seed, measure(TrainedArm(own, seed, *trained, build_dataset(own.recipe)), metrics))


def _train(recipe: Recipe, control: ControlSource) -> tuple[Classifier, TrainingLog] | None:
    log = TrainingLog()
    last: Event | None = None
    for last in train(recipe, control):
        log.on_event(last)
    if isinstance(last, Failed):
        raise UserError(last.code, last.message, last.fix)
    if isinstance(last, Stopped):
        return None
    if log.last_good is not None:
        model = from_bytes(recipe, log.last_good)
    else:  # it diverged before its first epoch ended: the model is as it began
        torch.manual_seed(recipe.seed)
        model = build(recipe).eval()
        fit_scaling(model, build_dataset(recipe).train_images)
    log.weights.clear()  # the most of it
    return model, log
