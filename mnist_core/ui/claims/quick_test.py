"""Testing a claim here and now, with fewer images and seeds: its progress, and its result beside the shipped one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.claims.claim import Claim
from mnist_core.claims.effect import Effect
from mnist_core.claims.outcome import Outcome, Trial
from mnist_core.errors import UserError
from mnist_core.recipe import FIELDS
from mnist_core.ui import services
from mnist_core.ui.claims import wording
from mnist_core.ui.common import messages, query_params, words
from mnist_core.ui.common.section import section
from mnist_core.ui.train import run_control

if TYPE_CHECKING:
    from mnist_core.runs.queue.live import Live
    from mnist_core.runs.run import Run
    from mnist_core.training.events import TrialDone

SEEDS = (0, 1, 2)
POLL_S = 1.0

_REFUSAL = "claim_test_refusal"
_HELP = (
    "Only what decides the claim is trained, with fewer images or epochs, in a process of its own. You may leave the "
    "page or close it: what is done is kept. Everybody who looks at this claim sees the newest test."
)


@section("The quick test")
def show(claim: Claim, shipped: Outcome | None) -> None:
    """The claim's newest test here, and what begins another one."""
    st.markdown("##### :material/speed: Test it here, quickly", help=_HELP)
    error = st.session_state.pop(_REFUSAL, None)
    if error is not None:
        messages.show_error(error)
    with messages.explained():
        run = services.store().newest_test_of(claim)
        query_params.put({"owner": None})  # stands in old links, and gives no control
        run_control.remember_visitor()
        if run is None or not run.is_active:
            _show_start(claim, again=run is not None)
        if run is not None:
            watch = st.fragment(_watch, run_every=POLL_S) if run.is_active else _watch
            watch(run, claim, shipped)


def outcome_of(claim: Claim, trials: "Sequence[TrialDone]", run: "Run") -> Outcome:
    """What a test here found, as a shipped result is."""
    found = tuple(Trial(trial.arm, trial.seed, trial.values) for trial in trials)
    date = f"{run.created_at:%Y-%m-%d}"
    return Outcome(claim.id, found, quick=True, date=date, wall_s=run.wall_s or 0.0)


def agreement(shipped: Effect, here: Effect) -> str:
    """Whether the two point the same way."""
    if here.n == 0 or shipped.n == 0:
        return "nothing to compare yet"
    if shipped.n > 1 and shipped.low <= 0 <= shipped.high:
        return ":material/remove: shipped, it points neither way"
    return (
        ":material/check: the same direction"
        if here.mean * shipped.mean > 0
        else ":material/close: not the same direction"
    )


def quick_words(claim: Claim) -> str:
    """What a quick test does: `2 ways with 3 seeds, 6 trials; epochs: 1`."""
    ways = len(claim.quick_arms())
    changes = "".join(f"; {wording.in_a_sentence(FIELDS[name].label)}: {value}" for name, value in claim.quick.items())
    return f"{ways} ways with {wording.seeds_words(len(SEEDS))}: {ways * len(SEEDS)} trials{changes}."


def progress_words(live: "Live") -> str:
    """How far the test is."""
    if live.position:
        return words.waiting(live)
    if not live.steps:
        return "Starting worker"
    left = "" if live.remaining_s is None else f" · about {words.duration(live.remaining_s)} left"
    return f"{live.steps_done} of {live.steps} trials done{left}"


def _show_start(claim: Claim, *, again: bool) -> None:
    st.button(
        "Test it again" if again else "Test it now",
        icon=":material/experiment:",
        type="secondary" if again else "primary",
        on_click=_begin,
        args=(claim,),
        key="test_claim",
    )
    if not again:
        st.caption(quick_words(claim))


def _begin(claim: Claim) -> None:
    """Test the claim, unless somebody began a moment ago: a class that presses at once watches one test."""
    try:
        newest = services.store().newest_test_of(claim)
        if newest is not None and newest.is_active:
            return
        services.engine().test_claim(claim, SEEDS, run_control.session())
    except UserError as error:
        st.session_state[_REFUSAL] = error


def _watch(run: "Run", claim: Claim, shipped: Outcome | None) -> None:
    with messages.explained():
        if not run.is_active:
            _show_found(claim, shipped, services.store().trials_of(run.id), run)
            return
        run_control.show_refusal()
        live = services.engine().live(run.id)
        _show_progress(run, live)
        _show_found(claim, shipped, live.trials, run)
        if not live.is_active:
            st.rerun()  # the page without the timer


def _show_progress(run: "Run", live: "Live") -> None:
    done = min(1.0, live.steps_done / live.steps) if live.steps else 0.0
    st.progress(done, text=progress_words(live))
    if run_control.can_control(run):
        st.button(
            "Stop", icon=":material/stop_circle:", on_click=run_control.stop, args=(live.run_id,), key="stop_test"
        )


def _show_found(claim: Claim, shipped: Outcome | None, trials: "Sequence[TrialDone]", run: "Run") -> None:
    here = outcome_of(claim, trials, run)
    if trials:
        st.table(_beside(claim, shipped, here), border="horizontal", hide_index=True)
    if not run.is_active:
        _show_end(run, here)


def _beside(claim: Claim, shipped: Outcome | None, here: Outcome) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {"Compared": [], "Shipped": [], "Here, quickly": [], "Agree?": []}
    for one in claim.deciding:
        metric, found = wording.metric_of(one), here.effect(one)
        known = shipped.effect(one) if shipped else None
        measured = "" if wording.names_its_metric(one) else f": {wording.in_a_sentence(metric.title)}"
        table["Compared"].append(messages.plain(one.words + measured))
        table["Shipped"].append("not tested yet" if known is None else wording.effect_words(known, metric))
        table["Here, quickly"].append(f"{wording.effect_words(found, metric)}, {wording.seeds_words(found.n)}")
        table["Agree?"].append("" if known is None else agreement(known, found))
    return table


def _show_end(run: "Run", here: Outcome) -> None:
    word, icon = words.STATES[run.state]
    took = f" in {words.duration(run.wall_s)}" if run.wall_s else ""
    kept = "" if run.state == "finished" else f" What was done until then is kept: {len(here.trials)} trials."
    st.caption(f"{icon} {word} {words.ago(run.created_at)}{took}.{kept} A quick test has wider intervals.")
    if run.error:
        messages.show_error(run.error)
