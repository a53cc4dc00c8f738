"""How far the parts of a page jump while it loads: the sum of its layout shifts (0: none; up to 0.1 is called good)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import SHOWN
from tests.browser.test_navigation import wait_until_still

pytestmark = pytest.mark.browser

MOST = 0.02
"""On every page here, wide or narrow, cold and warm. Not here: an image beside the metrics on a phone (docs/LOG.md)."""

PATHS = (
    "", "train", "mistakes", "mistakes?image=247", "mistakes?look=versus&against=mlp", "data", "claims",
    "claims?claim=centring",
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


@pytest.mark.parametrize("width_px", [1440, 400])
@pytest.mark.parametrize("path", PATHS)
def test_hardly_anything_moves_while_a_page_loads(new_page: NewPage, address: str, path: str, width_px: int) -> None:
    page = new_page(width_px, fresh=True)
    page.add_init_script(_WATCH)
    for visit in ("cold", "warm"):
        page.goto(f"{address}/{path}")
        for there in SHOWN[path]:
            expect(page.locator(there).first).to_be_visible()
        wait_until_still(page)
        found = shifts(page)
        assert sum(value for value, _ in found) <= MOST, (visit, found)
