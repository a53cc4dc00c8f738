"""The address: it never undoes what was done on the page, and a link or Back always counts."""

import re
import time

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from mnist_core.ui.mistakes.selection_code import encode
from tests.browser.conftest import NewPage
from tests.browser.test_navigation import wait_until_still
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser


class LateNews:
    """What a page has sent, to send the server again what it sent last: without the press, and with its old address.

    So does a part of a page that has news of its own before the browser has heard what a press came to.
    """

    def __init__(self, page: Page) -> None:
        self._sent: list[bytes | str] = []
        page.route_web_socket(re.compile("/_stcore/stream"), self._listen)

    def send(self) -> None:
        message = BackMsg()
        last = self._sent[-1]
        assert isinstance(last, bytes)
        message.ParseFromString(last)
        states = message.rerun_script.widget_states.widgets
        pressed = [state for state in states if state.WhichOneof("value") in ("trigger_value", "json_trigger_value")]
        assert pressed
        for state in pressed:
            states.remove(state)
        self._server.send(message.SerializeToString())

    def _listen(self, socket: WebSocketRoute) -> None:
        self._server = socket.connect_to_server()

        def forward(message: bytes | str) -> None:
            self._sent.append(message)
            self._server.send(message)

        socket.on_message(forward)


class HeldNews:
    """Keeps from the page what the next page says from its first address on, until it may have it."""

    def __init__(self, page: Page) -> None:
        self._before: str | None = None  # the kind of message that has to come first
        self._held: list[bytes | str] = []
        page.route_web_socket(re.compile("/_stcore/stream"), self._listen)

    def hold(self) -> None:
        self._before = "navigation"

    def is_holding(self) -> bool:
        return bool(self._held)

    def release(self) -> None:
        for message in self._held:
            self._page.send(message)
        self._held.clear()

    def _listen(self, socket: WebSocketRoute) -> None:
        self._page = socket
        server = socket.connect_to_server()

        def forward(message: bytes | str) -> None:
            kind = kind_of(message)
            if self._before == kind == "navigation":
                self._before = "page_info_changed"
            if self._held or self._before == kind == "page_info_changed":
                self._before = None
                self._held.append(message)
            else:
                socket.send(message)

        server.on_message(forward)


class EarlyNews:
    """Lets the page hear of the next page's address before it hears of that page."""

    def __init__(self, page: Page) -> None:
        self._is_asked = False
        self._held: list[bytes | str] = []
        page.route_web_socket(re.compile("/_stcore/stream"), self._listen)

    def bring_forward(self) -> None:
        self._is_asked = True

    def _listen(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def forward(message: bytes | str) -> None:
            kind = kind_of(message)
            if self._is_asked and kind != "page_info_changed":
                self._held.append(message)
                return
            socket.send(message)
            self._is_asked = False
            for held in self._held:
                socket.send(held)
            self._held.clear()

        server.on_message(forward)


def kind_of(message: bytes | str) -> str | None:
    assert isinstance(message, bytes)
    parsed = ForwardMsg()
    parsed.ParseFromString(message)
    return parsed.WhichOneof("type")


PRESSES = {
    f"look=map&selected={encode(range(30))}": "Clear selection",
    "true=4&read=9": re.compile("True 4, predicted 9"),
}
"""What a link opens on Mistakes, and the button that closes it."""


@pytest.mark.parametrize("opened", PRESSES)
def test_what_is_closed_stays_closed_when_the_browser_had_older_news(page: Page, address: str, opened: str) -> None:
    news = LateNews(page)
    page.goto(f"{address}/mistakes?{opened}")
    wait_until_still(page)
    button = page.get_by_role("button", name=PRESSES[opened]).first
    name = opened.split("&")[-1].split("=")[0]
    button.click()
    expect(page).not_to_have_url(re.compile(f"{name}="))
    wait_until_still(page)
    news.send()
    page.wait_for_timeout(500)
    wait_until_still(page)
    expect(page).not_to_have_url(re.compile(f"{name}="))
    if name == "selected":
        expect(button).to_have_count(0)
    else:
        expect(button).to_have_attribute("aria-pressed", "false")
    page.reload()
    wait_until_still(page)
    expect(page).not_to_have_url(re.compile(f"{name}="))


@pytest.mark.parametrize("width_px", [1440, 640, 400])  # 640: a laptop at 200 %
def test_the_menu_leads_to_the_page_as_it_begins_also_from_itself(
    new_page: NewPage, address: str, width_px: int
) -> None:
    page = new_page(width_px)
    page.goto(f"{address}/mistakes")
    page.get_by_role("button", name="Test image").first.click()
    image = page.locator(".st-key-mistakes_image")
    expect(image).to_be_visible()
    wait_until_still(page)
    if width_px < 1440:
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="Mistakes", exact=True).click()
    expect(image).to_have_count(0)
    expect(page).to_have_url(f"{address}/mistakes")
    if width_px < 1440:
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_in_viewport()
    page.go_back()
    expect(image).to_be_visible()
    page.go_forward()
    expect(image).to_have_count(0)


def open_mistakes_on_4(page: Page, address: str) -> str:
    """A page with parameters, where Back is to lead again; its address once that is in order."""
    page.goto(f"{address}/mistakes?run=linear&true=4")
    wait_until_still(page)
    return page.url


def test_back_counts_although_the_page_that_is_left_wrote_its_address_late(page: Page, address: str) -> None:
    news = HeldNews(page)
    there = open_mistakes_on_4(page, address)
    news.hold()
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page).to_have_url(f"{address}/")
    deadline_s = time.monotonic() + PATIENCE_S
    while not news.is_holding():
        assert time.monotonic() < deadline_s
        page.wait_for_timeout(20)
    page.go_back()
    news.release()
    expect(page).to_have_url(there)
    wait_until_still(page)
    row = page.get_by_role("button", name="All mistakes on true 4")
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(there)


def test_back_counts_although_the_next_page_wrote_its_address_before_its_path(page: Page, address: str) -> None:
    early = EarlyNews(page)
    there = open_mistakes_on_4(page, address)
    early.bring_forward()
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page).to_have_url(f"{address}/?run=linear")
    wait_until_still(page)
    page.go_back()
    expect(page).to_have_url(there)
