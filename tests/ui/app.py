"""The app as Streamlit's own tester runs it, and a look at what its pages show."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]

SEVEN = {"seq": 1, "strokes": [{"w": 20, "p": [[80, 70], [200, 70], [130, 220]]}]}
"""What the pad sends when somebody draws a seven."""


def open_page(page: str = "draw", visitor: str = "", *, drawer: bool = False, **parameters: str | list[str]) -> AppTest:
    """The page as a link with these parameters opens it, in that visitor's browser; on Train with the drawer open."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    for name, value in parameters.items():
        app.query_params[name] = value
    if visitor:
        app.session_state["visitor_token"] = visitor
    if drawer:
        app.session_state["all_settings"] = True
    app.switch_page(f"pages/{page}.py")
    return run(app)


def run(app: AppTest) -> AppTest:
    """Run the page again; no page may ever show an exception."""
    app.run()
    assert not app.exception, app.exception
    return app


def go_to(app: AppTest, page: str, **parameters: str) -> AppTest:
    """Follow a link to another page: its parameters, and no others, are in the address."""
    app.query_params.clear()
    for name, value in parameters.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{page}.py")
    return run(app)


def parts(app: AppTest, name: str) -> list[dict[str, Any]]:
    """What the browser parts of that name were given, in the order of the page."""
    mounted = [element.proto for element in app.get("bidi_component")]
    return [json.loads(part.json) for part in mounted if part.component_name == f"digit_clinic_{name}"]


def texts(app: AppTest) -> str:
    """All that the page says in words."""
    lists = (app.markdown, app.caption, app.error, app.warning, app.info, app.success)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def address(app: AppTest) -> dict[str, str]:
    """The parameters in the page's address."""
    return {name: values[-1] if isinstance(values, list) else values for name, values in app.query_params.items()}
