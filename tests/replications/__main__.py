"""Claims repeated by scripts that share nothing with the program: `python -m tests.replications [NAMES...]`.

A script has its own models, loops and random numbers, and other settings than the claim's where an example would have
others. So it is asked for the same direction and the same order of magnitude, not for the same number:

- **Same sign**: the mean effects have the same sign, or neither is as large as the smallest effect that matters.
- **Compatible size**: the 95 % intervals overlap, or the signs are the same and one mean effect is at most three times
  the other.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.effect import Effect, paired_effect
from mnist_core.claims.outcome import shipped
from mnist_core.data.mnist_files import BUNDLED
from tests.replications.registry import REPLICATIONS, Repeated

FOLDER = Path(__file__).parent
_MOST_TIMES = 3.0


@dataclass(frozen=True, slots=True)
class Row:
    """A comparison, found outside and inside; `inside` is None where the results have nothing of that kind."""

    claim: str
    comparison: str
    outside: Effect
    inside: Effect | None
    least: float

    @property
    def has_same_sign(self) -> bool | None:
        """See the module; None where there is nothing to compare with."""
        if self.inside is None:
            return None
        here, there = self.outside.mean, self.inside.mean
        return here * there > 0 or max(abs(here), abs(there)) < self.least or here == there

    @property
    def is_compatible(self) -> bool | None:
        """See the module; None where there is nothing to compare with."""
        if self.inside is None:
            return None
        here, there = self.outside, self.inside
        if here.low <= there.high and there.low <= here.high:
            return True
        return here.mean * there.mean > 0 and 1 / _MOST_TIMES <= here.mean / there.mean <= _MOST_TIMES


def read_rows(claim_id: str, lines: Sequence[str]) -> list[Row]:
    """What a claim's script printed, each beside the shipped result."""
    repeated = {one.comparison: one for one in REPLICATIONS[claim_id].repeated}
    rows = []
    for line in lines:
        found = json.loads(line)
        outside = Effect(found["effect"], found["low"], found["high"], found["n"])
        one = repeated.get(found["comparison"], Repeated(found["comparison"]))
        rows.append(Row(claim_id, one.comparison, outside, _inside(claim_id, one), _least(claim_id, one)))
    return rows


def _inside(claim_id: str, one: Repeated) -> Effect | None:
    outcome = shipped(claim_id)
    if outcome is None or not one.metric:
        return None
    claim = CLAIMS[claim_id]
    control, treatment = (outcome.values_of(claim, side, one.metric) for side in (one.control, one.treatment))
    effect = paired_effect(control, treatment)
    return effect if math.isfinite(effect.mean) else None


def _least(claim_id: str, one: Repeated) -> float:
    """The smallest effect that matters, of the claim's comparison of these arms."""
    for each in CLAIMS[claim_id].comparisons:
        if (each.control, each.treatment, each.metric) == (one.control, one.treatment, one.metric):
            return each.min_effect
    return one.least


def table(rows: Sequence[Row]) -> str:
    """The rows as a table in Markdown."""
    lines = [
        "| Claim | Comparison | Outside | Here | Same sign | Compatible size |",
        "| --- | --- | ---: | ---: | --- | --- |",
    ]
    for row in rows:
        cells = (row.claim, row.comparison, _interval(row.outside), _interval(row.inside))
        lines.append(f"| {' | '.join((*cells, _yes(row.has_same_sign), _yes(row.is_compatible)))} |")
    return "\n".join(lines)


def _interval(effect: Effect | None) -> str:
    if effect is None:
        return "–"
    return f"{effect.mean:+.4f} ({effect.low:+.4f} to {effect.high:+.4f}), n={effect.n}"


def _yes(answer: bool | None) -> str:
    return "–" if answer is None else "yes" if answer else "no"


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(REPLICATIONS)))
@click.option(
    "--seeds", type=click.IntRange(2, 12), help="How often each arm is trained.  [default: each script's own]"
)
def replications(names: tuple[str, ...], seeds: int | None) -> None:
    """Repeat claims from outside, and print what they say beside the shipped results."""
    rows = []
    for name in names or REPLICATIONS:
        click.echo(f"{name} …", err=True)
        command = [sys.executable, str(FOLDER / f"{name}.py"), str(BUNDLED)]
        command += ["--seeds", str(seeds)] if seeds else []
        # One thread, as the claims are computed.
        done = subprocess.run(
            command, env={"OMP_NUM_THREADS": "1", **os.environ}, check=True, text=True, stdout=subprocess.PIPE
        )
        rows += read_rows(name, done.stdout.splitlines())
    click.echo(table(rows))


if __name__ == "__main__":
    replications(prog_name="python -m tests.replications")
