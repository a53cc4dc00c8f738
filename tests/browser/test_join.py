from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import start

pytestmark = pytest.mark.browser


def test_a_class_types_the_join_code_once_and_the_link_goes_on(page: Page, tmp_path: Path) -> None:
    with start(tmp_path, "--server.address", "0.0.0.0", DIGIT_CLINIC_CODE="room-twelve") as server:
        page.goto(f"{server.address}/train?epochs=3")
        for typed in ("room-eleven", " Room-Twelve"):
            page.get_by_role("textbox").fill(typed)
            page.get_by_role("button", name="Join").click()
            page.wait_for_load_state()
        expect(page.get_by_text("Start training").first).to_be_visible()
        expect(page).to_have_url(f"{server.address}/train?epochs=3")
        page.goto(f"{server.address}/claims")
        expect(page.get_by_text("Centring").first).to_be_visible()
        page.goto("about:blank")  # a page would complain about its server going away
