"""A claim that nobody makes, and what came of testing it: for tests that need no training."""

from dataclasses import replace

from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol
from mnist_core.claims.decision import Finding
from mnist_core.claims.outcome import Outcome, Trial
from mnist_core.recipe import Recipe

SMALL = Recipe(model="linear", train_images=1_000, epochs=2)

CLAIM = Claim(
    id="made_up",
    title="Made up",
    statement="More light makes models read better.",
    setup="A linear model, with more light and without.",
    protocol=Protocol(
        source="Nobody says so.",
        definition="Better is a higher test accuracy.",
        smallest="Half a point.",
        population="A linear model.",
    ),
    arms=(
        Arm("without", "Without light", SMALL),
        Arm("with", "With light", SMALL.replace(rotation_deg=10.0)),
        Arm("dark", "In the dark", SMALL.replace(rotation_deg=20.0)),
    ),
    primary=(Comparison("without", "with", "test_accuracy", "higher", 0.005, "With light"),),
    secondary=(Comparison("without", "dark", "test_accuracy", "lower", 0.005, "In the dark"),),
    figure=FigureSpec("forest", ("test_accuracy",)),
    quick={"epochs": 1},
    demo_link=("draw", ""),
)


def finding(one: Comparison, found: "Outcome | None" = None) -> Finding:
    """What came of this comparison alone, if it had been the claim's only one."""
    return (found or outcome()).primary_findings(replace(CLAIM, primary=(one,)))[0]


def outcome(gain: float = 0.05, seeds: int = 5, spread: float = 0.001, quick: bool = False) -> Outcome:
    """The claim tested: with light, models are better by so much on average."""
    trials = []
    for seed in range(seeds):
        wobble = spread * (seed - (seeds - 1) / 2)
        for arm, more in (("without", 0.0), ("with", gain + wobble), ("dark", -0.001)):
            trials.append(Trial(arm, seed, {"test_accuracy": 0.9 + more}))
    versions = {"python": "3.11", "torch": "2.9"}
    return Outcome(
        CLAIM.id, tuple(trials), quick, "2026-11-25", versions, "Two cores", 61.0, CLAIM.fingerprint(quick=quick)
    )
