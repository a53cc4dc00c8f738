"""One server and one browser for all tests here; a page of its own for each."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.browser.server import find_chromium, is_local, open_browser, serve
from tests.patience import PATIENCE_S

PATIENCE_MS = 1000 * PATIENCE_S

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        missing = "no Chromium on this machine (the environment variable CHROMIUM may name one)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        opened = open_browser(playwright, executable)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens pages; at the end none of them may have logged an error or asked for anything outside this machine."""
    expect.set_options(timeout=PATIENCE_MS)
    problems: list[str] = []
    contexts = []

    def open_page(width_px: int = 1440, *, touch: bool = False) -> Page:
        # Less motion: drawing what blinks took a quarter of the browser's processor time, and is not what is tested.
        size: ViewportSize = {"width": width_px, "height": 900}
        context = browser.new_context(viewport=size, has_touch=touch, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.extend([message.text] if message.type == "error" else []))
        page.on("request", lambda request: None if is_local(request.url) else problems.append(request.url))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()
