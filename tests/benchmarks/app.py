"""How long one person waits for the app itself, in a real browser: cold start, pages, strokes, images."""

import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice, product
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.benchmark import Benchmark, Wait, count_option, time_ms
from tests.browser.server import Server, chromium, start, time_click, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, ViewportSize

PAGES = {
    "Train": ".st-key-start_training",
    "Mistakes": "button[aria-label^='True 4, predicted 9']",
    "Data": ".st-key-data_training",
    "Claims": ".st-key-causes_verdict",
    "Draw": ".pad canvas",
}
"""The pages by their names in the menu, in the order of the visits, each with what is there once it can be used."""

_PATIENCE_MS = 120_000
_VIEWPORT: "ViewportSize" = {"width": 1440, "height": 900}
_SETTLE_MS = 500  # before a click, so that none waits for what the last one left to be done
_LATER_VISITS = 2  # to each page, in each fresh server
_STROKES = 10  # for each repeat; and clicks of each kind
_SEVEN = ((0.28, 0.25), (0.72, 0.25), (0.47, 0.8))  # in shares of the pad's side
_RUN = "train?epochs=500"

# From pen up until the pad hears that the server answered that stroke. The answer itself is on the page by then: it
# comes before.
_TIME_ANSWERS = """window.answered_ms = [];
document.addEventListener('pointerup', (event) => {
  const path = event.composedPath();
  const pad = path[0].tagName === 'CANVAS' && path.find((one) => one.classList?.contains('pad'))?.parentElement;
  const start = performance.now();
  const look = () => {
    if (pad.dataset.answered === 'yes') window.answered_ms.push(performance.now() - start);
    else requestAnimationFrame(look);
  };
  if (pad) requestAnimationFrame(look);
}, true);"""


def bench_app(repeats: int = 5) -> Iterator[Wait]:
    """Time the app: `repeats` fresh servers, and ten strokes and ten clicks of each kind for each repeat.

    Raises:
        UserError: `browser_missing` without Playwright or Chromium.
    """
    with chromium() as browser:
        yield _time_evaluation(repeats)
        yield from _time_fresh_servers(browser, repeats)
        with _fresh_server() as server:
            yield from _time_images(browser, server, repeats * _STROKES)
            yield from _time_strokes(browser, server, repeats * _STROKES)  # last: a run trains there


def _time_evaluation(count: int) -> Wait:
    from mnist_core.runs.registry import evaluate
    from mnist_core.training.hardware import limit_threads

    limit_threads()
    images = len(evaluate().labels)  # MNIST is loaded from here on
    return Wait.of(f"evaluate default on {images:,} test images", [time_ms(evaluate) for _ in range(count)])


def _time_fresh_servers(browser: "Browser", count: int) -> Iterator[Wait]:
    times_ms: dict[str, list[float]] = defaultdict(list)
    for _ in range(count):
        for what, taken_ms in _time_fresh_server(browser):
            times_ms[what].append(taken_ms)
    yield from (Wait.of(what, taken_ms) for what, taken_ms in times_ms.items())


def _time_fresh_server(browser: "Browser") -> Iterator[tuple[str, float]]:
    begun = time.perf_counter()
    with _fresh_server() as server, _session(browser) as page:
        yield "cold start: server answers", _ms_since(begun)
        _open(page, server)
        yield "cold start: first paint", _ms_since(begun)
        page.locator(".pad canvas").wait_for()
        yield "cold start: pad can be used", _ms_since(begun)
        _draw(page)
        page.locator("[data-answered=yes]").wait_for()
        yield "cold start: first stroke is read", _ms_since(begun)
        for visit, (name, there) in product(range(1 + _LATER_VISITS), PAGES.items()):
            _settle(page)
            when = "later visits" if visit or name == "Draw" else "first visit"
            yield f"page switch: {name}, {when}", time_click(page.get_by_role("link", name=name, exact=True), there)


# --- one server -----------------------------------------------------------------------------------------


def _time_strokes(browser: "Browser", server: Server, count: int) -> Iterator[Wait]:
    with _session(browser) as page, _session(browser) as other:
        _open(page, server)
        yield Wait.of("stroke to answer, idle", _answers(page, count))
        other.goto(f"{server.address}/{_RUN}")
        other.get_by_role("button", name="Start training").click()
        other.get_by_text(re.compile(r"^Step [\d,]+ of")).wait_for()
        yield Wait.of("stroke to answer, while a run trains", _answers(page, count))


def _answers(page: "Page", count: int) -> list[float]:
    """Milliseconds from pen up to the answer, each time with an empty pad before it."""
    page.evaluate("window.answered_ms = []")
    for turn in range(count + 1):
        _draw(page, 0.01 * (turn % 10))
        wait_until(page, "(count) => window.answered_ms.length > count", turn)
        page.get_by_role("button", name="Clear").click()
        page.locator(".hint").wait_for()
        _settle(page)
    times_ms: list[float] = page.evaluate("window.answered_ms")
    return times_ms[1:]  # the first one loads the model


def _time_images(browser: "Browser", server: Server, count: int) -> Iterator[Wait]:
    """Clicks on the Mistakes page of the shipped model, from a number to the images behind it."""
    with _session(browser) as page:
        page.goto(f"{server.address}/mistakes")
        tiles = page.get_by_role("button", name=re.compile("^Test image"))
        tiles.first.wait_for()
        cells = page.get_by_role("button", name=re.compile(r"^True \d, predicted \d: [1-9]")).all()
        pairs = [re.findall(r"\d", cell.get_attribute("aria-label") or "")[:2] for cell in cells]
        times_ms = []
        for true, predicted in islice(cycle(pairs), count):
            _settle(page)
            cell = page.get_by_role("button", name=f"True {true}, predicted {predicted}:")
            times_ms.append(time_click(cell, "button[data-id]", f"{true} → {predicted}"))
        yield Wait.of("cell to tiles", times_ms)
        page.get_by_role("button").filter(has_text="All mistakes").click()
        _settle(page)
        yield Wait.of("tile to image close up", [_time_close_up(page, tiles.nth(place)) for place in range(count)])


def _time_close_up(page: "Page", tile: "Locator") -> float:
    _settle(page)
    taken_ms = time_click(tile, "img[alt^='Test image']", "data:image")
    page.get_by_role("button", name="Back to the images").click()
    tile.wait_for()
    return taken_ms


# --- in the browser -------------------------------------------------------------------------------------


@contextmanager
def _fresh_server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder, start(Path(folder)) as server:
        yield server


@contextmanager
def _session(browser: "Browser") -> "Iterator[Page]":
    context = browser.new_context(viewport=_VIEWPORT)
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.add_init_script(_TIME_ANSWERS)
    yield page
    context.close()


def _open(page: "Page", server: Server) -> None:
    """Open the Draw page, until there is something of use to see: where the digit may come from."""
    page.goto(server.address, wait_until="commit")
    page.get_by_text("Test image", exact=True).wait_for()


def _draw(page: "Page", lower: float = 0.0) -> None:
    """Draw a seven with the mouse, that share of the pad's side lower."""
    box = page.locator(".pad canvas").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + (y + lower) * box["height"]) for x, y in _SEVEN]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


def _settle(page: "Page") -> None:
    page.wait_for_timeout(_SETTLE_MS)
    page.locator("[data-test-script-state=notRunning]").wait_for()


def _ms_since(begun: float) -> float:
    return 1000 * (time.perf_counter() - begun)


BENCHMARK = Benchmark(
    "How long one person waits for the app: cold start, other pages, strokes, images.",
    bench_app,
    (count_option("--repeats", 5, "Fresh servers.", 50),),
)
