"""The form as Streamlit's own tester runs it, alone on a page, and a look at its controls."""

from typing import Any

from streamlit.testing.v1 import AppTest

from mnist_core.fields import Value
from mnist_core.recipe import FIELDS, GROUPS
from tests.patience import PATIENCE_S
from tests.ui.app import ROOT, run


def open_form(*, drawer: bool = True, **parameters: str) -> AppTest:
    """The form, with its drawer open or as people find it."""
    app = AppTest.from_file(str(ROOT / "tests" / "ui" / "train" / "form" / "form_page.py"), default_timeout=PATIENCE_S)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.session_state["all_settings"] = drawer
    return run(app)


def widget(app: AppTest, name: str) -> Any:
    kinds = (app.slider, app.select_slider, app.selectbox, app.toggle, app.number_input)
    return next(one for kind in kinds for one in kind if one.key == name)


def shown_names(app: AppTest) -> set[str]:
    """The settings that have a control on the page."""
    kinds = (app.slider, app.select_slider, app.selectbox, app.toggle, app.number_input)
    return {one.key for kind in kinds for one in kind if one.key in FIELDS}


def values(app: AppTest) -> dict[str, Value]:
    """What the controls show, by the field's name; of indexes, which have none, what the form knows."""
    shown = {name: widget(app, name).value for name, field in FIELDS.items() if field.kind != "indexes"}
    return {name: shown.get(name, getattr(app.session_state["recipe"], name)) for name in FIELDS}


def pills(app: AppTest, key: str) -> Any:
    return next(one for one in app.get("button_group") if one.key == key)


def choose(app: AppTest, key: str, value: str | list[str] | None) -> AppTest:
    pills(app, key).set_value(value)
    return run(app)


def chips(app: AppTest) -> list[str]:
    """The changed settings, as they are told."""
    shown = [one for one in app.get("button_group") if one.key == "changed_settings"]
    return [plain_text(option.content) for one in shown for option in one.proto.options]


def plain_text(label: str) -> str:
    return label.removeprefix(":material/close: ").replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return run(app)


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def expander(app: AppTest, start: str) -> Any:
    return next(one for one in app.expander if one.label.startswith(start))


def tab_labels(app: AppTest) -> list[str]:
    return [tab.label for tab in app.tabs][: len(GROUPS)]
