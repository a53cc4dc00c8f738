"""Testing claims through the engine: what is missing is trained side by side, and what is done is kept at once."""

import platform
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from dask.system import CPU_COUNT

from mnist_core.claims.claim import Claim
from mnist_core.claims.outcome import RESULTS, Outcome, Trial, missing, next_trials, shipped
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.run import Run
from mnist_core.runs.store.store import Store

WORKERS = 2
"""How many trials go on side by side on this machine, each on one thread."""

_POLL_S = 0.1
_CPU_FACTS = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Plan:
    """How claims are tested.

    Attributes:
        seeds: With which seeds; None for as many as `claims.decision` asks for.
        quick: Whether only the arms of the primary comparisons are tried, made quick.
        folder: Where outcomes are kept, and gone on with; None keeps nothing.
        overwrite: Whether what is in the folder already counts for nothing.
    """

    seeds: tuple[int, ...] | None = None
    quick: bool = False
    folder: Path | None = RESULTS
    overwrite: bool = False


OnTrial = Callable[[Claim, Trial, int, int], None]
"""Called with each trial that is done, which one it is of its claim's, and of how many."""


def run_claims(claims: Sequence[Claim], plan: Plan, on_trial: OnTrial = lambda *_: None) -> Iterator[Outcome]:
    """The outcome of each claim, one after the other, as soon as it is there.

    An engine with a database of its own is started for it, unless nothing is missing. After each trial the claim's
    file is written, so that whoever interrupts this loses only the trials under way.

    Raises:
        UserError: What went wrong with a training, `worker_lost`, or `results_unwritable`.
    """
    kept = [_kept(claim, plan) for claim in claims]
    if not any(_missing(claim, outcome, plan) for claim, outcome in zip(claims, kept, strict=True)):
        yield from kept
        return
    with (
        TemporaryDirectory() as folder,
        closing(Store(f"sqlite:///{folder}/runs.sqlite")) as store,
        Engine(store, workers=min(WORKERS, CPU_COUNT), worker_threads=1) as engine,
    ):
        for claim, outcome in zip(claims, kept, strict=True):
            yield _complete(claim, outcome, plan, engine, on_trial)


def _kept(claim: Claim, plan: Plan) -> Outcome:
    """What there is already of this very experiment, or an outcome without trials; what is damaged counts for none."""
    if plan.folder is not None and not plan.overwrite:
        with suppress(UserError):
            kept = shipped(claim.id, plan.folder)
            if kept is not None and kept.quick == plan.quick and kept.fits(claim):
                return kept
    return Outcome(claim.id, (), plan.quick, fingerprint=claim.fingerprint(quick=plan.quick))


def _missing(claim: Claim, outcome: Outcome, plan: Plan) -> list[tuple[str, int]]:
    if plan.seeds is None:
        return next_trials(claim, outcome, quick=plan.quick)
    return missing(claim, outcome.trials, plan.seeds, quick=plan.quick)


def _complete(claim: Claim, outcome: Outcome, plan: Plan, engine: Engine, on_trial: OnTrial) -> Outcome:
    """The outcome with all that was missing, and what that showed to be missing still."""
    while wanted := _missing(claim, outcome, plan):
        for done, now in enumerate(_with_trials(claim, outcome, wanted, plan, engine), start=1):
            on_trial(claim, now.trials[-1], done, len(wanted))
            outcome = now
    return _in_order(claim, outcome)


def _with_trials(
    claim: Claim, outcome: Outcome, wanted: Sequence[tuple[str, int]], plan: Plan, engine: Engine
) -> Iterator[Outcome]:
    """The outcome after each of these trials, which is then its last one; each is kept in the plan's folder."""
    started_s, wall_s = time.perf_counter(), outcome.wall_s
    for trial in _trials(claim, wanted, plan.quick, engine):
        others = [kept for kept in outcome.trials if (kept.arm, kept.seed) != (trial.arm, trial.seed)]
        outcome = replace(
            outcome,
            trials=(*others, trial),
            date=datetime.now(UTC).date().isoformat(),
            versions={"python": platform.python_version(), "torch": torch.__version__},
            machine="; ".join(dict.fromkeys([*filter(None, outcome.machine.split("; ")), _machine()])),
            wall_s=wall_s + time.perf_counter() - started_s,
        )
        if plan.folder is not None:
            _write(plan.folder / f"{claim.id}.json", _in_order(claim, outcome).to_json())
        yield outcome


def _in_order(claim: Claim, outcome: Outcome) -> Outcome:
    """Its trials seed after seed, the arms as the claim has them, so that the same trials make the same file."""
    places = {arm.key: place for place, arm in enumerate(claim.arms)}
    return replace(outcome, trials=tuple(sorted(outcome.trials, key=lambda one: (one.seed, places.get(one.arm, -1)))))


def _trials(claim: Claim, wanted: Sequence[tuple[str, int]], quick: bool, engine: Engine) -> Iterator[Trial]:
    """The trials in the order in which they are done: arms that share a training and a seed are one run."""
    arms = {arm.key: arm for arm in claim.arms_for(quick)}
    sharing: dict[tuple[int, str, Recipe], list[str]] = {}
    for key, seed in wanted:
        sharing.setdefault((seed, arms[key].model, arms[key].training), []).append(key)
    waiting = deque((seed, keys) for (seed, _, _), keys in sharing.items())
    told: dict[str, int] = {}  # of each run that is under way, how many trials
    while waiting or told:
        while waiting and (run := _submit(engine, claim, *waiting[0], quick)) is not None:
            waiting.popleft()
            told[run.id] = 0
        for run_id, seen in list(told.items()):
            live = engine.live(run_id)
            yield from (Trial(trial.arm, trial.seed, trial.values) for trial in live.trials[seen:])
            told[run_id] = len(live.trials)
            if live.error is not None:
                raise live.error
            if not live.is_active:
                del told[run_id]
        time.sleep(_POLL_S)


def _submit(engine: Engine, claim: Claim, seed: int, arms: Sequence[str], quick: bool) -> Run | None:
    """The run that tries these arms; None while the queue is full."""
    try:
        return engine.test_claim(claim, (seed,), arms=tuple(arms), quick=quick)
    except UserError as error:
        if error.code != "queue_full":
            raise
        return None


def _machine() -> str:
    """This one, in words; trials of one outcome may come from several."""
    return f"{_processor()}, {CPU_COUNT} cores, one thread a training"


def _processor() -> str:
    """The processor's name where the system tells it, or at least its kind."""
    lines = _CPU_FACTS.read_text(encoding="utf-8").splitlines() if _CPU_FACTS.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _write(path: Path, text: str) -> None:
    """As a whole or not at all: half a result would be a damaged one."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise UserError(
            "results_unwritable", f"{path} cannot be written: {error.strerror}.", "Choose another folder with --out."
        ) from None
