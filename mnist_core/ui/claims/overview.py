"""All claims in one view, a line a claim: the verdict, what people say, and the effect with its interval."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from mnist_core.ui import navigation
from mnist_core.ui.claims import claim_results
from mnist_core.ui.claims.claim_results import KINDS, VERDICTS, Tested
from mnist_core.ui.claims.effect_bars import effect_bars
from mnist_core.ui.common import messages
from mnist_core.ui.common.section import section

_WIDTHS = (0.28, 0.32, 0.4)
_VERDICT_PX = 140
_LEGEND = (
    "The marks are the effects of the comparisons that decide, with intervals that hold together in 95 of 100 cases. "
    "Right of the line: as the claim says; left: the opposite; within the grey band: too small to matter."
)


def show() -> None:
    """The claims, those that the filters leave."""
    claims = claim_results.claims()
    with st.container(gap="xsmall"):
        st.markdown("### Claims, tested")
        st.markdown(intro(claims))
        shown = _filtered(claims)
        if not shown:
            st.info("No claim matches both filters. Clear one of them.", icon=":material/filter_alt_off:")
            return
        with st.container(gap=None, key="claim_rows"):  # what is too long for its line is cut by `page.css`
            for one in shown:
                _show_row(one)
        st.caption(_LEGEND)


def intro(claims: Sequence[Tested]) -> str:
    """How claims are tested, and how many hold."""
    found = Counter(one.verdict for one in claims)
    counts = ", ".join(f"{found[name]} {look.of_several}" for name, look in VERDICTS.items() if found[name])
    return (
        f"{len(claims)} popular explanations for bad models, each tested: two arms that differ in one thing, with the "
        f"same seeds. **{counts}.**"
    )


@section("A claim")
def _show_row(one: Tested) -> None:
    name, said, found = st.columns(_WIDTHS, vertical_alignment="center", gap="small")
    statement = f"“{messages.plain(one.claim.statement)}”"
    with name.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=_VERDICT_PX):
            one.show_badge()
        navigation.link("claims", one.claim.title, {"claim": one.claim.id}, help=statement)
    said.markdown(statement)
    with found:
        if one.outcome is None:
            st.caption(messages.plain(one.error.message if one.error else "No result yet"))
        else:
            st.html(effect_bars(one.findings))


def _filtered(claims: Sequence[Tested]) -> list[Tested]:
    verdict_words = {name: f"{look.icon} {look.word}" for name, look in VERDICTS.items()}
    with st.container(horizontal=True, gap="medium"):
        verdicts = _choose("Verdict", "causes_verdict", Counter(one.verdict for one in claims), verdict_words)
        kinds = _choose("What is changed", "causes_kind", Counter(one.kind for one in claims), KINDS)
    return [one for one in claims if one.verdict in verdicts and one.kind in kinds]


def _choose(label: str, key: str, counts: "Counter[str]", titles: Mapping[str, str]) -> set[str]:
    """The chosen ones, of those that there are; all when none is chosen."""
    there = [name for name in titles if counts[name]]
    chosen = st.pills(
        label,
        there,
        selection_mode="multi",
        format_func=lambda name: f"{titles[name]} · {counts[name]}",
        key=key,
        persist_state="session",
        wrap=True,
        help="Press to see only these; press again to see all.",
    )
    return set(chosen or there)
