"""A quick test of a claim, with fewer images and seeds: its progress, and its result beside the shipped one."""

from collections.abc import Sequence

import streamlit as st

from mnist_core.claims.claim import Claim
from mnist_core.claims.effect import Effect
from mnist_core.claims.outcome import Outcome, Trial
from mnist_core.claims.wording import comparison_text, effect_text, in_a_sentence, seeds_text
from mnist_core.errors import UserError
from mnist_core.recipe import FIELDS
from mnist_core.runs.queue.live import Live
from mnist_core.runs.run import Run
from mnist_core.training.events import TrialDone
from mnist_core.ui import services
from mnist_core.ui.claims.claim_results import VERDICTS
from mnist_core.ui.common import messages, query_params, words
from mnist_core.ui.common.section import section
from mnist_core.ui.common.turns import fragment
from mnist_core.ui.common.visitor import owner_name, visitor
from mnist_core.ui.train import run_control

SEEDS = (0, 1, 2)
POLL_S = 1.0

_REFUSAL = "claim_test_refusal"
_HELP = (
    "Only the arms of the primary comparisons are trained, with fewer images or epochs, in a process of its own. You "
    "may leave the page or close it: what is done is kept. Everybody who looks at this claim sees the newest test."
)


@section("The quick test")
def show(claim: Claim, shipped: Outcome | None) -> None:
    """The claim's newest test here, and what begins another one."""
    st.markdown("##### :material/speed: Quick test", help=_HELP)
    error = st.session_state.pop(_REFUSAL, None)
    if error is not None:
        messages.show_error(error)
    with messages.explained():
        run = services.store().newest_test_of(claim)
        query_params.put({"owner": None})  # stands in old links, and gives no control
        if run is None or not run.is_active:
            _show_start(claim, again=run is not None)
        if run is not None:
            watch = fragment(_watch, run_every=POLL_S) if run.is_active else _watch
            watch(run, claim, shipped)


def agreement(shipped: Effect, here: Effect) -> str:
    """Whether the two point the same way."""
    if here.n == 0 or shipped.n == 0:
        return "nothing to compare yet"
    if shipped.n > 1 and shipped.low <= 0 <= shipped.high:
        return "shipped, it points neither way"
    if here.mean * shipped.mean > 0:
        return "the same direction as shipped"
    return "not the same direction as shipped"


def progress_text(live: Live) -> str:
    """How far the test is."""
    if live.position:
        return words.waiting(live)
    if not live.steps:
        return "Starting worker"
    return f"{live.steps_done} of {live.steps} trials done{words.left(live)}"


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
        arms = len(claim.arms_for(quick=True))
        changes = "".join(f"; {in_a_sentence(FIELDS[name].label)}: {value}" for name, value in claim.quick.items())
        st.caption(f"{arms} arms with {seeds_text(len(SEEDS))}: {arms * len(SEEDS)} trials{changes}.")


def _begin(claim: Claim) -> None:
    """Test the claim, unless somebody began a moment ago: a class that presses at once watches one test."""
    try:
        newest = services.store().newest_test_of(claim)
        if newest is None or not newest.is_active:
            services.engine().test_claim(claim, SEEDS, owner_name(visitor()))
    except UserError as error:
        st.session_state[_REFUSAL] = error


def _watch(run: Run, claim: Claim, shipped: Outcome | None) -> None:
    with messages.explained():
        if not run.is_active:
            trials = services.store().trials_of(run.id)
            _show_found(claim, shipped, trials)
            _show_end(run, len(trials))
            return
        run_control.show_refusal()
        live = services.engine().live(run.id)
        st.progress(words.share_done(live), text=progress_text(live))
        if run_control.can_control(run):
            icon = ":material/stop_circle:"
            st.button("Stop", icon=icon, on_click=run_control.stop, args=(run.id,), key="stop_test")
        _show_found(claim, shipped, live.trials)
        if not live.is_active:
            st.rerun()  # the page without the timer


def _show_found(claim: Claim, shipped: Outcome | None, trials: Sequence[TrialDone]) -> None:
    """Each primary comparison as it was found here, beside the shipped result."""
    if not trials:
        return
    here = Outcome(claim.id, tuple(Trial(trial.arm, trial.seed, trial.values) for trial in trials), quick=True)
    table: dict[str, list[str]] = {"Compared": [], "Shipped": [], "Here, quickly": [], "By the same rule": []}
    before = shipped.primary_findings(claim) if shipped else (None,) * len(claim.primary)
    for found, known in zip(here.primary_findings(claim), before, strict=True):
        table["Compared"].append(messages.plain(comparison_text(found.comparison)))
        table["Shipped"].append("not tested yet" if known is None else effect_text(known.effect, known.metric))
        effect, look = found.effect, VERDICTS[found.verdict]
        mean = found.metric.write_effect(effect.mean) if effect.n else "not measured"
        table["Here, quickly"].append(f"{mean}, {seeds_text(effect.n)}")
        agrees = "" if known is None else f"; {agreement(known.effect, effect)}"
        table["By the same rule"].append(f"{look.sign} {look.word}{agrees}")
    st.table(table, border="horizontal", hide_index=True)


def _show_end(run: Run, trials: int) -> None:
    word, icon = words.STATES[run.state]
    took = f" in {words.duration(run.wall_s)}" if run.wall_s else ""
    kept = "" if run.state == "finished" else f" What was done until then is kept: {trials} trials."
    st.caption(f"{icon} {word} {words.ago(run.created_at)}{took}.{kept} Three seeds can seldom decide.")
    if run.error:
        messages.show_error(run.error)
