import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.server import serve, wait_until
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser

PAGES = ("Draw", "Train", "Mistakes", "Data", "Claims")


def test_the_first_request_of_a_fresh_server_may_be_a_link_into_the_app(
    browser: Browser, page: Page, tmp_path: Path
) -> None:
    with serve(tmp_path) as fresh:
        page.goto(f"{fresh}/mistakes?true=4&read=9")
        expect(page.get_by_text("True 4, predicted 9:")).to_be_visible()
        expect(page.get_by_role("link", name="Train", exact=True)).to_be_visible()
        expect(page).to_have_title("Digit Clinic")
        page.goto("about:blank")  # a page would complain about its server going away


@pytest.mark.parametrize("name", ["draw", "train", "mistakes", "data", "claims", "causes"])
def test_every_page_opens_by_its_name_and_keeps_its_parameters(page: Page, address: str, name: str) -> None:
    # Train knows runs, not shipped models, by their names, and says so of others.
    link = f"{address}/{name}?{'epochs=3' if name == 'train' else 'run=linear'}"
    page.goto(link)
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    wait_until_still(page)
    expect(page).to_have_url(link)
    expect(page.get_by_text("Page not found")).to_have_count(0)


LINKS: dict[str, dict[str, str]] = {
    "mistakes?run=linear&image=1901": {"Open in Draw": "/"},
    "mistakes?image=1901": {"Open in Draw": "/"},
    "data?keep_4=0.1": {"Train on this": "/train"},
    "data?look=test": {"Open in Draw": "/"},
    "claims": {"Centring": "/claims"},
    "claims?claim=centring": {"Next": "/claims", "All claims": "/claims", "Look at it on": "/train"},
    "claims?claim=drawing_pipeline": {"Look at the": "/mistakes"},
    "?run=linear&look=xray": {page: f"/{page.lower()}" for page in ("Train", "Mistakes", "Data", "Claims")},
    "train?epochs=3": {
        "Look at its training images": "/data",
        **{page: f"/{page.lower()}" for page in ("Mistakes", "Data", "Claims")},
        "Draw": "/",
    },
    "mistakes?run=linear&true=4": {"Draw": "/"},
    "data?epochs=3": {"Train": "/train"},
}
"""Links between pages: where they stand, what they are called, and the paths they lead to."""


@pytest.mark.parametrize("start", LINKS)
def test_after_a_link_one_press_of_back_returns(page: Page, address: str, start: str) -> None:
    page.goto(f"{address}/{start}")
    if start == "data?look=test":
        page.get_by_role("button", name=re.compile("^Test image")).first.click()
    for link, path in LINKS[start].items():
        shown = page.get_by_role("link", name=link, exact=link in PAGES).first
        expect(shown).to_be_visible()
        there_and_back(page, shown, path)


def test_a_run_of_ones_own_makes_no_entry_either(page: Page, address: str) -> None:
    page.goto(f"{address}/train?train_images=200&epochs=1&model=linear")
    page.get_by_role("button", name="Start training").click()
    for link, path in (("See its mistakes", "/mistakes"), ("Draw with it", "/"), ("Draw", "/")):
        expect(page.get_by_role("link", name="See its mistakes")).to_be_visible()
        there_and_back(page, page.get_by_role("link", name=link, exact=True), path)


def there_and_back(page: Page, link: Locator, path: str) -> None:
    """Follow the link to the page with this path, and press Back once: the place is the one before."""
    wait_until_still(page)
    before = place(page.url)
    link.click()
    # A page may still be bringing its own address in order: only the path says that the link was followed.
    page.wait_for_url(lambda url: place(url) != before and urlsplit(url).path == path, timeout=PATIENCE_S * 1000)
    wait_until_there(page)
    page.go_back()
    page.wait_for_url(lambda url: place(url) == before, timeout=PATIENCE_S * 1000)


def place(url: str) -> tuple[str, dict[str, list[str]]]:
    """Where an address leads: its path and its parameters, whose order is chance."""
    parts = urlsplit(url)
    return parts.path, parse_qs(parts.query)


ONLY_THERE = {
    "": "Where the digit comes from",
    "train": "Start training",
    "mistakes": "Compare with",
    "data": "Train on this",
}
"""What a page says and no other, by its path."""


def wait_until_there(page: Page) -> None:
    """Until the page that a link leads to is shown: who goes back before that interrupts its script."""
    only_there = ONLY_THERE.get(urlsplit(page.url).path.strip("/"))
    if only_there:
        expect(page.get_by_text(only_there, exact=True).first).to_be_visible()
    wait_until_still(page)


def wait_until_still(page: Page) -> None:
    """Until the page's script has ended and its parts are there: then its address is in order."""
    wait_until(page, "!!window.digitClinicHistory")
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")


def test_for_a_projector_all_type_is_larger(page: Page, address: str) -> None:
    page.goto(f"{address}/claims?claim=centring")
    words = page.get_by_role("heading", name="All comparisons")
    before = size_px(words)
    page.get_by_text("Present", exact=True).click()
    expect(page.get_by_role("switch", name="Present")).to_be_checked()
    assert size_px(words) == pytest.approx(1.3 * before, rel=0.02)
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.get_by_role("switch", name="Present")).to_be_checked()


def test_a_phone_shows_what_the_menu_is(new_page: NewPage, address: str) -> None:
    page = new_page(400)
    page.goto(f"{address}/claims")
    button = page.get_by_test_id("stExpandSidebarButton")
    expect(button).to_be_visible()
    assert "Menu" in button.evaluate("(button) => getComputedStyle(button, '::after').content")
    menu = page.get_by_test_id("stSidebar")
    for choose in (lambda: page.keyboard.press("Escape"), page.get_by_role("link", name="Draw", exact=True).click):
        button.click()
        expect(page.get_by_role("link", name="Draw", exact=True)).to_be_in_viewport()
        choose()
        expect(menu).to_have_attribute("data-collapsed", "true")
        expect(button).to_be_visible()


def size_px(words: Locator) -> float:
    return float(words.evaluate("(words) => parseFloat(getComputedStyle(words).fontSize)"))
