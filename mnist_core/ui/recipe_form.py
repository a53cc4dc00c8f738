"""The recipe as controls: made from `recipe.FIELDS`, kept for the session, and written to the page's address.

A control's key is its field's name. The address wins when it says something new (a link was opened, or the
browser went back); otherwise the controls win and the address follows them.
"""

from collections.abc import Callable

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.fields import Field, Value
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.ui import address, run_control

_RECIPE = "recipe"  # what the controls show
_MOVED = "recipe_moved"  # whether a control was moved since the last run of the page
_NOTCH = "recipe_from_address"  # whose values between two notches are notches too
_NOTICES = "recipe_notices"

_MAX_STEPS = 100  # a slider with more positions than this cannot be set with a finger
_NOTCHES: dict[str, tuple[int, ...]] = {
    "train_images": (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 55_000),
    "epochs": (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100, 200),
}

_NO_LAYERS = "The linear model has no layers, and the support vector machine is no network."
_NO_STEPS = "A support vector machine is fitted in one go, not in steps."
_ONLY_SVM = "Only the support vector machine uses it."


def _has_no_layers(recipe: Recipe) -> bool:
    return recipe.model in ("linear", "svm")


def _is_svm(recipe: Recipe) -> bool:
    return recipe.model == "svm"


_UNUSED: dict[str, tuple[tuple[str, Callable[[Recipe], bool]], ...]] = {
    "svm_c": ((_ONLY_SVM, lambda recipe: recipe.model != "svm"),),
    "svm_gamma": ((_ONLY_SVM, lambda recipe: recipe.model != "svm"),),
    "activation": ((_NO_LAYERS, _has_no_layers),),
    "batch_norm": ((_NO_LAYERS, _has_no_layers),),
    "conv_dropout": (("This model has no convolutions.", lambda recipe: recipe.model not in ("cnn", "net")),),
    "dense_dropout": ((_NO_LAYERS, _has_no_layers),),
    "momentum": ((_NO_STEPS, _is_svm), ("Only SGD uses it.", lambda recipe: recipe.optimizer != "sgd")),
    **dict.fromkeys(
        ("optimizer", "learning_rate", "schedule", "weight_decay", "label_smoothing", "batch_size", "epochs"),
        ((_NO_STEPS, _is_svm),),
    ),
}
"""Settings that some recipes do not use: why not, and when."""


def take_up_address() -> None:
    """Set the controls from the page's address when it brings settings; from the defaults at a session's start.

    To be called before the controls are made.
    """
    arrived = address.arrived_beside(run_control.PARAMETERS)
    if _RECIPE not in st.session_state:
        _set(Recipe())
    # While somebody moves a control, the browser may still show the address of a moment ago.
    if arrived and not st.session_state.get(_MOVED):
        recipe, st.session_state[_NOTICES] = Recipe.from_query(arrived)
        _set(recipe)


def notices() -> tuple[str, ...]:
    """What could not be taken from the address, until a setting is changed."""
    found: tuple[str, ...] = st.session_state.get(_NOTICES, ())
    return found


def controls(group: str) -> None:
    """Show the controls of one group of `recipe.GROUPS`, in as many columns as fit."""
    with st.grid(2, min_column_width=210, gap=("small", "medium")):
        for field in FIELDS.values():
            if field.group == group:
                _control(field)


def show_title(recipe: Recipe) -> None:
    """What is special about the recipe, in a few words, and the way back to the defaults."""
    changed = len(recipe.to_query())
    settings = "setting" if changed == 1 else "settings"
    said = f"{changed} {settings} changed" if changed else "all defaults"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### Recipe :gray[· {said}]", width="content")
        if changed:
            st.button("Defaults", icon=":material/restart_alt:", type="tertiary", on_click=use, args=(Recipe(),))


def settle() -> Recipe:
    """The recipe that the controls show; the page's address is brought in step with it."""
    recipe = _recipe()
    kept = {name: st.query_params[name] for name in run_control.PARAMETERS if name in st.query_params}
    address.put_all(kept | recipe.to_query())
    st.session_state[_MOVED] = False
    return recipe


