from streamlit.testing.v1 import AppTest

from tests.ui.app import address


def page() -> None:
    import streamlit as st

    from mnist_core.ui.common import query_params

    query_params.enter("page")
    st.session_state["arrived"] = query_params.new_param("run")
    st.session_state["beside"] = query_params.arrived_beside(["run"])
    query_params.put(st.session_state.get("put", {}))


def visit(app: AppTest, **parameters: str) -> AppTest:
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_a_parameter_arrives_until_it_is_dealt_with() -> None:
    app = visit(AppTest.from_function(page), run="a")
    assert app.session_state["arrived"] == "a"
    app.session_state["put"] = {"run": "a"}
    visit(visit(app))
    assert app.session_state["arrived"] is None
    visit(app, run="b")
    assert app.session_state["arrived"] == "b"


def test_what_is_put_leaves_the_rest_alone_and_none_takes_out() -> None:
    app = AppTest.from_function(page)
    app.session_state["put"] = {"run": "a", "image": None}
    visit(app, image="3", epochs="2")
    assert address(app) == {"epochs": "2", "run": "a"}


def test_all_other_parameters_arrive_together() -> None:
    app = visit(AppTest.from_function(page), run="a", epochs="2", model="mlp")
    assert app.session_state["beside"] == {"epochs": ["2"], "model": ["mlp"]}
