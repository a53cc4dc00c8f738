"""All claims at a glance: what people say, what became of it, and by how much."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from mnist_core.ui import navigation
from mnist_core.ui.claims import claim_results, wording
from mnist_core.ui.claims.claim_results import KINDS, Tested
from mnist_core.ui.claims.verdicts import VERDICTS, show_badge
from mnist_core.ui.common import messages
from mnist_core.ui.common.section import section

_COLUMNS, _LEAST_PX = 3, 330


def show() -> None:
    """The claims, those that the filters leave."""
    claims = claim_results.claims()
    st.markdown("### What people say of bad models, tested")
    st.markdown(intro(claims))
    shown = _filtered(claims)
    if not shown:
        st.info("No claim fits both filters. Let go of one of them.", icon=":material/filter_alt_off:")
    with st.grid(_COLUMNS, min_column_width=_LEAST_PX, gap="medium"):
        for one in shown:
            _show_card(one)


def intro(claims: Sequence[Tested]) -> str:
    """How claims are tested, and how many hold."""
    found = Counter(one.verdict for one in claims)
    counts = ", ".join(f"{found[name]} {look.word.lower()}" for name, look in VERDICTS.items() if found[name])
    return (
        f"{len(claims)} explanations that are repeated everywhere. Each is an experiment here: two ways that differ in "
        f"one thing, the same seeds, a number that decides. **{counts}.**"
    )


def findings(one: Tested) -> list[str]:
    """What decides the claim as Markdown, a line each with its effect in words; what is wrong without a result."""
    claim, outcome = one.claim, one.outcome
    if outcome is None:
        told = one.error.message if one.error else f"To be compared: {claim.deciding[0].words}"
        return [messages.plain(told)]
    several = len(claim.deciding) > 1
    return [
        (f"{VERDICTS[effect.says(compared.says, compared.least)].icon} " if several else "")
        + messages.plain(wording.sentence(compared, effect))
        for compared, effect in ((compared, outcome.effect(compared)) for compared in claim.deciding)
    ]


def _filtered(claims: Sequence[Tested]) -> list[Tested]:
    with st.container(horizontal=True, gap="medium"):
        verdicts = _choose("Verdict", "causes_verdict", Counter(one.verdict for one in claims), _verdict_words())
        kinds = _choose("What is changed", "causes_kind", Counter(one.kind for one in claims), KINDS)
    return [one for one in claims if one.verdict in verdicts and one.kind in kinds]


def _choose(label: str, key: str, counts: "Counter[str]", titles: dict[str, str]) -> set[str]:
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
        help="Press to see only these; press again to let go.",
    )
    return set(chosen or there)


def _verdict_words() -> dict[str, str]:
    return {name: f"{look.icon} {look.word}" for name, look in VERDICTS.items()}


@section("A claim")
def _show_card(one: Tested) -> None:
    claim = one.claim
    with st.container(border=True, height="stretch", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            show_badge(one.verdict)
            st.caption(KINDS[one.kind], width="content")
        st.markdown(f"**“{messages.plain(claim.statement)}”**")
        st.markdown("  \n".join(f":small[{line}]" for line in findings(one)))
        st.space("stretch")
        navigation.link("claims", claim.title, {"claim": claim.id}, icon=":material/arrow_forward:")