def use(recipe: Recipe) -> None:
    """Set the controls to that recipe: for a button's callback."""
    _set(recipe)
    st.session_state[_NOTICES] = ()
    st.session_state[_MOVED] = True


def _set(recipe: Recipe) -> None:
    st.session_state[_RECIPE] = st.session_state[_NOTCH] = recipe


def _recipe() -> Recipe:
    recipe: Recipe = st.session_state[_RECIPE]
    return recipe


def _take(name: str) -> None:
    """Take a setting over from its control, which was moved."""
    try:
        st.session_state[_RECIPE] = _recipe().replace(**{name: st.session_state[name]})
    except UserError:
        return  # no control can be moved there: the browser was made to say so, and the control goes back
    st.session_state[_NOTICES] = ()
    st.session_state[_MOVED] = True


def _put_back(name: str) -> None:
    """Let the control show what the recipe says: Streamlit forgets a control that is not on the page."""
    value = getattr(_recipe(), name)
    if st.session_state.get(name) != value:
        st.session_state[name] = value


def _control(field: Field) -> None:
    reason = next((reason for reason, is_so in _UNUSED.get(field.name, ()) if is_so(_recipe())), "")
    unused = bool(reason)
    _put_back(field.name)
    help_text = "\n\n".join(text for text in (field.help, field.expect, f"**{reason}**" if unused else "") if text)
    if field.kind == "switch":
        _switch(field, help_text, unused)
    elif field.kind == "choice":
        _choice(field, help_text, unused)
    elif field.log or field.name in _NOTCHES:
        _notched_slider(field, help_text, unused)
    elif field.kind == "whole" and field.high - field.low > _MAX_STEPS:
        _number(field, help_text, unused)
    else:
        _slider(field, help_text, unused)


def _switch(field: Field, help_text: str, unused: bool) -> None:
    st.toggle(field.label, key=field.name, help=help_text, disabled=unused, on_change=_take, args=(field.name,))


def _choice(field: Field, help_text: str, unused: bool) -> None:
    st.selectbox(
        field.label,
        list(field.choices),
        format_func=lambda choice: field.choices[choice],
        key=field.name,
        help=help_text,
        disabled=unused,
        on_change=_take,
        args=(field.name,),
    )


def _notched_slider(field: Field, help_text: str, unused: bool) -> None:
    st.select_slider(
        field.label,
        notches(field, getattr(st.session_state[_NOTCH], field.name)),
        format_func=_number_text,
        key=field.name,
        help=help_text,
        disabled=unused,
        on_change=_take,
        args=(field.name,),
    )


def _number(field: Field, help_text: str, unused: bool) -> None:
    st.number_input(
        field.label,
        min_value=int(field.low),
        max_value=int(field.high),
        step=1,
        key=field.name,
        help=help_text,
        disabled=unused,
        on_change=_take,
        args=(field.name,),
    )


def _slider(field: Field, help_text: str, unused: bool) -> None:
    is_angle = field.unit == "°"
    is_share = field.unit.startswith("of ")
    st.slider(
        f"{field.label} :gray[{field.unit}]" if is_share else field.label,
        min_value=float(field.low),
        max_value=float(field.high),
        step=1.0 if is_angle else 0.01,
        format="%g°" if is_angle else "percent" if is_share else "%.2f",
        key=field.name,
        help=help_text,
        disabled=unused,
        on_change=_take,
        args=(field.name,),
    )


def notches(field: Field, extra: Value) -> list[Value]:
    """The positions of a field's slider, lowest first; `extra` is one of them even when it stands between."""
    return sorted({*(_NOTCHES.get(field.name) or _log_notches(field)), field.default, extra})


def _log_notches(field: Field) -> tuple[Value, ...]:
    if field.kind == "whole":
        powers = [2**power for power in range(32)]
        return tuple(power for power in powers if field.low <= power <= field.high)
    decades = [float(f"{digit}e{power}") for power in range(-6, 4) for digit in (1, 2, 5)]
    zero = [0.0] if field.low == 0 else []
    return tuple(zero + [value for value in decades if field.low <= value <= field.high])


def _number_text(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
