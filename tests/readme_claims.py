"""The claims in docs/CLAIMS.md, with their protocols: `python -m tests.readme_claims` writes them from the results."""

from pathlib import Path

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.claim import Claim
from mnist_core.claims.decision import Finding
from mnist_core.claims.outcome import Outcome, shipped
from mnist_core.claims.wording import answer, comparison_text, effect_text, seeds_text

DOCUMENT = Path(__file__).parents[1] / "docs/CLAIMS.md"
BEGIN, END = "<!-- claims: drawn by `python -m tests.readme_claims` -->", "<!-- end of claims -->"


def block() -> str:
    """What stands between the two marks: when and with what it was tested, and a section for each claim."""
    found = {claim.id: outcome for claim in CLAIMS.values() if (outcome := shipped(claim.id)) and outcome.fits(claim)}
    return f"{_made(list(found.values()))}\n\n" + "\n".join(
        _section(claim, found.get(claim.id)) for claim in CLAIMS.values()
    )


def text_with(document: str) -> str:
    """The document with the claims as the results have them.

    Raises:
        ValueError: When it has no marks to draw it between.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the marks of the claims are missing")
    return f"{before}{BEGIN}\n{block()}{END}{after}"


def _made(tested: list[Outcome]) -> str:
    """Seeds, dates, versions and machines, of all results together."""
    seeds = sorted({count for outcome in tested for count in outcome.seeds_per_arm})
    dates = sorted({outcome.date for outcome in tested})
    versions = sorted({f"{name} {value}" for outcome in tested for name, value in (outcome.versions or {}).items()})
    machines = sorted({outcome.machine for outcome in tested})
    return (
        f"{len(tested)} of {len(CLAIMS)} claims tested, {_range(seeds)} seeds each, {_range(dates)}, "
        f"{', '.join(versions)}, on {'; '.join(machines)}."
    )


def _range(values: list[str] | list[int]) -> str:
    return f"{values[0]}" if len(values) == 1 else f"{values[0]} to {values[-1]}" if values else "no"


def _section(claim: Claim, outcome: Outcome | None) -> str:
    """The claim, its verdict and answer, what decides, and the protocol."""
    verdict = "not tested"
    if outcome is not None:
        verdict = f"{outcome.verdict(claim).replace('_', ' ')}, {seeds_text(*outcome.seeds_per_arm)}"
    head = f"### {claim.title}\n\n“{claim.statement}” **{verdict.capitalize()}.**"
    told = "" if outcome is None else f" {answer(claim, outcome)}"
    protocol = claim.protocol
    lines = {
        "Source": protocol.source, "What is measured": protocol.definition, "Smallest effect that matters":
        protocol.smallest, "What was tried": f"{protocol.population} {claim.setup}",
    }  # fmt: skip
    rows = "".join(f"- {name}: {text}\n" for name, text in lines.items())
    table = "" if outcome is None else _TABLE + "".join(map(_row, outcome.primary_findings(claim))) + "\n"
    return f"{head}{told}\n\n{table}{rows}"


_TABLE = "| what decides | claimed | effect (interval) | so it |\n|---|---|---|---|\n"


def _row(found: Finding) -> str:
    one = found.comparison
    claimed = f"{one.direction} by {found.metric.write_effect(one.min_effect).lstrip('+')}"
    words = (comparison_text(one), claimed, effect_text(found.effect, found.metric), found.verdict.replace("_", " "))
    return f"| {' | '.join(map(_cell, words))} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    DOCUMENT.write_text(text_with(DOCUMENT.read_text("utf-8")), "utf-8")
