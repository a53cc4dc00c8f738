"""A quick test of a claim, for a worker: a trial after the other, announced as events."""

from collections.abc import Iterator, Sequence

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.outcome import missing
from mnist_core.claims.trial import run_trial
from mnist_core.recipe import Recipe
from mnist_core.training.control import ControlSource, no_control
from mnist_core.training.events import ClaimTested, Event, Started, Stopped, TrialDone
from mnist_core.training.hardware import pick_device
from mnist_core.training.loop import with_failures
from mnist_core.training.models import count_parameters
from mnist_core.training.pause_control import Stopwatch


def rerun(
    recipe: Recipe, control: ControlSource = no_control, *, claim: str, seeds: Sequence[int] = (0, 1, 2)
) -> Iterator[Event]:
    """Try all ways that decide the claim, made quick, with each of the seeds.

    `Started`, whose steps are the trials, a `TrialDone` for each, then `ClaimTested`; or `Stopped`, or `Failed`. The
    seeds come one after the other, so that pairs are complete early.

    Args:
        recipe: That of the first way, for the record.
        control: Asked between two trials and within them; only a stop is heard.
        claim: Its id in the catalogue.
        seeds: Those of the recipes.
    """
    yield from with_failures(_rerun(recipe, control, claim, seeds))


def _rerun(recipe: Recipe, control: ControlSource, claim_id: str, seeds: Sequence[int]) -> Iterator[Event]:
    claim, stopwatch = CLAIMS[claim_id], Stopwatch()
    arms = {arm.key: arm for arm in claim.quick_arms()}
    wanted = missing(claim, [], seeds, quick=True)
    yield Started(recipe.as_dict(), len(wanted), count_parameters(recipe), pick_device().type)
    for done, (arm, seed) in enumerate(wanted):
        trial = None if control().stop else run_trial(arms[arm], seed, claim.metrics, control)
        if trial is None:
            yield Stopped(done, stopwatch.wall_s)
            return
        yield TrialDone(done + 1, claim_id, arm, seed, dict(trial.values))
    yield ClaimTested(len(wanted), stopwatch.wall_s)
