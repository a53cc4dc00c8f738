"""The recipe as a form: the left column of the Train page.

The four levers stand open, and what was changed is told in words. All other settings lie in a drawer, to be looked for
by a word or by their groups; it is made only while it is open.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_core import setting_words
from mnist_core.fields import Field
from mnist_core.recipe import FIELDS, GROUPS, SECTIONS, Recipe
from mnist_core.ui.common import messages, widget_state, words
from mnist_core.ui.common.section import section
from mnist_core.ui.train import run_control
from mnist_core.ui.train.form import levers, previews, rare_digits, state
from mnist_core.ui.train.form.controls import control, has_control
from mnist_core.ui.train.form.unused import why_unused

_KEEPS = frozenset(f"keep_{digit}" for digit in rare_digits.DIGITS)
_RARER = frozenset(
    {
        "train_offset_px", "test_offset_px",
        "shear_deg", "elastic_px", "fill",
        "initialization",
        "momentum", "early_stopping",
        "l1", "gradient_clip",
    }
)  # fmt: skip
_ORDER = ("epochs", "batch_size", "optimizer", "schedule", "seed")
"""Settings that are shown in another order than the recipe's."""

_DRAWER, _WANTED = "all_settings", "find_setting"
_CHIPS = "changed_settings"

_OPENED = "form_opened"  # the sections whose rarer settings lie open because one of them was changed
_PREVIEWS = {
    "data": previews.show_samples,
    "classes": previews.show_classes,
    "augmentation": previews.show_augmented,
    "size": previews.show_size,
    "schedule": previews.show_schedule,
}
_SEEDS = 1_000_000  # a new start draws one of so many: short enough to be told to somebody
_TELLING = 2  # settings of a section that are unused for one reason: more of them are told why


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands on the page.

    Attributes:
        recipe: What it shows.
        places: Where its previews go.
    """

    recipe: Recipe
    places: Mapping[str, DeltaGenerator]


def show() -> Form:
    """Show the form, and bring the page's address in step with it. `state.read_query_params` comes before."""
    places: dict[str, DeltaGenerator] = {}
    recipe = state.current()
    levers.show(recipe, places)
    _show_changed(recipe)
    _show_all(recipe, places)
    return Form(state.settle(), places)


def show_previews(form: Form) -> None:
    """Show in the form what the recipe will do.

    To come last on the page, because MNIST and torch may still have to be loaded.
    """
    for name, show_preview in _PREVIEWS.items():
        if name in form.places:  # not that of a section that could not be shown
            with form.places[name]:
                show_preview(form.recipe)


def new_start(recipe: Recipe, start: Callable[[Recipe], None] = run_control.start) -> None:
    """Train the recipe with other random numbers, which the form shows from then on: for a button's callback.

    Args:
        recipe: What to train.
        start: What starts it.
    """
    seed = secrets.randbelow(_SEEDS)
    other = recipe.replace(seed=seed if seed != recipe.seed else seed + 1)
    state.use(other)
    start(other)


def matching(text: str) -> list[Field]:
    """The settings in whose name or explanation all words of the text stand; those with them in the name first."""
    wanted = text.casefold().split()

    def has_all(said: str) -> bool:
        return all(word in said.casefold() for word in wanted)

    found = [field for field in FIELDS.values() if has_all(_all_words(field))]
    return sorted(found, key=lambda field: not has_all(field.label))


def _all_words(field: Field) -> str:
    names = (field.name, field.label, GROUPS[field.group], SECTIONS[field.section], *field.choices.values())
    return " ".join((*names, field.help, field.expect))


@section("The changed settings")
def _show_changed(recipe: Recipe) -> None:
    """What is special about the recipe, each setting a chip that sets it back."""
    changed = recipe.changed
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        size = f"{words.counted(recipe.images_used, 'images')} · {words.counted(recipe.epochs_used, 'epochs')}"
        st.markdown(
            f"##### Recipe :gray[· {size}]",
            width="content",
            help="An epoch shows the model every training image once. The same recipe with the same seed gives the "
            f"same curve again; the seed is {recipe.seed}.",
        )
        if changed:
            st.button("Defaults", icon=":material/restart_alt:", type="tertiary", on_click=state.use, args=(Recipe(),))
    with st.container(key="changed_settings_row"):  # as high without chips as with a row of them
        if changed:
            st.pills(
                "Changed settings: press one to set it back",
                list(changed),
                selection_mode="multi",
                default=widget_state.put(_CHIPS, list(changed)),
                format_func=lambda name: (
                    f":material/close: {messages.plain(setting_words.setting_text(FIELDS[name], changed[name]))}"
                ),
                key=_CHIPS,
                on_change=_set_back,
                label_visibility="collapsed",
                wrap=True,
            )
        else:
            st.caption("All defaults. What you change is listed here; press it to set it back.")


def _set_back() -> None:
    kept = st.session_state[_CHIPS]
    state.change(**{name: FIELDS[name].default for name in state.current().changed if name not in kept})


