"""The page that a browser gets first, and what it finds in the Streamlit that is installed."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import streamlit as st

from mnist_core.ui import start_page
from mnist_core.ui.front_door import FrontDoor
from tests.event_loop import run_apart

SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"


def test_the_kinds_of_parts_are_fetched_before_streamlit_starts() -> None:
    page = start_page.page("/")
    names = re.findall(r'from "\./static/js/([\w.-]+)"', page)
    assert {name.split(".")[0] for name in names} == set(start_page.KINDS)
    assert all((SCRIPTS / name).is_file() for name in names)
    streamlit = re.search(r'<script type="module" crossorigin src="\./static/js/(index[\w.-]+)"', page)
    assert streamlit
    assert page.index("importmap") < page.index("digitClinicParts") < streamlit.start()


def test_streamlit_asks_for_a_part_as_our_loader_expects() -> None:
    """By a function that it imports from its loader, with the part's file as the first of those that it needs."""
    (theirs,) = SCRIPTS.glob("preload-helper.*.js")
    assert re.findall(r"export\{\w+ as (\w+)\}", theirs.read_text()) == ["t"]
    assert f"/{theirs.name}?theirs" in start_page.parts()
    page = start_page.page("/")
    text = (SCRIPTS / re.findall(r'src="\./static/js/(index[\w.-]+)"', page)[0]).read_text()
    files = json.loads(re.findall(r"m\.f=(\[.*?\])", text)[0])
    asked = re.findall(r"import\(`(\./(\w+)\.[\w-]+\.js)`\),__vite__mapDeps\(\[(\d+)", text)
    first = {kind: (file, files[int(first)]) for file, kind, first in asked if kind in start_page.KINDS}
    assert set(first) == set(start_page.KINDS)
    assert all(file == needed for file, needed in first.values())


def test_every_script_of_the_page_may_run() -> None:
    page = start_page.page("/")
    policy = start_page.content_security_policy(page)
    scripts = [text for text in re.findall(r"<script[^>]*>(.*?)</script>", page, re.S) if text]
    assert len(scripts) == 5
    for script in scripts:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy


def test_the_door_itself_gives_the_loader() -> None:
    said: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/parts.js",
        "headers": [(b"host", b"localhost")],
        "query_string": b"",
    }
    run_apart(FrontDoor(None)(scope, None, send))
    assert said[0]["status"] == 200
    assert said[1]["body"].decode() == start_page.parts()
