"""One claim: what people say, the verdict, the figure, every comparison, how it was tested, and where to see it."""

from functools import partial
from urllib.parse import parse_qsl

import streamlit as st

from mnist_core.claims.claim import Arm, Claim
from mnist_core.claims.decision import LOOKS
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.report import trials_csv
from mnist_core.claims.wording import answer, conclude, seeds_text
from mnist_core.ui import navigation
from mnist_core.ui.claims import claim_results, comparisons, quick_test
from mnist_core.ui.claims.claim_results import KINDS, Tested
from mnist_core.ui.common import messages, query_params, words
from mnist_core.ui.common.section import section
from mnist_core.ui.components.save_plot import plotly_config, save_plot

_PARAMETER = "claim"
_PLOT = "claim_figure"
_TEXT = {"light": "#17212b", "dark": "#e8eef3"}  # the page's own: that of its charts is too faint for a projector
_ENOUGH = (
    f"{LOOKS[0]} seeds at least and {LOOKS[-1]} at most: more are added while a comparison that decides is open, "
    f"unless its interval is narrower than the smallest effect that matters and {LOOKS[-1]} would not decide it. It is "
    f"looked at after {', '.join(map(str, LOOKS[:-1]))} and {LOOKS[-1]} seeds; so that neither many looks nor many "
    "comparisons mislead, each interval is as much wider as that needs (Bonferroni for the looks, Holm for the "
    "comparisons)."
)
_PAGES = {"draw": "Draw", "train": "Train", "mistakes": "Mistakes", "data": "Data"}


def selected() -> Tested | None:
    """The claim that the address names; None for all of them. A claim that does not exist is said."""
    claim_id = query_params.get(_PARAMETER)
    found = claim_results.find(claim_id) if claim_id else None
    if claim_id and found is None:
        messages.show_notices([f"There is no claim “{claim_id[:40]}”: these are all."])
    return found


def show(one: Tested) -> None:
    """The claim's page."""
    claim, outcome = one.claim, one.outcome
    _show_neighbors(claim)
    with st.container(horizontal=True, vertical_alignment="center"):
        one.show_badge()
        st.caption(f"{claim.title} · {KINDS[one.kind]}", width="content")
    st.markdown(f"### “{messages.plain(claim.statement)}”")
    if outcome is not None:
        st.markdown(f"**{messages.plain(answer(claim, outcome))}**")
    elif one.error:
        messages.show_error(one.error)
    left, right = st.columns([0.62, 0.38], gap="medium")
    with left:
        _show_figure(claim, outcome)
    with right:
        _show_links(claim)
    if outcome is not None:
        st.markdown(messages.plain(conclude(claim, outcome)))
        comparisons.show(claim, outcome)
    _show_protocol(claim)
    _show_provenance(claim, outcome)
    with right:
        quick_test.show(claim, outcome)  # last, because the store and the engine may still have to be loaded


@section("The ways to other claims")
def _show_neighbors(claim: Claim) -> None:
    before, after = claim_results.neighbors(claim)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        navigation.link("claims", "All claims", icon=":material/grid_view:")
        with st.container(horizontal=True, width="content"):
            for label, claim_id, icon in (("Previous", before, "chevron_left"), ("Next", after, "chevron_right")):
                if claim_id is not None:
                    navigation.link("claims", label, {_PARAMETER: claim_id}, icon=f":material/{icon}:")


@section("The figure")
def _show_figure(claim: Claim, outcome: Outcome | None) -> None:
    if outcome is None:
        st.info("There is no result to draw yet. Run a quick test here.", icon=":material/hourglass_empty:")
        return
    from mnist_core.ui.claims import figure  # Plotly takes a while to load, and the page of all claims needs none

    filename = f"digit-clinic-{claim.id.replace('_', '-')}"
    drawn = figure.figure(claim, outcome, _TEXT.get(st.context.theme.type or ""))
    size = figure.EXPORT | {"height": max(figure.EXPORT["height"], drawn.layout.height)}
    alt = figure.alt_text(claim, outcome)
    st.plotly_chart(
        drawn, height=drawn.layout.height, key=_PLOT, config=plotly_config(filename, size), alt=alt
    )  # fmt: skip
    save_plot(_PLOT, filename, size, key="save_claim_figure")


