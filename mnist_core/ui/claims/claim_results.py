"""The claims with what came of testing them, and how verdicts are shown: what the whole Claims page is about."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from mnist_core.claims import outcome as outcomes
from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.claim import Claim
from mnist_core.claims.decision import Finding
from mnist_core.claims.outcome import Outcome
from mnist_core.errors import UserError
from mnist_core.recipe import FIELDS

KINDS = {
    "data": "Data",
    "augmentation": "Augmentation",
    "model": "Model",
    "training": "Training",
    "": "Preprocessing and prediction",
}
"""What the experiments of claims change, by the recipe's groups of settings; last, those that change no recipe."""

NOT_TESTED = "not_tested"


@dataclass(frozen=True, slots=True)
class VerdictLook:
    """How a verdict is shown, never by a colour alone, and what it means.

    Attributes:
        word, of_several: `Holds`; of a number of claims, `hold`.
        icon, sign: Where pictures are, and in text.
        color: Of the badge.
        help: What it means.
    """

    word: str
    of_several: str
    icon: str
    sign: str
    color: Literal["green", "red", "orange", "gray", "violet"]
    help: str


VERDICTS = {
    "holds": VerdictLook(
        "Holds", "hold", ":material/check_circle:", "✓", "green",
        "In every comparison that decides, the whole interval of the effect is at least the smallest that matters, on "
        "the side that the claim names.",
    ),
    "holds_when": VerdictLook(
        "Holds when …", "hold when …", ":material/rule:", "◐", "orange",
        "In some of the comparisons that decide it holds, in others not: its page says in which.",
    ),
    "does_not_hold": VerdictLook(
        "Does not hold", "do not hold", ":material/cancel:", "✗", "red",
        "In every comparison that decides, the whole interval of the effect is below the smallest that matters: there "
        "is none that matters, or the opposite one.",
    ),
    "undecided": VerdictLook(
        "Undecided", "are undecided", ":material/help:", "?", "violet",
        "The seeds leave open whether the effect is as large as matters. Its page says how many would decide it.",
    ),
    NOT_TESTED: VerdictLook(
        "Not tested yet", "are not tested yet", ":material/hourglass_empty:", "…", "gray",
        "No result came with this version.",
    ),
}  # fmt: skip
"""By their names in the results, in the order of the page."""


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
    def findings(self) -> tuple[Finding, ...]:
        """What came of the primary comparisons; nothing without an outcome."""
        return self.outcome.primary_findings(self.claim) if self.outcome else ()

    @property
    def kind(self) -> str:
        """What its experiment changes: a key of `KINDS`."""
        first = self.claim.primary[0]
        control, treatment = (self.claim.arm(key).recipe for key in (first.control, first.treatment))
        changed = Counter(
            field.group for name, field in FIELDS.items() if getattr(control, name) != getattr(treatment, name)
        )
        return max(changed, key=lambda group: changed[group], default="")

    def show_badge(self) -> None:
        """The verdict as a badge that says what it means when pointed at."""
        look = VERDICTS[self.verdict]
        st.badge(look.word, icon=look.icon, color=look.color, help=look.help)


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
    if outcome is None or outcome.fits(claim):
        return Tested(claim, outcome)
    return Tested(
        claim,
        error=UserError(
            "result_outdated",
            "The experiment was changed after it was last run.",
            "Run it again: `python -m mnist_core claims`.",
        ),
    )
