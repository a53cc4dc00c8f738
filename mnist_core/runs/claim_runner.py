"""Testing claims in worker processes: what is missing is trained side by side, and what is done is kept at once."""

import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import distributed
import torch
from dask.system import CPU_COUNT
from distributed.scheduler import KilledWorker

from mnist_core.claims.claim import Claim
from mnist_core.claims.outcome import RESULTS, Outcome, Trial, missing, shipped
from mnist_core.claims.trial import run_trial
from mnist_core.errors import UserError
from mnist_core.runs.queue.cluster import WorkerPlan, connector, plan_workers
from mnist_core.runs.queue.engine import SCHEDULER_VARIABLE

WORKERS = 2
"""How many trials go on side by side on this machine, each on one thread."""

_CPU_FACTS = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Plan:
    """How claims are tested.

    Attributes:
        seeds: With which seeds.
        quick: Whether only the arms that decide are tried, made quick.
        folder: Where outcomes are kept, and gone on with; None keeps nothing.
        overwrite: Whether what is in the folder already counts for nothing.
    """

    seeds: tuple[int, ...]
    quick: bool = False
    folder: Path | None = RESULTS
    overwrite: bool = False


Tell = Callable[[Claim, Trial, int, int], None]
"""Told of each trial that is done, the how-manieth it is, and of how many."""


def run_claims(claims: Sequence[Claim], plan: Plan, tell: Tell = lambda *_: None) -> Iterator[Outcome]:
    """The outcome of each claim, one after the other, as soon as it is there.

    Worker processes are started for it, unless `DIGIT_CLINIC_SCHEDULER` names a cluster or nothing is missing. After
    each trial the claim's file is written, so that whoever interrupts this loses only the trials under way.

    Raises:
        UserError: What went wrong with a training, `worker_lost`, or `results_unwritable`.
    """
    begun = [_begun(claim, plan) for claim in claims]
    if not any(_missing(claim, outcome, plan) for claim, outcome in zip(claims, begun, strict=True)):
        yield from begun
        return
    with closing(connector(os.environ.get(SCHEDULER_VARIABLE), _workers())()) as cluster:
        for claim, outcome in zip(claims, begun, strict=True):
            yield _complete(claim, outcome, plan, cluster.client, tell)


def _workers() -> WorkerPlan:
    return replace(plan_workers(min(WORKERS, CPU_COUNT)), threads=1)


def _begun(claim: Claim, plan: Plan) -> Outcome:
    """What there is already of this very experiment, or an outcome without trials; what is damaged counts for none."""
    if plan.folder is not None and not plan.overwrite:
        with suppress(UserError):
            kept = shipped(claim.id, plan.folder)
            if kept is not None and kept.quick == plan.quick and kept.fits(claim):
                return kept
    return Outcome(claim.id, (), plan.quick, fingerprint=claim.fingerprint(quick=plan.quick))


def _missing(claim: Claim, outcome: Outcome, plan: Plan) -> list[tuple[str, int]]:
    return missing(claim, outcome.trials, plan.seeds, quick=plan.quick)


def _complete(claim: Claim, outcome: Outcome, plan: Plan, client: Any, tell: Tell) -> Outcome:
    """The outcome with all that was missing."""
    wanted = _missing(claim, outcome, plan)
    started_s, wall_s = time.perf_counter(), outcome.wall_s
    for done, trial in enumerate(_trials(claim, wanted, plan.quick, client), start=1):
        others = [kept for kept in outcome.trials if (kept.arm, kept.seed) != (trial.arm, trial.seed)]
        outcome = replace(
            outcome,
            trials=_in_order(claim, [*others, trial]),
            wall_s=wall_s + time.perf_counter() - started_s,
            **_circumstances(),
        )
        if plan.folder is not None:
            _write(plan.folder / f"{claim.id}.json", outcome.to_json())
        tell(claim, trial, done, len(wanted))
    return outcome


def _trials(claim: Claim, wanted: Sequence[tuple[str, int]], quick: bool, client: Any) -> Iterator[Trial]:
    """The trials in the order in which they are done."""
    arms = {arm.key: arm for arm in claim.arms_for(quick)}
    futures = [client.submit(run_trial, arms[key], seed, claim.metrics, pure=False) for key, seed in wanted]
    try:
        for future in distributed.as_completed(futures, loop=client.loop):  # type: ignore[no-untyped-call]
            yield future.result()
    except KilledWorker:
        raise UserError(
            "worker_lost",
            f"A process that tested “{claim.title}” was ended from outside, or ran out of memory.",
            "Start it again: it goes on from what was done.",
        ) from None
    finally:
        client.cancel(futures)


def _in_order(claim: Claim, trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """Seed after seed, the arms as the claim has them, so that the same trials make the same file."""
    place = {arm.key: number for number, arm in enumerate(claim.arms)}
    return tuple(sorted(trials, key=lambda trial: (trial.seed, place.get(trial.arm, -1))))


def _circumstances() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "machine": f"{_processor()}, {CPU_COUNT} cores, one thread a training",
    }


def _processor() -> str:
    """The processor's name where the system tells it, or at least its kind."""
    lines = _CPU_FACTS.read_text(encoding="utf-8").splitlines() if _CPU_FACTS.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _write(path: Path, text: str) -> None:
    """As a whole or not at all: half a result would be a damaged one."""
    half = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(text, encoding="utf-8")
        half.replace(path)
    except OSError as error:
        raise UserError(
            "results_unwritable", f"{path} cannot be written: {error.strerror}.", "Choose another folder with --out."
        ) from None
