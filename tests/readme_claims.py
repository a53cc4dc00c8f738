"""The table of tested claims in docs/MEASUREMENTS.md: `python -m tests.readme_claims` writes it from the results."""

from pathlib import Path

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.claim import Claim
from mnist_core.claims.outcome import Outcome, shipped
from mnist_core.claims.wording import finding_text

DOCUMENT = Path(__file__).parents[1] / "docs/MEASUREMENTS.md"
BEGIN, END = "<!-- claims: drawn by `python -m tests.readme_claims` -->", "<!-- end of claims -->"


def block() -> str:
    """What stands between the two marks: when and with what, and a row for each claim that was tested."""
    tested = [(claim, outcome) for claim in CLAIMS.values() if (outcome := shipped(claim.id)) and outcome.fits(claim)]
    head = "| claim | verdict | primary comparisons: effect (95 % confidence interval) |\n|---|---|---|\n"
    return f"{_made(tested)}\n\n{head}{''.join(_row(claim, outcome) for claim, outcome in tested)}"


def text_with(document: str) -> str:
    """The document with the table as the results have it.

    Raises:
        ValueError: When it has no marks to draw it between.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the marks of the table of claims are missing")
    return f"{before}{BEGIN}\n{block()}{END}{after}"


def _made(tested: list[tuple[Claim, Outcome]]) -> str:
    """Seeds, dates, versions and machines, of all results together."""
    seeds = sorted({len(outcome.seeds) for _, outcome in tested})
    dates = sorted({outcome.date for _, outcome in tested})
    versions = sorted({f"{name} {value}" for _, outcome in tested for name, value in (outcome.versions or {}).items()})
    machines = sorted({outcome.machine for _, outcome in tested})
    return (
        f"{len(tested)} of {len(CLAIMS)} claims tested, {_range(seeds)} seeds each, {_range(dates)}, "
        f"{', '.join(versions)}, on {'; '.join(machines)}:"
    )


def _range(values: list[str] | list[int]) -> str:
    return f"{values[0]}" if len(values) == 1 else f"{values[0]} to {values[-1]}" if values else "no"


def _row(claim: Claim, outcome: Outcome) -> str:
    found = "<br>".join(_cell(finding_text(outcome.finding(one))) for one in claim.primary)
    return f"| {_cell(claim.statement)} | {outcome.verdict(claim).replace('_', ' ')} | {found} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    DOCUMENT.write_text(text_with(DOCUMENT.read_text("utf-8")), "utf-8")
