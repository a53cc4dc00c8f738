from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.server import serve

pytestmark = pytest.mark.browser


def test_the_first_request_of_a_fresh_server_may_be_a_link_into_the_app(
    browser: Browser, page: Page, tmp_path: Path
) -> None:
    with serve(tmp_path) as fresh:
        page.goto(f"{fresh}/mistakes?true=4&read=9")
        expect(page.get_by_text("True 4, read as 9:")).to_be_visible()
        expect(page.get_by_role("link", name="Train", exact=True)).to_be_visible()
        expect(page).to_have_title("Digit Clinic")
        page.goto("about:blank")  # a page would complain about its server going away
