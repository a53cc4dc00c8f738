"""`claims`: what people say of bad models, tested."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mnist_core.cli.options import json_option, say
from mnist_core.errors import UserError

if TYPE_CHECKING:  # they load torch, which takes seconds
    from mnist_core.claims.claim import Claim
    from mnist_core.claims.outcome import Outcome, Trial

_QUICK_SEEDS = 3


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--seeds",
    type=click.IntRange(2, 100),
    help=f"How many seeds; as many as the protocol asks for when left out, or {_QUICK_SEEDS} with --quick.",
)
@click.option(
    "--quick", is_flag=True, help="Only the primary arms, on fewer images or epochs; the shipped results stay."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the results.")
@click.option("--overwrite", is_flag=True, help="Start over: ignore the trials that are in the folder.")
@click.option("--afresh", is_flag=True, hidden=True)  # as it was called before
@json_option
def claims(
    ids: tuple[str, ...], seeds: int | None, quick: bool, out: Path | None, overwrite: bool, afresh: bool, as_json: bool
) -> None:
    """Test popular claims about bad models: those of these IDs, or all.

    Trials that are in the folder are not run again, so this goes on where it was interrupted.
    """
    from mnist_core.claims.outcome import RESULTS
    from mnist_core.runs.claim_runner import Plan, run_claims

    chosen = _chosen(ids)
    if quick and out is not None and out.resolve() == RESULTS.resolve():
        raise click.UsageError("A quick test does not replace the shipped results: choose another folder with --out.")
    count = seeds or (_QUICK_SEEDS if quick else None)
    plan = Plan(
        None if count is None else tuple(range(count)), quick, out or (None if quick else RESULTS), overwrite or afresh
    )
    for claim, outcome in zip(chosen, run_claims(chosen, plan, _print_trial), strict=True):
        _print(claim, outcome, as_json)


def _chosen(ids: tuple[str, ...]) -> "list[Claim]":
    from mnist_core.claims.catalog import CLAIMS

    for unknown in (claim_id for claim_id in ids if claim_id not in CLAIMS):
        raise UserError("claim_unknown", f"No claim is called “{unknown[:40]}”.", f"There are: {', '.join(CLAIMS)}.")
    return [CLAIMS[claim_id] for claim_id in dict.fromkeys(ids or CLAIMS)]


def _print_trial(claim: "Claim", trial: "Trial", done: int, count: int) -> None:
    click.echo(f"{claim.id}: {done} of {count} trials ({trial.arm}, seed {trial.seed})", err=True)


def _print(claim: "Claim", outcome: "Outcome", as_json: bool) -> None:
    from mnist_core.claims.report import report
    from mnist_core.claims.wording import effect_text

    found = report(claim, outcome)
    lines = [f"{claim.id}: {found['verdict'].replace('_', ' ')}", f"  “{claim.statement}”", f"  {found['conclusion']}"]
    for finding in outcome.findings(claim):
        one, metric = finding.comparison, finding.metric
        mark = "*" if one in claim.primary else " "
        lines.append(f"  {mark} {one.label:52} {metric.title:28} {effect_text(finding.effect, metric)}")
    say(found, "\n".join([*lines, ""]), as_json)
