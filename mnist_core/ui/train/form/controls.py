"""A control for each field of the recipe, made from what `recipe.FIELDS` knows of it. Its key is the field's name."""

from typing import Any

import streamlit as st

from mnist_core import setting_words
from mnist_core.claims.setting_effects import setting_effect
from mnist_core.fields import Field, Value, indexes_in
from mnist_core.ui.common.words import counted
from mnist_core.ui.train.form import state
from mnist_core.ui.train.form.unused import why_unused

_MAX_STEPS = 100  # a slider with more positions than this cannot be set with a finger
_NOTCHES: dict[str, tuple[Value, ...]] = {
    "train_images": (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 55_000),
    "epochs": (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100, 200),
    "early_stopping": (0, 1, 2, 3, 5, 10, 20, 50),
    "width": (0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0),
    "gradient_clip": (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
}
_FORMATS = {"°": "%g°", "pixels": "%g px"}


def control(field: Field, label: str = "") -> None:
    """Show the field's control, under its own name when no other `label` is given."""
    unit = setting_words.unit_after(field)
    reason = why_unused(field.name, state.current())
    effect = setting_effect(field.name)
    texts = (
        field.help,
        field.expect and f"**What to expect:** {field.expect}",
        effect and f"**Measured** ([{effect.title}](claims?claim={effect.claim})): {effect.text}.",
        reason and f"**Not used now:** {reason}",
    )
    help_text = "\n\n".join(text for text in texts if text)
    if field.kind == "indexes":
        _indexes(field, help_text)
        return
    shared: dict[str, Any] = {
        "label": label or (f"{field.label} :gray[{unit}]" if unit else field.label),
        "key": field.name,
        "help": help_text,
        "disabled": bool(reason),
        "on_change": state.take,
        "args": (field.name,),
    }
    value = state.sync_widget(field.name)
    if field.kind == "switch":
        st.toggle(value=bool(value), **shared)
    elif field.kind == "choice":
        choices = list(field.choices)
        index = 0 if value is None else choices.index(str(value))
        st.selectbox(options=choices, index=index, format_func=lambda choice: field.choices[choice], **shared)
    elif field.log or field.name in _NOTCHES:
        positions = notches(field, getattr(state.base_recipe(), field.name))
        shown = setting_words.position_texts(field, positions)
        st.select_slider(options=positions, value=value, format_func=lambda position: shown[position], **shared)
    else:
        _number(field, value, shared)


def has_control(field: Field) -> bool:
    """Whether there is anything to show now: indexes are chosen elsewhere, and can only be taken back here."""
    return field.kind != "indexes" or bool(getattr(state.current(), field.name))


def notches(field: Field, extra: Value) -> list[Value]:
    """The positions of a field's slider, lowest first; `extra` is one of them even when it stands between."""
    return sorted({*(_NOTCHES.get(field.name) or _log_notches(field)), field.default, extra})


def _indexes(field: Field, help_text: str) -> None:
    """How many there are, and a way to take all of them back."""
    count = len(indexes_in(getattr(state.current(), field.name)))
    training_images = counted(count, f"training {field.unit}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{training_images}** {field.label.lower()}", width="content", help=help_text)
        st.button(
            "Undo all",
            key=f"{field.name}_none",
            icon=":material/undo:",
            type="tertiary",
            help=f"{counted(count, field.unit)} will be used for training again.",
            on_click=state.change,
            kwargs={field.name: field.default},
        )


def _number(field: Field, value: Value | None, shared: dict[str, Any]) -> None:
    """A slider, or a box for a number that has too many positions for one."""
    if field.kind == "whole" and field.high - field.low > _MAX_STEPS:
        low, high = int(field.low), int(field.high)
        st.number_input(min_value=low, max_value=high, value="min" if value is None else int(value), step=1, **shared)
        return
    bounds: dict[str, Any] = {"min_value": field.read(field.low), "max_value": field.read(field.high)}
    step = 1 if field.kind == "whole" else {"°": 1.0, "pixels": 0.1}.get(field.unit, 0.01)
    number_format = "percent" if setting_words.is_share(field) else _FORMATS.get(field.unit, "%g")
    st.slider(value=value, step=step, format=number_format, **bounds, **shared)


def _log_notches(field: Field) -> tuple[Value, ...]:
    if field.kind == "whole":
        powers = [2**power for power in range(32)]
        return tuple(power for power in powers if field.low <= power <= field.high)
    decades = [float(f"{digit}e{power}") for power in range(-6, 4) for digit in (1, 2, 5)]
    zero = [0.0] if field.low == 0 else []
    return tuple(zero + [value for value in decades if field.low <= value <= field.high])
