"""The learning-rate range test: the rate climbs from step to step, and the loss says from where on it is too high."""

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from mnist_core import setting_words
from mnist_core.recipe import Recipe
from mnist_core.training.events import RangeTested, Step
from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.common.turns import fragment
from mnist_core.ui.common.visitor import owner_name, visitor
from mnist_core.ui.components.curves import chart_spec, named_axis
from mnist_core.ui.train.form import state
from mnist_core.ui.train.form.unused import why_unused

POLL_S = 0.5

_RUN = "range_run"
_RECIPE = "range_recipe"
_REFUSAL = "range_refusal"
_RATE_AND_LENGTH = {"learning_rate", "schedule", "epochs", "early_stopping"}  # of no account for a test
_HEIGHT_PX = 230
_MAX_LOSS = 5  # guessing blindly costs 2.3; what is beyond this has diverged
_HELP = (
    "LR range test: a new model takes a few hundred steps, each with a higher learning rate than the last. Where the "
    "loss falls fastest, the rate is good; where it rises, it is too high (Smith, 2017). Nothing it trains is kept."
)


def show_button(recipe: Recipe) -> None:
    """The button that begins a test."""
    reason = why_unused("learning_rate", recipe)
    st.button(
        "Learning-rate finder",
        icon=":material/troubleshoot:",
        type="tertiary",
        on_click=_begin,
        args=(recipe,),
        disabled=bool(reason),
        help=_HELP,
        key="find_rate",
    )


@section("The search for a learning rate")
def show(recipe: Recipe) -> None:
    """The test that this session began last, while it runs and after; nothing before the first."""
    messages.show_refusal(_REFUSAL)
    run_id = st.session_state.get(_RUN)
    if run_id is not None:
        active = services.engine().live(run_id).is_active
        # A button in a fragment would bring only the fragment up to date: what has ended is none.
        watch = fragment(_watch, run_every=POLL_S) if active else _watch
        watch(run_id, active, recipe)


def _begin(recipe: Recipe) -> None:
    with messages.refusal_kept(_REFUSAL):
        run = services.engine().test_range(recipe, owner_name(visitor()))
        st.session_state[_RUN], st.session_state[_RECIPE] = run.id, recipe


@messages.explained(part="The search for a learning rate")
def _watch(run_id: str, was_active: bool, recipe: Recipe) -> None:
    live = services.engine().live(run_id)
    if not live.is_active:
        heading = "Loss by learning rate"
    elif live.position or not live.steps:
        heading = f"Running LR range test. {words.waiting(live)}"
    else:
        heading = f"Running LR range test: step {live.steps_done} of {live.steps}"
    st.markdown(f"###### {heading}")
    steps = services.store().curve(run_id).steps
    st.echarts_chart(spec_of(steps, live.range), height=_HEIGHT_PX, key="range_chart", alt=words_of(live.range))
    if live.error:
        messages.show_error(live.error)
    elif not live.is_active:
        _show_found(live.range, recipe)
    if was_active and not live.is_active:
        st.rerun()  # the page without the timer


def _show_found(found: RangeTested | None, recipe: Recipe) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words_of(found), width="content")
        if found is not None and found.suggested is not None:
            rate = rounded(found.suggested)
            st.button(
                f"Use {setting_words.number_text(rate)}",
                icon=":material/check:",
                on_click=lambda: state.use(state.current().replace(learning_rate=rate)),
                disabled=recipe.learning_rate == rate,
                key="use_rate",
            )
    tested = st.session_state.get(_RECIPE, recipe)
    if any(field.name not in _RATE_AND_LENGTH for field in setting_words.differences(recipe, tested)):
        st.caption("Other settings have changed since: the best rate may have changed with them.")


def rounded(rate: float) -> float:
    """The rate with two digits, as people write one; within the field's bounds."""
    return min(10.0, max(1e-6, float(f"{rate:.1e}")))


def words_of(found: RangeTested | None) -> str:
    """What came of it."""
    if found is None:
        return "The loss by learning rate, so far."
    if found.suggested is None:
        return "The loss did not fall at any rate: something else is wrong with these settings."
    lowest = "" if found.lowest is None else f"; above about {setting_words.number_text(rounded(found.lowest))} it rose"
    return f"The loss fell fastest at a rate of **{setting_words.number_text(rounded(found.suggested))}**{lowest}."


def spec_of(steps: Sequence[Step], found: RangeTested | None) -> dict[str, Any]:
    """The chart as an ECharts option object: every step's loss, and the smoothed one that is judged."""
    from mnist_core.training.lr_finder import HIGHEST_RATE, LOWEST_RATE, smoothed

    known = [step for step in steps if math.isfinite(step.loss)]
    losses = [step.loss for step in known]
    mean = _line("Smoothed", known, smoothed(losses).tolist()) | {"lineStyle": {"width": 2}}
    if found is not None and found.suggested is not None:
        rate = rounded(found.suggested)
        mean["markLine"] = {
            "symbol": "none",
            "silent": True,
            "precision": 8,  # two digits, which is what ECharts rounds to otherwise, make most rates zero
            "data": [{"xAxis": rate}],
            "lineStyle": {"type": "dashed", "width": 2},
            "label": {"formatter": f"falls fastest: {setting_words.number_text(rate)}", "position": "end"},
        }
    return chart_spec(
        [mean, _line("Each step", known, losses) | {"lineStyle": {"width": 1, "type": "dotted"}}],
        named_axis("learning rate", type="log", min=LOWEST_RATE, max=HIGHEST_RATE),
        {"type": "value", "min": 0, "max": _MAX_LOSS},
        top_px=56,
        right_px=24,
        number="%.3f",
        legend={"right": 0, "top": 0},
    )


def _line(name: str, steps: Sequence[Step], losses: Sequence[float]) -> dict[str, Any]:
    # The line stops where it leaves the chart: drawn along the top it would look like a measurement.
    points = [
        [step.learning_rate, round(loss, 4) if loss <= _MAX_LOSS else None]
        for step, loss in zip(steps, losses, strict=True)
    ]
    return {"name": name, "type": "line", "showSymbol": False, "data": points}
