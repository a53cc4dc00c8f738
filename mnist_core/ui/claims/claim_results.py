"""The claims with what came of testing them: what all parts of the Causes page are about."""

from collections import Counter
from dataclasses import dataclass

from mnist_core.claims import outcome as outcomes
from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.claim import Claim
from mnist_core.claims.outcome import Outcome
from mnist_core.errors import UserError
from mnist_core.recipe import FIELDS, Recipe

KINDS = {
    "data": "Data",
    "augmentation": "Augmentation",
    "model": "Model",
    "training": "Training",
    "": "Preparation and reading",
}
"""What the experiments of claims change, by the recipe's groups of settings; last, those that change no recipe."""

NOT_TESTED = "not_tested"

_OUTDATED = UserError(
    "result_outdated",
    "The experiment was changed after it was last run.",
    "Run it again: `python -m mnist_core causes`.",
)


@dataclass(frozen=True, slots=True)
class Tested:
    """A claim and its shipped result.

    Attributes:
        claim: The claim.
        outcome: None when it has not been tested yet, or when its result cannot be read.
        error: Why it cannot be read.
    """

    claim: Claim
    outcome: Outcome | None = None
    error: UserError | None = None

    @property
    def verdict(self) -> str:
        """The verdict, or `NOT_TESTED`."""
        return self.outcome.verdict(self.claim) if self.outcome else NOT_TESTED

    @property
    def kind(self) -> str:
        """What its experiment changes: a key of `KINDS`."""
        first = self.claim.deciding[0]
        changed = Counter(_changed(self.claim.arm(first.control).recipe, self.claim.arm(first.treatment).recipe))
        return max(changed, key=lambda group: changed[group], default="")


def claims() -> list[Tested]:
    """All claims, in the catalogue's order."""
    return [tested(claim) for claim in CLAIMS.values()]


def find(claim_id: str) -> Tested | None:
    """The claim of that id; None when there is none."""
    claim = CLAIMS.get(claim_id)
    return None if claim is None else tested(claim)


def neighbors(claim: Claim) -> tuple[str | None, str | None]:
    """The ids of the claims before and after this one; None at the ends."""
    ids = [None, *CLAIMS, None]
    place = ids.index(claim.id)
    return ids[place - 1], ids[place + 1]


def tested(claim: Claim) -> Tested:
    """The claim with its shipped result, if that is of the experiment as it stands now."""
    try:
        outcome = outcomes.shipped(claim.id)
    except UserError as error:
        return Tested(claim, error=error)
    if outcome is not None and not outcome.fits(claim):
        return Tested(claim, error=_OUTDATED)
    return Tested(claim, outcome)


def _changed(control: Recipe, treatment: Recipe) -> list[str]:
    """The group of each setting in which two recipes differ."""
    return [field.group for name, field in FIELDS.items() if getattr(control, name) != getattr(treatment, name)]
