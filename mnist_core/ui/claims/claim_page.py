"""One claim: what people say, what became of it, the figure, every comparison, and how to see it for oneself."""

from urllib.parse import parse_qsl

import streamlit as st

from mnist_core.claims.claim import Arm, Claim
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.wording import conclude
from mnist_core.ui import navigation
from mnist_core.ui.claims import claim_results, comparisons, figure, provenance, quick_test
from mnist_core.ui.claims.claim_results import KINDS, Tested
from mnist_core.ui.claims.verdicts import show_badge
from mnist_core.ui.common import messages
from mnist_core.ui.common.section import section
from mnist_core.ui.components.save_plot import plotly_config, save_plot

_PLOT = "claim_figure"
_TEXT = {"light": "#17212b", "dark": "#e8eef3"}  # the page's own: that of its charts is too faint for a projector
_PAGES = {"draw": "Draw", "train": "Train", "mistakes": "Mistakes", "data": "Data"}


def show(one: Tested) -> None:
    """The claim's page."""
    claim, outcome = one.claim, one.outcome
    _show_ways(claim)
    with st.container(horizontal=True, vertical_alignment="center"):
        show_badge(one.verdict)
        st.caption(f"{claim.title} · {KINDS[one.kind]}", width="content")
    st.markdown(f"### “{messages.plain(claim.statement)}”")
    if outcome is not None:
        st.markdown(messages.plain(conclude(claim, outcome)))
    elif one.error:
        messages.show_error(one.error)
    left, right = st.columns([0.62, 0.38], gap="medium")
    with left:
        _show_figure(claim, outcome)
    with right:
        _show_links(claim)
    if outcome is not None:
        comparisons.show(claim, outcome)
    provenance.show(claim, outcome)
    with right:
        quick_test.show(claim, outcome)  # last, because the store and the engine may still have to be loaded


@section("The ways to other claims")
def _show_ways(claim: Claim) -> None:
    """The way back to all claims, and to the ones before and after."""
    before, after = claim_results.neighbors(claim)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        navigation.link("claims", "All claims", icon=":material/grid_view:")
        with st.container(horizontal=True, width="content"):
            _show_neighbor("Previous", before, ":material/chevron_left:")
            _show_neighbor("Next", after, ":material/chevron_right:")


def _show_neighbor(label: str, claim_id: str | None, icon: str) -> None:
    if claim_id is not None:
        navigation.link("claims", label, {"claim": claim_id}, icon=icon)


@section("The figure")
def _show_figure(claim: Claim, outcome: Outcome | None) -> None:
    if outcome is None:
        st.info("There is no result to draw yet. Test it here, quickly.", icon=":material/hourglass_empty:")
        return
    filename = f"digit-clinic-{claim.id.replace('_', '-')}"
    height = figure.height_px(claim)
    size = figure.EXPORT | {"height": max(figure.EXPORT["height"], height)}
    st.plotly_chart(
        figure.figure(claim, outcome, _TEXT.get(st.context.theme.type or "")),
        height=height,
        key=_PLOT,
        config=plotly_config(filename, size),
        alt=figure.words(claim, outcome),
    )
    save_plot(_PLOT, filename, size, key="save_claim_figure")


# --- to see it for oneself ------------------------------------------------------------------------------


@section("The links")
def _show_links(claim: Claim) -> None:
    st.markdown("##### :material/visibility: See it for yourself")
    first = claim.deciding[0]
    control, treatment = claim.arm(first.control), claim.arm(first.treatment)
    with st.container(gap="xsmall"):
        if _is_one_model(control, treatment):
            _link_arm(control, "model", "the same one, shown other pictures")
        else:
            _link_arm(control, "control", control.label)
            _link_arm(treatment, "treatment", treatment.label)
        page, query = claim.demo_link
        navigation.link(page, f"Look at it on {_PAGES[page]}", dict(parse_qsl(query)), icon=":material/open_in_new:")
    if len(claim.arms) > 2:
        _show_any_arm(claim)


def _is_one_model(control: Arm, treatment: Arm) -> bool:
    return (control.recipe, control.model) == (treatment.recipe, treatment.model)


def _link_arm(arm: Arm, role: str, about: str) -> None:
    """To train what an arm trains; to look at the shipped model that an arm asks."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if arm.model:
            navigation.link("mistakes", f"Look at the {role}", {"run": arm.model}, icon=":material/grid_on:")
        else:
            navigation.link("train", f"Train the {role}", arm.recipe.to_query(), icon=":material/model_training:")
        st.caption(messages.plain(about), width="content")  # a link would not wrap it on a phone


def _show_any_arm(claim: Claim) -> None:
    with st.expander(f"Any of its {len(claim.arms)} ways"):
        labels = {arm.key: arm.label for arm in claim.arms}
        key = st.selectbox(
            "Way", list(labels), format_func=labels.__getitem__, key=f"arm_{claim.id}", label_visibility="collapsed"
        )
        _link_arm(claim.arm(key), "model", labels[key])
