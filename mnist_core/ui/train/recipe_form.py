"""The recipe as a form: the left column of the Train page.

Groups are tabs and sections are headings; in each section the settings that are wanted every day come first, the
rarer ones lie behind one press. Whatever was changed says so, in words.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_core.fields import Field
from mnist_core.recipe import FIELDS, GROUPS, SECTIONS, Recipe
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.train import run_control
from mnist_core.ui.train.form import lr_finder, presets_picker, previews, rare_digits, setting_words, state
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
_ORDER = ("epochs", "batch_size", "optimizer", "learning_rate", "schedule", "seed")
"""Settings that are shown in another order than the recipe's."""

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
_TOLD = 6  # changed settings that the title lists


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
    title = st.container()
    changed = state.current()
    labels = {}
    for group, name in GROUPS.items():
        count = _changed_in(changed, _fields(group))
        labels[group] = f"{name} · {count}" if count else name
    # A tab whose label changes while it is open would close: the browser then opens the default one, which is the
    # one in which something was changed last.
    tabs = dict(zip(GROUPS, st.tabs(list(labels.values()), default=labels[state.group()]), strict=True))
    places: dict[str, DeltaGenerator] = {}
    for group, tab in tabs.items():
        with tab:
            if group == "augmentation":
                places["augmentation"] = st.container()
            names = [name for name in SECTIONS if _fields(group, name)]
            for name in sorted(names, key=lambda one: _is_unused(_fields(group, one))):
                _show_section(name, _fields(group, name), places)
    recipe = state.settle()
    with title:
        _show_title(recipe)
    return Form(recipe, places)


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


@section("The title of the recipe")
def _show_title(recipe: Recipe) -> None:
    """What is special about the recipe, and the ways to another one."""
    changed = setting_words.differences(recipe, Recipe())
    count = f"{words.counted(len(changed), 'settings')} changed" if changed else "all defaults"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### Recipe :gray[· {count}]", width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            if changed:
                defaults = (Recipe(),)
                st.button("Defaults", icon=":material/restart_alt:", type="tertiary", on_click=state.use, args=defaults)
            presets_picker.show(recipe)
    if changed:
        told = [
            f"{field.label}{':' if field.kind == 'choice' else ''} "
            f"{setting_words.value_text(field, getattr(recipe, field.name))}"
            for field in changed[:_TOLD]
        ]
        more = [f"and {len(changed) - _TOLD} more"] if len(changed) > _TOLD else []
        st.caption(messages.plain(" · ".join([*told, *more])))


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
        lr_finder.show(state.current())
        places["schedule"] = st.container()


def _show_grid(fields: Iterable[Field]) -> None:
    """The fields' controls, in as many columns as fit."""
    with st.grid(2, min_column_width=210, gap=("small", "medium")):
        for field in filter(has_control, fields):
            with st.container(gap="xsmall"):
                control(field)
                if field.name == "learning_rate":
                    lr_finder.show_button(state.current())


def _opening(name: str, label: str, fields: list[Field]) -> DeltaGenerator:
    """An expander that opens by itself when one of its settings is changed, and then stays open."""
    opened: set[str] = st.session_state.setdefault(_OPENED, set())
    if _changed_in(state.current(), fields):
        opened.add(name)
    return st.expander(label + _changed_words(fields), expanded=name in opened)


def _fields(group: str, section: str | None = None) -> list[Field]:
    found = [field for field in FIELDS.values() if field.group == group and section in (None, field.section)]
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
