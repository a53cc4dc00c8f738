"""The recipe that the form shows: kept for the session, and written to the page's address.

The recipe in the session is what counts. A control only ever reports that somebody moved it; what it shows is told
to it again whenever it may have forgotten.

The address wins when it says something new (a link was opened, or the browser went back); otherwise the recipe wins
and the address follows it.
"""

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.fields import Value
from mnist_core.recipe import FIELDS, GROUPS, Recipe
from mnist_core.ui.common import panel_choice, query_params, widget_state
from mnist_core.ui.train import run_control

_BESIDE = frozenset({*run_control.PARAMETERS, panel_choice.PARAMETER})  # parameters that are no settings
_RECIPE = "recipe"
_MOVED = "recipe_moved"  # whether a control was moved since the last run of the page
_BASE = "recipe_set_whole"  # the recipe that was last set as a whole; its values are positions of the sliders
_STALE = "recipe_untold"  # fields whose controls may show something older
_NOTICES = "recipe_notices"
_GROUP = "recipe_group"  # the group in which something was changed last


def read_query_params() -> None:
    """Set the recipe from the page's address when it brings settings; from the defaults at a session's start.

    To be called before the controls are made.
    """
    arrived = query_params.arrived_beside(_BESIDE)
    if _RECIPE not in st.session_state:
        _set(Recipe())
    # While somebody moves a control, the browser may still show the address of a moment ago.
    if arrived and not st.session_state.get(_MOVED):
        recipe, st.session_state[_NOTICES] = Recipe.from_query(arrived)
        _set(recipe)


def current() -> Recipe:
    """The recipe as it stands."""
    recipe: Recipe = st.session_state[_RECIPE]
    return recipe


def base_recipe() -> Recipe:
    """The recipe that was last set as a whole: by a link, a preset, or a press on Defaults."""
    recipe: Recipe = st.session_state[_BASE]
    return recipe


def notices() -> tuple[str, ...]:
    """What could not be taken from the address, until a setting is changed."""
    found: tuple[str, ...] = st.session_state.get(_NOTICES, ())
    return found


def group() -> str:
    """The group of `recipe.GROUPS` in which something was changed last; the first one when nothing was."""
    name: str = st.session_state.get(_GROUP, next(iter(GROUPS)))
    return name


def settle() -> Recipe:
    """The recipe as it stands when all controls are on the page; the address is brought in step with it."""
    recipe = current()
    settings: dict[str, str | None] = {name: None for name in (*FIELDS, *query_params.current()) if name not in _BESIDE}
    query_params.put(settings | recipe.to_query())
    st.session_state[_MOVED] = False
    st.session_state[_STALE] = frozenset()
    return recipe


def use(recipe: Recipe) -> None:
    """Set the form to that recipe: for a button's callback."""
    _set(recipe)
    _changed_by_hand()


def change(**changes: Value) -> None:
    """Change some settings: for callbacks of controls. What cannot be is not done, and the control goes back."""
    try:
        recipe = current().replace(**changes)
    except UserError:
        return  # no control can be moved there: the browser was made to say so
    st.session_state[_RECIPE] = recipe
    st.session_state[_GROUP] = FIELDS[next(iter(changes))].group
    _changed_by_hand()


def take(name: str) -> None:
    """Take a setting over from its control, which was moved."""
    change(**{name: st.session_state[name]})


def sync_widget(name: str) -> Value | None:
    """Let the control of that field show what the recipe says; the value to make the control with."""
    value: Value = getattr(current(), name)
    return widget_state.put(name, value, again=name in st.session_state[_STALE])


def _changed_by_hand() -> None:
    st.session_state[_NOTICES] = ()
    st.session_state[_MOVED] = True


def _set(recipe: Recipe) -> None:
    before = st.session_state.get(_RECIPE, recipe)
    groups = [field.group for name, field in FIELDS.items() if getattr(recipe, name) != getattr(before, name)]
    if groups and group() not in groups:
        st.session_state[_GROUP] = groups[0]
    st.session_state[_RECIPE] = st.session_state[_BASE] = recipe
    st.session_state[_STALE] = frozenset(FIELDS)
