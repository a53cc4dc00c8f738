"""How far the parts of a page jump while it loads: the sum of its layout shifts (0: none; up to 0.1 is called good).

What has loaded in the wide window is given to axe-core at once: most of what either costs is to open the page.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import SHOWN, expect_nothing_serious
from tests.browser.test_navigation import wait_until_still

pytestmark = pytest.mark.browser

MOST = 0.02
"""On every page here, wide or narrow, cold and warm."""

PATHS = (
    "", "train", "mistakes", "mistakes?image=247", "mistakes?look=figures&image=247", "mistakes?look=causes&image=247",
    "mistakes?look=versus&against=mlp", "data", "claims", "claims?claim=centring",
)  # fmt: skip

_WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries().filter((entry) => !entry.hadRecentInput)) {
    window.shifts.push([one.value, one.sources.map(({ node, previousRect, currentRect }) =>
      `${node?.className ?? node?.nodeName}: ${previousRect.y} -> ${currentRect.y}`)]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def shifts(page: Page) -> list[tuple[float, list[str]]]:
    return page.evaluate("window.shifts")


@pytest.mark.parametrize("path", PATHS)
def test_hardly_anything_moves_on_a_phone(new_page: NewPage, address: str, path: str) -> None:
    load_twice(new_page(400, fresh=True), address, path)


@pytest.mark.parametrize("path", PATHS)
def test_hardly_anything_moves_and_axe_finds_nothing_serious(new_page: NewPage, address: str, path: str) -> None:
    page = new_page(fresh=True)
    page.emulate_media(color_scheme="light")
    load_twice(page, address, path)
    expect_nothing_serious(page)


def load_twice(page: Page, address: str, path: str) -> None:
    """Open the page, and open it again; hardly anything moves."""
    page.add_init_script(_WATCH)
    for visit in ("cold", "warm"):
        page.goto(f"{address}/{path}")
        for there in SHOWN[path]:
            expect(page.locator(there).first).to_be_visible()
        wait_until_still(page)
        found = shifts(page)
        assert sum(value for value, _ in found) <= MOST, (visit, found)
