"""How a claim was tested: set-up, seeds, images, when, with what, on what, for how long."""

import streamlit as st

from mnist_core.claims.claim import Arm, Claim
from mnist_core.claims.outcome import Outcome
from mnist_core.ui.claims import wording
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section


@section("How it was tested")
def show(claim: Claim, outcome: Outcome | None) -> None:
    """All of that, as a list."""
    st.markdown("##### How it was tested" if outcome else "##### How it is tested")
    facts = [("Set-up", claim.setup), ("Images", images_words(claim))]
    if outcome is not None:
        facts += _facts(outcome)
    lines = [f"- **{name}:** {messages.plain(text)}" for name, text in facts if text]
    seeds = len(outcome.seeds) if outcome else 5
    st.markdown("\n".join([*lines, f"- **Again:** `python -m mnist_core causes {claim.id} --seeds {seeds}`"]))


def images_words(claim: Claim) -> str:
    """How many images the ways learn from."""
    counts = sorted({_images(arm) for arm in claim.arms})
    most = f"{counts[-1]:,}"
    learned = f"about {most}" if len(counts) == 1 else f"about {counts[0]:,} to {most}"
    return f"{learned} training images of MNIST; its 10,000 test images were never learned from"


def _images(arm: Arm) -> int:
    """Of the images that a recipe takes, those that it keeps, as if there were as many of each digit."""
    kept = sum(getattr(arm.recipe, f"keep_{digit}") for digit in range(10)) / 10
    images = arm.recipe.images_used * kept
    step = 10 ** max(0, len(str(int(images))) - 2)
    return int(round(images / step) * step)


def _facts(outcome: Outcome) -> list[tuple[str, str]]:
    seeds = outcome.seeds
    named = ", ".join(map(str, seeds))
    trained = f"{len(outcome.trials)} trials in {words.duration(outcome.wall_s)}" if outcome.wall_s else ""
    versions = ", ".join(f"{name} {version}" for name, version in (outcome.versions or {}).items())
    return [
        ("Seeds", f"{wording.seeds_words(len(seeds))} ({named}), the same for every way"),
        ("Date", outcome.date),
        ("Versions", versions),
        ("Machine", outcome.machine),
        ("Time", trained),
    ]
