"""A quick test of a claim, for a worker: a trial after the other, announced as events."""

from collections.abc import Iterator, Sequence

from mnist_core.evidence.claims.catalog import CLAIMS
from mnist_core.evidence.claims.outcome import missing
from mnist_core.evidence.claims.trial import try_out
from mnist_core.recipe import Recipe
from mnist_core.training.events import ClaimTested, Event, Started, Stopped, Tried
from mnist_core.training.hardware import pick_device
from mnist_core.training.loop import in_words
from mnist_core.training.models import count_parameters
from mnist_core.training.pace import Clock
from mnist_core.training.wishes import Listen, nothing_wanted


def rerun(
    recipe: Recipe, listen: Listen = nothing_wanted, *, claim: str, seeds: Sequence[int] = (0, 1, 2)
) -> Iterator[Event]:
    """Try all ways that decide the claim, made quick, with each of the seeds.

    `Started`, whose steps are the trials, a `Tried` for each, then `ClaimTested`; or `Stopped`, or `Failed`. The
    seeds come one after the other, so that pairs are complete early.

    Args:
        recipe: That of the first way, for the record.
        listen: Asked between two trials and within them; only a stop is heard.
        claim: Its id in the catalogue.
        seeds: Those of the recipes.
    """
    yield from in_words(_rerun(recipe, listen, claim, seeds))


def _rerun(recipe: Recipe, listen: Listen, claim_id: str, seeds: Sequence[int]) -> Iterator[Event]:
    claim, clock = CLAIMS[claim_id], Clock()
    arms = {arm.key: arm for arm in claim.quick_arms()}
    wanted = missing(claim, [], seeds, quick=True)
    yield Started(recipe.as_dict(), len(wanted), count_parameters(recipe), pick_device().type)
    for done, (arm, seed) in enumerate(wanted):
        trial = None if listen().stop else try_out(arms[arm], seed, claim.metrics, listen)
        if trial is None:
            yield Stopped(done, clock.wall_s)
            return
        yield Tried(done + 1, claim_id, arm, seed, dict(trial.values))
    yield ClaimTested(len(wanted), clock.wall_s)