# --- to see it for oneself ------------------------------------------------------------------------------


@section("The links")
def _show_links(claim: Claim) -> None:
    st.markdown("##### :material/visibility: See it for yourself")
    control, treatment = (claim.arm(key) for key in (claim.primary[0].control, claim.primary[0].treatment))
    with st.container(gap="xsmall"):
        if (control.recipe, control.model) == (treatment.recipe, treatment.model):
            _link_arm(control, "model", "the same model, shown other images")
        else:
            _link_arm(control, "control", control.label)
            _link_arm(treatment, "treatment", treatment.label)
        page, query = claim.demo_link
        navigation.link(page, f"Look at it on {_PAGES[page]}", dict(parse_qsl(query)), icon=":material/open_in_new:")
    if len(claim.arms) > 2:
        with st.expander(f"Any of its {len(claim.arms)} arms"):
            labels = {arm.key: arm.label for arm in claim.arms}
            key = st.selectbox(
                "Arm", list(labels), format_func=labels.__getitem__, key=f"arm_{claim.id}", label_visibility="collapsed"
            )
            _link_arm(claim.arm(key), "model", labels[key])


def _link_arm(arm: Arm, role: str, about: str) -> None:
    """To train what an arm trains; to look at the shipped model that an arm asks."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if arm.model:
            navigation.link("mistakes", f"Look at the {role}", {"run": arm.model}, icon=":material/grid_on:")
        else:
            navigation.link("train", f"Train the {role}", arm.recipe.to_query(), icon=":material/model_training:")
        st.caption(messages.plain(about), width="content")  # a link would not wrap it on a phone


# --- how it was tested ----------------------------------------------------------------------------------


@section("The protocol")
def _show_protocol(claim: Claim) -> None:
    protocol = claim.protocol
    facts = {
        "Where it comes from": protocol.source,
        "What is measured": protocol.definition,
        "The smallest effect that matters": protocol.smallest,
        "What was tried, and what it says of other models": protocol.population,
        "When enough was tried": _ENOUGH,
    }
    st.markdown("##### The protocol", help="Settled before anything was measured.")
    st.markdown("\n".join(f"- **{name}:** {text}" for name, text in facts.items()))


@section("How it was tested")
def _show_provenance(claim: Claim, outcome: Outcome | None) -> None:
    facts = {"Set-up": claim.setup, "Images": images_text(claim)}
    if outcome is not None:
        seeds = f"{outcome.seeds[0]} to {outcome.seeds[-1]}" if outcome.trials else "none"
        trials = f"{len(outcome.trials)} trials in {words.duration(outcome.wall_s)}" if outcome.wall_s else ""
        facts |= {
            "Seeds": f"{seeds_text(*outcome.seeds_per_arm)} ({seeds}), the same ones for every arm",
            "Date": outcome.date,
            "Versions": ", ".join(f"{name} {version}" for name, version in (outcome.versions or {}).items()),
            "Machine": outcome.machine,
            "Time": trials,
        }
    lines = [f"- **{name}:** {messages.plain(text)}" for name, text in facts.items() if text]
    st.markdown("##### How it was tested" if outcome else "##### How it is tested")
    st.markdown("\n".join([*lines, f"- **Again:** `python -m mnist_core claims {claim.id} --overwrite`"]))
    if outcome is not None:
        name, icon = f"digit-clinic-{claim.id.replace('_', '-')}.csv", ":material/download:"
        st.download_button(
            "All trials as a table (CSV)",
            partial(trials_csv, claim, outcome),
            name,
            "text/csv",
            on_click="ignore",
            icon=icon,
            key=f"trials_{claim.id}",
        )


def images_text(claim: Claim) -> str:
    """How many images the arms learn from, to two digits."""
    counts = []
    for arm in claim.arms:
        kept = sum(getattr(arm.recipe, f"keep_{digit}") for digit in range(10)) / 10
        images = arm.recipe.images_used * kept  # as if there were as many of each digit
        step = 10 ** max(0, len(str(int(images))) - 2)
        counts.append(int(round(images / step) * step))
    least, most = min(counts), max(counts)
    learned = f"about {most:,}" if least == most else f"about {least:,} to {most:,}"
    return f"{learned} training images of MNIST; its 10,000 test images were never trained on"
