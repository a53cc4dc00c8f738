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
        words: What was done, in plain words.
    """

    original: str
    digit: "Preprocessed"
    steps: frozenset[str]
    words: str


def corrected(digit: "Preprocessed") -> "Preprocessed":
    """The digit after the correction that was applied to it; as it came when none was."""
    applied: Applied | None = st.session_state.get(_APPLIED)
    if applied is None or applied.original != digit.key:
        return digit
    return services.with_steps(applied.digit, digit.steps | applied.steps)


def apply(fix: "Fix", subject: CurrentDigit) -> None:
    """Go on with the fix's picture and steps: for callbacks."""
    before: Applied | None = st.session_state.get(_APPLIED)
    again = before is not None and before.digit.key == subject.key
    steps = frozenset(fix.steps)
    if not subject.is_mnist:
        steps_choice.choose(subject.steps | steps)
        steps = frozenset()
    if fix.repairs or steps:
        words = [before.words] if again and before else []
        st.session_state[_APPLIED] = Applied(
            original=before.original if again and before else subject.key,
            digit=fix.digit,
            steps=steps | (before.steps if again and before else frozenset()),
            words=", then ".join([*words, *fix.words]),
        )


@section("The correction")
def show_undo(subject: CurrentDigit) -> None:
    """Say what was corrected, with a button to take it back; nothing for a picture as it came."""
    applied: Applied | None = st.session_state.get(_APPLIED)
    if applied is None or applied.digit.key != subject.key:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"Corrected: {messages.plain(applied.words)}.", icon=":material/healing:", width="stretch")
        st.button("Undo correction", icon=":material/undo:", on_click=_undo)


def _undo() -> None:
    st.session_state.pop(_APPLIED, None)
