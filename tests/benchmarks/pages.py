"""How long it takes in a real browser from a run's number to the pixels behind it."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.benchmark import Benchmark, Wait, count_option
from tests.browser.server import chromium, serve, time_click

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_PATIENCE_MS = 60_000
_SETTLE_MS = 500  # between two clicks, so that none waits for what the last one left to be done


def bench_pages(repeats: int = 20) -> Iterator[Wait]:
    """Time the clicks on the Mistakes page of the shipped model, whose 10,000 test images are read already.

    Raises:
        UserError: `browser_missing` without Playwright or Chromium.
    """
    with chromium() as browser, tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(_PATIENCE_MS)
        page.goto(f"{address}/mistakes")
        cells = _cells(page)
        yield Wait.of("cell to tiles", [_time_cell(page, *cells[turn % len(cells)]) for turn in range(repeats)])
        page.get_by_role("button").filter(has_text="All mistakes").click()
        page.wait_for_timeout(2 * _SETTLE_MS)
        yield Wait.of("tile to image close up", [_time_close_up(page, place) for place in range(repeats)])


def _cells(page: "Page") -> list[tuple[int, int]]:
    """The cells of the matrix that hold mistakes."""
    page.get_by_role("button", name=re.compile("^Test image")).first.wait_for()
    buttons = page.get_by_role("button", name=re.compile(r"^True \d, predicted \d: [1-9]"))
    labels = [button.get_attribute("aria-label") or "" for button in buttons.all()]
    found = [re.findall(r"\d", label)[:2] for label in labels]
    return [(int(true), int(read)) for true, read in found]


def _time_cell(page: "Page", true: int, read: int) -> float:
    cell = page.get_by_role("button", name=f"True {true}, predicted {read}:")
    return _time_click(page, cell, "button[data-id]", f"{true} → {read}")


def _time_close_up(page: "Page", place: int) -> float:
    tile = page.get_by_role("button", name=re.compile("^Test image")).nth(place)
    taken_ms = _time_click(page, tile, "img[alt^='Test image']", "data:image")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Close").click()  # Escape is not heard before the dialog has the focus
    dialog.wait_for(state="hidden")
    return taken_ms


def _time_click(page: "Page", button: "Locator", selector: str, words: str) -> float:
    page.wait_for_timeout(_SETTLE_MS)
    return time_click(button, selector, words)


BENCHMARK = Benchmark(
    "How long it takes in a real browser from a number to the images behind it.",
    bench_pages,
    (count_option("--repeats", 20, "Clicks of each kind.", 50),),
)