@section("All settings")
def _show_all(recipe: Recipe, places: dict[str, DeltaGenerator]) -> None:
    """The drawer with every setting that is no lever."""
    drawer = st.expander("All settings", icon=":material/tune:", key=_DRAWER, on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        wanted = st.text_input(
            "Find a setting",
            type="search",
            live=True,
            key=_WANTED,
            placeholder="Find a setting: epochs, noise, batch ...",
            icon=":material/search:",
            label_visibility="collapsed",
        )
        if wanted.strip():
            _show_found(wanted)
        else:
            _show_groups(recipe, places)


def _show_found(wanted: str) -> None:
    found = matching(wanted)
    if not found:
        st.caption(f"No setting matches “{messages.plain(wanted)}”.")
    above = [field.label for field in found if field.name in levers.NAMES]
    if above:
        st.caption(f"Above: {', '.join(above)}.")
    _show_grid(field for field in found if field.name not in levers.NAMES)


def _show_groups(recipe: Recipe, places: dict[str, DeltaGenerator]) -> None:
    labels = {}
    for group, name in GROUPS.items():
        count = _changed_in(recipe, _fields(group))
        labels[group] = f"{name} · {count}" if count else name
    # A tab whose label changes while it is open would close: the browser then opens the default one, which is the
    # one in which something was changed last.
    tabs = dict(zip(GROUPS, st.tabs(list(labels.values()), default=labels[state.group()]), strict=True))
    for group, tab in tabs.items():
        with tab:
            names = [name for name in SECTIONS if _fields(group, name)]
            for name in sorted(names, key=lambda one: _is_unused(_fields(group, one))):
                _show_section(name, _fields(group, name), places)


@section("A section of the recipe")
def _show_section(name: str, fields: list[Field], places: dict[str, DeltaGenerator]) -> None:
    if _is_unused(fields):  # its settings are kept, and out of the way
        with st.expander(f"{SECTIONS[name]} :gray[· not used by this model]"):
            st.caption(why_unused(fields[0].name, state.current()))
            _show_grid(fields)
        return
    st.markdown(f"###### {SECTIONS[name]}{_changed_words(fields)}")
    reason, times = Counter(why_unused(field.name, state.current()) for field in fields).most_common(1)[0]
    if reason and times > _TELLING:  # a help that opens by hovering would say too late why most cannot be moved
        st.caption(reason)
    rarer = [field for field in fields if _is_rarer(field)]
    _show_grid(field for field in fields if field not in rarer and field.name not in _KEEPS)
    _show_special(name, places)
    if rarer:
        names = ", ".join(setting_words.in_a_sentence(field.label) for field in rarer)
        with _opening(name, f"More: {names}", rarer):
            _show_grid(rarer)


def _show_special(name: str, places: dict[str, DeltaGenerator]) -> None:
    """What a section has beside a control for each setting."""
    if name == "amount":
        rare_digits.show()
        places["classes"] = st.container()
        with _opening("each digit", "Each digit by itself", [FIELDS[name] for name in sorted(_KEEPS)]):
            rare_digits.show_each()
    elif name == "faults":
        places["data"] = st.container()
    elif name == "size":
        places["size"] = st.container()
    elif name == "steps":
        places["schedule"] = st.container()


def _show_grid(fields: Iterable[Field]) -> None:
    """The fields' controls, in as many columns as fit."""
    with st.grid(2, min_column_width=210, gap=("small", "medium")):
        for field in filter(has_control, fields):
            with st.container(gap="xsmall"):
                control(field)


def _opening(name: str, label: str, fields: list[Field]) -> DeltaGenerator:
    """An expander that opens by itself when one of its settings is changed, and then stays open."""
    opened: set[str] = st.session_state.setdefault(_OPENED, set())
    if _changed_in(state.current(), fields):
        opened.add(name)
    return st.expander(label + _changed_words(fields), expanded=name in opened)


def _fields(group: str, section: str | None = None) -> list[Field]:
    """The settings of the drawer in a group, or in one of its sections, in their order."""
    drawer = [field for field in FIELDS.values() if field.name not in levers.NAMES]
    found = [field for field in drawer if field.group == group and section in (None, field.section)]
    return sorted(found, key=lambda field: _ORDER.index(field.name) if field.name in _ORDER else len(_ORDER))


def _changed_in(recipe: Recipe, fields: Iterable[Field]) -> int:
    return sum(getattr(recipe, field.name) != field.default for field in fields)


def _changed_words(fields: Iterable[Field]) -> str:
    changed = _changed_in(state.current(), fields)
    return f" :gray[· {changed} changed]" if changed else ""


def _is_rarer(field: Field) -> bool:
    """Whether the setting lies behind a press. Momentum is wanted every day by those who can use it."""
    if field.name == "momentum":
        return bool(why_unused(field.name, state.current()))
    return field.name in _RARER


def _is_unused(fields: Iterable[Field]) -> bool:
    return all(why_unused(field.name, state.current()) for field in fields)
