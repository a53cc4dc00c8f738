import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CURVE = re.compile(r"Training is at \d")
SLICE = "train_images=20000&batch_size=64"


def test_a_run_is_watched_left_alone_and_found_finished(page: Page, address: str) -> None:
    page.goto(f"{address}/train?{SLICE}")
    page.get_by_role("button", name="Start training").click()
    chart = page.get_by_role("img", name=re.compile("Loss by epoch"))
    expect(chart).to_have_accessible_name(CURVE)
    first = chart.get_attribute("aria-label") or ""
    expect(chart).not_to_have_accessible_name(first)

    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.locator(".digit")).to_have_text("?")
    page.get_by_role("link", name="Train", exact=True).click()
    expect(page.get_by_text("20,000").first).to_be_visible()

    page.get_by_role("link", name="See its mistakes").click(timeout=180_000)
    expect(page.get_by_text("of 10,000 wrong")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/mistakes\?run=[0-9a-f]{8}"))


def test_a_run_is_stopped_from_a_reopened_tab(page: Page, address: str) -> None:
    page.goto(f"{address}/train?epochs=50")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("main").get_by_role("button", name="Stop")).to_be_visible()
    expect(page).to_have_url(re.compile("owner="))
    page.reload()
    page.get_by_role("main").get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", name="Stopped")).to_be_visible()


def test_a_link_with_nonsense_opens_with_a_notice(page: Page, address: str) -> None:
    page.goto(f"{address}/train?learning_rate=nan&epochs=3")
    expect(page.get_by_text("Learning rate cannot be")).to_be_visible()
    expect(page.get_by_text("3 epochs")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/train\?epochs=3$"))


def test_going_back_takes_back_a_setting(page: Page, address: str) -> None:
    page.goto(f"{address}/train?model=linear")
    page.get_by_role("tab", name="Model").click()
    page.get_by_text("Defaults").click()
    expect(page).to_have_url(re.compile("/train$"))
    expect(page.get_by_text("all defaults")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("7,850")).to_be_visible()
