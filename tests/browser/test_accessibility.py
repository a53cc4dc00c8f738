"""What axe-core, the usual checker, finds on each page: nothing serious."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_navigation import wait_until_still

pytestmark = pytest.mark.browser

SERIOUS = ("serious", "critical")

SHOWN = {
    "": ["text=Draw a digit here"],
    "train": ["text=No run yet"],
    "mistakes": ["text=misclassified"],
    "mistakes?image=247": ["text=Nearest in training", "text=Look closer"],
    "mistakes?look=map": ["text=No images selected", "text=All 10,000 test images"],
    "mistakes?look=versus&against=mlp": ["text=significant"],
    "data": [".st-key-data_training canvas", ".st-key-data_validation canvas"],
    "claims": ["text=Centring"],
    "claims?claim=centring": ["text=All claims"],
}
"""What says that a page is there, by its address: selectors, all of which find something."""


@pytest.mark.parametrize("path", SHOWN)
def test_nothing_serious_is_found_on_a_page_light_or_dark(page: Page, address: str, path: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}/{path}")
    for there in SHOWN[path]:
        expect(page.locator(there).first).to_be_visible()
    wait_until_still(page)
    assert serious(page) == []
    page.emulate_media(color_scheme="dark")
    expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", "rgb(16, 22, 28)")
    wait_until_still(page)
    assert serious(page) == []


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """What keeps people out: the rule, and the elements that break it."""
    without = {"exclude": [[".st-key-map_chart .js-plotly-plot"]]}  # 10,000 marks
    found = Axe().run(page, without).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in SERIOUS]
