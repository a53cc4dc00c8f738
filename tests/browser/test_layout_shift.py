"""How far the parts of a page jump while it loads: the sum of its layout shifts (0: none; up to 0.1 is called good)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import SHOWN
from tests.browser.test_navigation import wait_until_still

pytestmark = pytest.mark.browser

# Of a page, by its address, at most: at 1440 and at 400 px. It varies with which part the browser gets first. All but
# Draw and Mistakes have room above what docs/LOG.md measured of them, and are to come down to 0.02 as well.
BOUNDS = {
    "": (0.02, 0.02),
    "train": (0.1, 0.1),
    "mistakes": (0.02, 0.02),
    "mistakes?image=247": (0.02, 0.02),
    "data": (0.1, 0.3),
    "claims": (0.1, 0.1),
    "claims?claim=centring": (0.1, 0.25),
}

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
@pytest.mark.parametrize("path", BOUNDS)
def test_hardly_anything_moves_while_a_page_loads(new_page: NewPage, address: str, path: str, width_px: int) -> None:
    page = new_page(width_px, fresh=True)
    page.add_init_script(_WATCH)
    bound = BOUNDS[path][width_px == 400]
    for visit in ("cold", "warm"):
        page.goto(f"{address}/{path}")
        for there in SHOWN[path]:
            expect(page.locator(there).first).to_be_visible()
        wait_until_still(page)
        found = shifts(page)
        assert sum(value for value, _ in found) <= bound, (visit, found)
