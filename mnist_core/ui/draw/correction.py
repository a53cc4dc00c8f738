"""A correction that the diagnosis found and people applied: the page then goes on with the corrected picture."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages
from mnist_core.ui.common.section import section
from mnist_core.ui.draw import steps_choice
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:
    from mnist_core.diagnosis.diagnosis import Fix
    from mnist_core.preprocessing.pipeline import Preprocessed

_APPLIED = "applied_correction"


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """A correction of one picture.

    Attributes:
        original: The key of the picture as it came.
        digit: The picture after it.
        steps: Steps of `preprocessing.steps` that belong to it; those of a drawing are switched on for good instead.
        switched: Steps of a drawing that it switched on.
        words: What was done, in plain words.
    """

    original: str
    digit: "Preprocessed"
    steps: frozenset[str]
    switched: frozenset[str]
    words: str


def corrected(digit: "Preprocessed") -> "Preprocessed":
    """The digit after the correction that was applied to it; as it came when none was."""
    applied: Applied | None = st.session_state.get(_APPLIED)
    if applied is None or applied.original != digit.key:
        return digit
    return services.with_steps(applied.digit, digit.steps | applied.steps)


def apply(fix: "Fix", subject: CurrentDigit) -> None:
    """Go on with the fix's picture and steps: for callbacks."""
    before = _applied_to(subject)
    steps, switched = frozenset(fix.steps), frozenset[str]()
    if not subject.is_mnist:
        steps_choice.choose(subject.digit.steps | steps)
        steps, switched = switched, steps - subject.digit.steps
    words = ", then ".join(fix.words)
    if before is None:
        st.session_state[_APPLIED] = Applied(subject.digit.key, fix.digit, steps, switched, words)
    else:
        together = f"{before.words}, then {words}" if words else before.words
        st.session_state[_APPLIED] = Applied(
            before.original, fix.digit, steps | before.steps, switched | before.switched, together
        )


def _undo(applied: Applied, now: frozenset[str]) -> None:
    del st.session_state[_APPLIED]
    if applied.switched:
        steps_choice.choose(now - applied.switched)


@section("The correction")
def show_undo(subject: CurrentDigit) -> None:
    """Say what was corrected, with a button to take it back; nothing for a picture as it came."""
    applied = _applied_to(subject)
    if applied is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"Corrected: {messages.plain(applied.words)}.", icon=":material/healing:", width="stretch")
        st.button("Undo correction", icon=":material/undo:", on_click=_undo, args=(applied, subject.digit.steps))


def _applied_to(subject: CurrentDigit) -> Applied | None:
    """The correction that the digit has come from, if it has come from one and no step of it was switched off."""
    applied: Applied | None = st.session_state.get(_APPLIED)
    is_in = applied is not None and applied.digit.key == subject.digit.key and applied.switched <= subject.digit.steps
    return applied if is_in else None
