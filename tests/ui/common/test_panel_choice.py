from streamlit.testing.v1 import AppTest

from tests.ui.app import address, run


def page() -> None:
    import streamlit as st

    from mnist_core.ui.common import panel_choice, query_params
    from mnist_core.ui.common.panel_choice import Panel

    query_params.enter(st.session_state["visited"])
    panels = [Panel(name, name.capitalize(), "flag", lambda: None) for name in ("one", "two", "three")]
    panel_choice.choose(panels, "open", usual=st.session_state["usual"])


def visit(app: AppTest, name: str, usual: str | None) -> AppTest:
    app.session_state["visited"], app.session_state["usual"] = name, usual
    return run(app)


def open_panel(app: AppTest) -> str:
    return str(app.segmented_control(key="open").value)


def test_without_a_choice_the_usual_panel_opens_at_each_visit() -> None:
    app = visit(AppTest.from_function(page), "here", None)
    assert open_panel(app) == "one"
    assert "look" not in address(app)
    assert open_panel(visit(visit(app, "elsewhere", None), "here", "two")) == "two"
    assert "look" not in address(app)


def test_nobodys_panel_is_changed_while_they_look_at_it() -> None:
    app = visit(AppTest.from_function(page), "here", None)
    assert open_panel(visit(app, "here", "two")) == "one"
    assert address(app)["look"] == "one"


def test_a_choice_stays() -> None:
    app = visit(AppTest.from_function(page), "here", None)
    app.segmented_control(key="open").set_value("three")
    assert open_panel(visit(visit(run(app), "elsewhere", None), "here", "two")) == "three"
    assert address(app)["look"] == "three"
