"""The four levers that the Train page opens on: augmentation, learning rate, activation and dropout."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_core.fields import Value
from mnist_core.presets import PRESETS
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.ui.common import widget_state
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.section import section
from mnist_core.ui.train.form import lr_finder, state
from mnist_core.ui.train.form.controls import control

NAMES = ("learning_rate", "activation", "conv_dropout", "dense_dropout")
"""The settings that have a control of their own here; augmentation is set by its presets."""

_AUGMENTATION, _NONE = "augmentation", "none"
_BY_HAND = "Each of its settings is under “All settings”."
_OFF: dict[str, Value] = {name: field.default for name, field in FIELDS.items() if field.group == "augmentation"}


@section("The levers")
def show(recipe: Recipe, places: dict[str, DeltaGenerator]) -> None:
    """Show them, and note where the augmented images go."""
    _show_augmentation(recipe)
    with st.container(key="augmented_images"):
        is_off = augmentation_of(recipe) == _NONE
        st.caption(
            "Eight training images as they are:" if is_off else "As the model may see them, anew in every epoch:"
        )
        places["augmentation"] = st.container()
    with st.grid(2, min_column_width=210, gap=("small", "medium")):
        for name in NAMES:
            with st.container(gap="xsmall"):
                control(FIELDS[name], FIELDS[name].label)
                if name == "learning_rate":
                    lr_finder.show_button(recipe)
    lr_finder.show(recipe)


def augmentation_of(recipe: Recipe) -> str | None:
    """The key of the preset whose augmentation the recipe has; `none` without any, None for another one."""
    values = {name: getattr(recipe, name) for name in _OFF}
    return next((key for key in _titles() if {**_OFF, **_changes(key)} == values), None)


def _show_augmentation(recipe: Recipe) -> None:
    abouts = [f"**{one.title}:** {one.about} {one.wrong}" for one in PRESETS.values() if one.kind == "augmentation"]
    choose(
        "Augmentation",
        _titles(),
        _AUGMENTATION,
        default=widget_state.put(_AUGMENTATION, augmentation_of(recipe)),
        required=False,  # none is chosen while it is set by hand; pressing the chosen one switches it off
        on_change=lambda: state.change(**{**_OFF, **_changes(st.session_state[_AUGMENTATION])}),
        help="\n\n".join(["Every training image is changed at random, anew in every epoch.", *abouts, _BY_HAND]),
    )


def _titles() -> dict[str, str]:
    presets = {preset.key: preset.title for preset in PRESETS.values() if preset.kind == "augmentation"}
    return {_NONE: "None", **presets}


def _changes(key: str | None) -> dict[str, Value]:
    return dict(PRESETS[key].changes) if key is not None and key in PRESETS else {}
