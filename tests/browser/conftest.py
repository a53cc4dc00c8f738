"""One server and one browser for all tests here; a page of its own for each."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

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


class Visitors:
    """Browser contexts, each a visitor of its own with nothing kept, which one test after another uses.

    In a fresh one, a page takes nearly a third more of the processor: its scripts are fetched and compiled anew.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[bool, list[BrowserContext]] = {False: [], True: []}

    def come(self, *, touch: bool, fresh: bool) -> BrowserContext:
        """A visitor with a finger or a mouse."""
        if self._free[touch] and not fresh:
            return self._free[touch].pop()
        # Less motion: drawing what blinks took a quarter of the browser's processor time, and is not what is tested.
        return self._browser.new_context(has_touch=touch, reduced_motion="reduce")

    def leave(self, context: BrowserContext, *, touch: bool, fresh: bool) -> None:
        """Forget all that the visitor did; who was to be a fresh one does not come again."""
        if fresh:
            context.close()
            return
        context.clear_cookies()
        origins = {one.url.split("/", 3)[2] for one in context.pages if one.url.startswith("http")}
        for page in context.pages[1:]:
            page.close()
        if context.pages:
            (page,) = context.pages
            for origin in origins:
                storage = {"origin": f"http://{origin}", "storageTypes": "cookies,local_storage"}
                context.new_cdp_session(page).send("Storage.clearDataForOrigin", storage)
            page.close()
        self._free[touch].append(context)


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Visitors:
    return Visitors(browser)


@pytest.fixture
def new_page(visitors: Visitors) -> Iterator[NewPage]:
    """Opens pages, each of a visitor of its own.

    At the end none of them may have logged an error or asked for anything outside this machine.
    """
    expect.set_options(timeout=PATIENCE_MS)
    problems: list[str] = []
    come: list[tuple[BrowserContext, bool, bool]] = []

    def open_page(width_px: int = 1440, *, touch: bool = False, fresh: bool = False) -> Page:
        context = visitors.come(touch=touch, fresh=fresh)
        come.append((context, touch, fresh))
        page = context.new_page()
        page.set_viewport_size({"width": width_px, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.extend([message.text] if message.type == "error" else []))
        page.on("request", lambda request: None if is_local(request.url) else problems.append(request.url))
        return page

    yield open_page
    for context, touch, fresh in come:
        visitors.leave(context, touch=touch, fresh=fresh)
    assert not problems


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()
