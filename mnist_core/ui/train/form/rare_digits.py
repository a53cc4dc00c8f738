"""How much is kept of each digit's training images: one digit made rare in two presses, or each by itself."""

import streamlit as st

from mnist_core import setting_words
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.ui.common import widget_state
from mnist_core.ui.common.choice import choose
from mnist_core.ui.train.form import state
from mnist_core.ui.train.form.controls import control

DIGITS = range(10)
SHARES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5)

_DIGIT = "rare_digit"
_SHARE = "rare_share"
_USUAL_SHARE = 0.05
_KEEPS = tuple(f"keep_{digit}" for digit in DIGITS)
_HELP = (
    "Only a few of this digit's training images are kept; the other digits keep all of theirs. Press it again to "
    "give them back. Validation and test images stay balanced."
)
_SHARE_HELP = "The share of its training images that is kept. 0 %: the model never sees one."


def show() -> None:
    """Which digit is rare, how much of it is kept, and a slider for each digit."""
    rare = rare_digits(state.current())
    shown = widget_state.put(_DIGIT, rare[0] if len(rare) == 1 else None)
    st.pills("Make a digit rare", DIGITS, default=shown, key=_DIGIT, on_change=_choose, help=_HELP, wrap=True)
    if len(rare) == 1:
        _show_share(rare[0])
    elif rare:
        listed = ", ".join(f"{digit}s" for digit in rare)
        st.caption(f"Several digits are rare: {listed}. Choosing one here gives the others back.")


def show_each() -> None:
    """A small slider for each digit."""
    with st.grid(5, min_column_width=84, gap=("xsmall", "small")):
        for digit, name in zip(DIGITS, _KEEPS, strict=True):
            control(FIELDS[name], f"{digit}s")


def rare_digits(recipe: Recipe) -> list[int]:
    """The digits of which not all training images are kept."""
    return [digit for digit, name in zip(DIGITS, _KEEPS, strict=True) if getattr(recipe, name) < 1]


def _show_share(digit: int) -> None:
    share = getattr(state.current(), _KEEPS[digit])
    choose(
        f"Fraction of {digit}s kept",
        {kept: setting_words.value_text(FIELDS["keep_0"], kept) for kept in sorted({*SHARES, share})},
        _SHARE,
        default=widget_state.put(_SHARE, share),
        on_change=lambda: state.change(**{_KEEPS[digit]: st.session_state[_SHARE]}),
        help=_SHARE_HELP,
    )


def _choose() -> None:
    """Make the chosen digit as rare as the last one was, and give all others back."""
    chosen, rare = st.session_state[_DIGIT], rare_digits(state.current())
    kept = getattr(state.current(), _KEEPS[rare[0]]) if len(rare) == 1 else _USUAL_SHARE
    state.change(**{name: kept if digit == chosen else 1.0 for digit, name in zip(DIGITS, _KEEPS, strict=True)})
