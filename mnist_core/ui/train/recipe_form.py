"""The recipe as a form: the left column of the Train page.

Groups are tabs and sections are headings; in each section the settings that are wanted every day come first, the
rarer ones lie behind one press. Whatever was changed says so, in words.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_core.fields import Field
from mnist_core.recipe import FIELDS, GROUPS, SECTIONS, Recipe
from mnist_core.ui import services
from mnist_core.ui.common import messages
from mnist_core.ui.common.section import section
from mnist_core.ui.train import augmentation_preview, run_control
from mnist_core.ui.train.form import (
    data_preview,
    lr_finder,
    presets_picker,
    rare_digits,
    schedule_chart,
    setting_words,
    state,
)
from mnist_core.ui.train.form.controls import control, has_control, notches
from mnist_core.ui.train.form.state import notices, read_query_params, settle, use
from mnist_core.ui.train.form.unused import why_unused

__all__ = [
    "Form",
    "new_start",
    "notches",
    "notices",
    "read_query_params",
    "settle",
    "show",
    "show_previews",
    "use",
]

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
    """Show the form, and bring the page's address in step with it. `read_query_params` comes before."""
    title = st.container()
    changed = state.current()
    labels = {group: _marked(name, _changed_in(changed, _fields(group))) for group, name in GROUPS.items()}
    # A tab whose label changes while it is open would close: the browser then opens the default one, which is the
    # one in which something was changed last.
    tabs = dict(zip(GROUPS, st.tabs(list(labels.values()), default=labels[state.group()]), strict=True))
    places: dict[str, DeltaGenerator] = {}
    for group, tab in tabs.items():
        with tab:
            _show_group(group, places)
    recipe = settle()
    with title:
        _show_title(recipe)
    return Form(recipe, places)


def show_previews(form: Form) -> None:
    """Show in the form what the recipe will do.

    To come last on the page, because MNIST and torch may still have to be loaded.
    """
    previews: dict[str, Callable[[Recipe], None]] = {
        "data": data_preview.show_samples,
        "classes": data_preview.show_classes,
        "augmentation": augmentation_preview.show,
        "size": _show_size,
        "schedule": _show_schedule,
    }
    for name, preview in previews.items():
        with form.places[name], messages.explained():
            preview(form.recipe)


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
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### Recipe :gray[· {_count_words(len(changed))}]", width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            if changed:
                st.button("Defaults", icon=":material/restart_alt:", type="tertiary", on_click=use, args=(Recipe(),))
            presets_picker.show(recipe)
    if changed:
        st.caption(_listed(recipe, changed))


def _count_words(count: int) -> str:
    return f"{count} {'setting' if count == 1 else 'settings'} changed" if count else "all defaults"


def _listed(recipe: Recipe, changed: Sequence[Field]) -> str:
    """The changed settings and what they are now, the first few by name."""
    told = [
        f"{field.label}{':' if field.kind == 'choice' else ''} {_value(recipe, field)}" for field in changed[:_TOLD]
    ]
    more = [f"and {len(changed) - _TOLD} more"] if len(changed) > _TOLD else []
    return messages.plain(" · ".join([*told, *more]))


def _value(recipe: Recipe, field: Field) -> str:
    return setting_words.value_text(field, getattr(recipe, field.name))


def _changed_in(recipe: Recipe, fields: Iterable[Field]) -> int:
    return sum(getattr(recipe, field.name) != field.default for field in fields)


def _marked(name: str, changed: int) -> str:
    """A heading that says how many of its settings are not at their defaults."""
    return f"{name} · {changed}" if changed else name


def _fields(group: str, section: str | None = None) -> list[Field]:
    found = [field for field in FIELDS.values() if field.group == group and section in (None, field.section)]
    return sorted(found, key=lambda field: _ORDER.index(field.name) if field.name in _ORDER else len(_ORDER))


def _show_group(group: str, places: dict[str, DeltaGenerator]) -> None:
    if group == "augmentation":
        places["augmentation"] = st.container()
    names = [name for name in SECTIONS if _fields(group, name)]
    for name in sorted(names, key=lambda one: _is_unused(_fields(group, one))):
        _show_section(name, _fields(group, name), places)


@section("A section of the recipe")
def _show_section(name: str, fields: list[Field], places: dict[str, DeltaGenerator]) -> None:
    if _is_unused(fields):
        _show_folded(name, fields)
        return
    changed = _changed_in(state.current(), fields)
    st.markdown(f"###### {SECTIONS[name]}" + (f" :gray[· {changed} changed]" if changed else ""))
    _show_reason(fields)
    rarer = [field for field in fields if _is_rarer(field)]
    _show_grid([field for field in fields if field not in rarer and field.name not in _KEEPS])
    _show_special(name, places)
    if rarer:
        _show_rarer(name, rarer)


def _show_special(section: str, places: dict[str, DeltaGenerator]) -> None:
    """What a section has beside a control for each setting."""
    if section == "amount":
        rare_digits.show()
        places["classes"] = st.container()
        with _opening("each digit", "Each digit by itself", [FIELDS[name] for name in sorted(_KEEPS)]):
            rare_digits.show_each()
    elif section == "faults":
        places["data"] = st.container()
    elif section == "size":
        places["size"] = st.container()
    elif section == "steps":
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


def _show_rarer(section: str, fields: list[Field]) -> None:
    names = ", ".join(_in_a_sentence(field.label) for field in fields)
    with _opening(section, f"More: {names}", fields):
        _show_grid(fields)


def _is_rarer(field: Field) -> bool:
    """Whether the setting lies behind a press. Momentum is wanted every day by those who can use it."""
    if field.name == "momentum":
        return bool(why_unused(field.name, state.current()))
    return field.name in _RARER


def _show_reason(fields: Iterable[Field]) -> None:
    """Why most of a section cannot be moved: a help that opens by hovering would say it too late."""
    reasons = Counter(why_unused(field.name, state.current()) for field in fields)
    reason, times = reasons.most_common(1)[0]
    if reason and times > _TELLING:
        st.caption(reason)


def _in_a_sentence(label: str) -> str:
    return label[0].lower() + label[1:] if label[1:2].islower() else label


def _opening(name: str, label: str, fields: list[Field]) -> DeltaGenerator:
    """An expander that opens by itself when one of its settings is changed, and then stays open."""
    changed = _changed_in(state.current(), fields)
    opened: set[str] = st.session_state.setdefault(_OPENED, set())
    if changed:
        opened.add(name)
    return st.expander(label + (f" :gray[· {changed} changed]" if changed else ""), expanded=name in opened)


def _show_folded(section: str, fields: list[Field]) -> None:
    """A section that the model has no use for: its settings are kept, and out of the way."""
    with st.expander(f"{SECTIONS[section]} :gray[· not used by this model]"):
        st.caption(why_unused(fields[0].name, state.current()))
        _show_grid(fields)


def _is_unused(fields: Iterable[Field]) -> bool:
    return all(why_unused(field.name, state.current()) for field in fields)


@section("The model's size")
def _show_size(recipe: Recipe) -> None:
    most = "at most " if recipe.model == "svm" else ""
    st.markdown(
        f"{most}**{services.parameter_count(recipe):,}** parameters · "
        f"{most}**{setting_words.large_number(services.multiply_add_count(recipe))}** multiply-adds an image",
        help="Parameters are the numbers that the model learns. A multiply-add is one multiplication with the addition "
        "that follows; how many an image takes says how long training and reading take.",
    )


@section("The schedule")
def _show_schedule(recipe: Recipe) -> None:
    if recipe.model != "svm":
        schedule_chart.show(recipe)
