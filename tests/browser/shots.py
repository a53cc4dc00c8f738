"""Pictures of every page, to look at: `python -m tests.browser.shots OUT_DIR`.

Each page at 1440, 400 and 1920 pixels, light and dark, as it is after it was used: a digit drawn, a run trained, a cell
of the confusion matrix pressed. `python -m tests.browser.shots --readme .readme` takes those of the README.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.hand import SEVEN, draw_with_mouse
from tests.browser.server import find_chromium, open_browser, serve
from tests.patience import PATIENCE_S
from tests.photos import photo_of

WIDTHS_PX = (1440, 400, 1920)
SCHEMES = ("light", "dark")

_PATIENCE_MS = 1000 * PATIENCE_S
_MOST_PX = 6_000


def draw_empty(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".headline")).to_have_text("Nothing to read yet")


def draw_seven(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".hint")).to_be_visible()
    draw_with_mouse(page, SEVEN)
    expect(page.locator(".digit")).to_have_text("7")
    expect(page.get_by_text("Centred by mass")).to_be_visible()


def draw_explained(page: Page, address: str) -> None:
    draw_small(page, f"{address}/?steps=raw&run=cnn_plain")  # the default model minds neither size nor place
    page.get_by_role("radio", name="7", exact=True).or_(page.get_by_role("button", name="7", exact=True)).click()
    expect(page.get_by_text("Off-centre", exact=True)).to_be_visible()


def draw_corrected(page: Page, address: str) -> None:
    draw_explained(page, address)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("it is read as a 7, as you meant")).to_be_visible()


def draw_small(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator(".hint")).to_be_visible()
    draw_with_mouse(page, [(0.55 * x + 0.43, 0.55 * y + 0.43) for x, y in SEVEN])
    expect(page.locator("[data-answered=yes]")).to_be_visible()  # an answer before the pen was up is another question


def draw_scribble(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".hint")).to_be_visible()
    draw_with_mouse(page, [(0.2, 0.3), (0.8, 0.2), (0.3, 0.7), (0.7, 0.8), (0.25, 0.5), (0.75, 0.45), (0.4, 0.2)])
    expect(page.get_by_text("does not look like a digit")).to_be_visible()


def draw_two(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".hint")).to_be_visible()
    draw_with_mouse(page, [(0.45 * x, 0.6 * y + 0.2) for x, y in SEVEN])
    expect(page.locator("[data-answered=yes]")).to_be_visible()
    draw_with_mouse(page, [(0.75, 0.32), (0.73, 0.68)])
    expect(page.get_by_text("Reads 71")).to_be_visible()


def panel(look: str, shows: str) -> Callable[[Page, str], None]:
    def scene(page: Page, address: str) -> None:
        draw_small(page, f"{address}/?look={look}")
        expect(page.get_by_text(shows).first).to_be_visible()
        page.wait_for_timeout(4_000)

    scene.__name__ = f"draw_{look}"
    return scene


def upload_several(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("Upload", exact=True).click()
    photos = [
        {"name": f"{index}.jpg", "mimeType": "image/jpeg", "buffer": photo_of(index)} for index in (0, 1, 8, 18, 247)
    ]
    page.locator("input[type=file]").set_input_files([*photos, {**photos[0], "name": "note.jpg", "buffer": b"no"}])
    expect(page.get_by_text("Click a digit to examine it")).to_be_visible()


def surprise(page: Page, address: str) -> None:
    page.goto(f"{address}/?image=321")
    expect(page.get_by_text("Image 321 of MNIST")).to_be_visible()


def train_before(page: Page, address: str) -> None:
    page.goto(f"{address}/train?rotation_deg=20&zoom=0.2&shear_deg=15")
    expect(page.get_by_text("As the model may see them")).to_be_visible()


def train_after(page: Page, address: str) -> None:
    page.goto(f"{address}/train?train_images=5000&epochs=6&activation=tanh")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text("See its mistakes").first).to_be_visible()
    expect(page.get_by_text("Validation images. Click a cell")).to_be_visible()  # the last thing to come
    page.mouse.move(0, 0)  # away from the button, which tells whoever points at it what it does


def train_running(page: Page, address: str) -> None:
    page.goto(f"{address}/train?epochs=5&batch_size=64&train_images=20000")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text(re.compile("epoch [1-5] of 5"))).to_be_visible()
    page.mouse.move(0, 0)
    page.wait_for_timeout(6_000)  # for the curve to grow a little


def train_diverged(page: Page, address: str) -> None:
    page.goto(f"{address}/train?learning_rate=10&optimizer=sgd&batch_norm=false&train_images=2000&schedule=constant")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text("Diverged").first).to_be_visible()


def train_notice(page: Page, address: str) -> None:
    page.goto(f"{address}/train?learning_rate=nan&epochs=3&colour=red")
    expect(page.get_by_text("Learning rate cannot be")).to_be_visible()


def mistakes(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes")
    expect(page.get_by_role("button", name="True 4, predicted 9")).to_be_visible()
    expect(page.get_by_text("images misclassified")).to_be_visible()


def mistakes_cell(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes?true=4&read=9")
    expect(page.get_by_text("True 4, predicted 9:")).to_be_visible()
    page.get_by_text("Row %").click()


def mistakes_close_up(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes")
    page.get_by_role("button", name="Test image").first.click()
    expect(page.get_by_text("Open in Draw")).to_be_visible()


def panel_of(name: str, look: str, shows: str, query: str = "") -> Callable[[Page, str], None]:
    """A panel of a page, which its address opens."""

    def scene(page: Page, address: str) -> None:
        page.goto(f"{address}/{name}?look={look}{query}")
        expect(page.get_by_text(shows).first).to_be_visible()
        page.wait_for_timeout(2_000)  # for charts and pictures to be drawn

    scene.__name__ = f"{name}_{look}"
    return scene


_FAULTY = "keep_4=0.2&label_noise=0.05&train_images=10000"


def data(page: Page, address: str) -> None:
    page.goto(f"{address}/data?{_FAULTY}")
    expect(page.get_by_text("Samples", exact=True)).to_be_visible()
    page.wait_for_timeout(1_000)


def claims(page: Page, address: str) -> None:
    page.goto(f"{address}/claims")
    expect(page.get_by_role("heading", name="Claims, tested")).to_be_visible()
    expect(page.get_by_role("link", name="Label smoothing")).to_be_visible()


def claims_of_one(page: Page, address: str) -> None:
    page.goto(f"{address}/claims?claim=epochs")
    expect(page.get_by_text("How it was tested")).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()


SCENES: tuple[Callable[[Page, str], None], ...] = (
    draw_empty, draw_seven, draw_explained, draw_corrected, draw_scribble, draw_two, panel("xray", "Slant"),
    panel("why", "Which digit"), panel("models", "model"), panel("stress", "breaks"), panel("code", "Pipeline bugs"),
    panel("mine", "Save"), upload_several, surprise, mistakes, mistakes_cell, mistakes_close_up,
    panel_of("mistakes", "causes", "look mislabelled"), panel_of("mistakes", "figures", "Calibration"),
    panel_of("mistakes", "map", "All 10,000 test images"), panel_of("mistakes", "robustness", "Rotation"),
    panel_of("mistakes", "versus", "significant (p", "&against=mlp"),
    data, panel_of("data", "ink", "Stroke width", f"&{_FAULTY}"),
    panel_of("data", "suspects", "Precision", f"&{_FAULTY}"),
    panel_of("data", "test", "contradicted", f"&{_FAULTY}"),
    claims, claims_of_one,
    train_before, train_notice, train_after, train_diverged,
    train_running,  # last, because its runs keep others waiting
)  # fmt: skip


README = {
    "draw": "draw_explained",
    "xray": "draw_xray",
    "train": "train_after",
    "mistakes": "mistakes",
    "data": "data_suspects",
    "claims": "claims",
}
"""The README's pictures, and the scenes that they show."""


def take(browser: Browser, scene: Callable[[Page, str], None], address: str, folder: Path) -> None:
    for scheme in SCHEMES:
        for width_px in WIDTHS_PX:
            take_one(browser, scene, address, folder / f"{scene.__name__}-{width_px}-{scheme}.png", width_px, scheme)


def take_one(
    browser: Browser, scene: Callable[[Page, str], None], address: str, file: Path, width_px: int, scheme: str
) -> None:
    scale = 1 if width_px > 1000 else 2
    page = browser.new_page(viewport={"width": width_px, "height": 900}, color_scheme=scheme, device_scale_factor=scale)
    page.set_default_timeout(_PATIENCE_MS)
    expect.set_options(timeout=_PATIENCE_MS)
    scene(page, address)
    height_px = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width_px, "height": min(max(height_px, 900), _MOST_PX)})
    page.wait_for_timeout(1_000)  # for charts and bars to settle at their new size
    page.screenshot(path=file)
    page.close()


def main(folder: Path, names: list[str], *, for_readme: bool) -> None:
    scenes = {scene.__name__: scene for scene in SCENES}
    folder.mkdir(parents=True, exist_ok=True)
    executable = find_chromium()
    if executable is None:
        sys.exit("No Chromium was found; name one in the environment variable CHROMIUM.")
    with tempfile.TemporaryDirectory() as data, serve(Path(data)) as address, sync_playwright() as playwright:
        browser = open_browser(playwright, executable)
        if for_readme:
            for name in names or README:
                take_one(browser, scenes[README[name]], address, folder / f"{name}.png", WIDTHS_PX[0], "light")
        else:
            for name in names or scenes:
                take(browser, scenes[name], address, folder)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Pictures of every page, to look at.")
    parser.add_argument("folder", type=Path, help="where to put them")
    parser.add_argument("names", nargs="*", help="of scenes, or of the README's pictures; otherwise all")
    parser.add_argument("--readme", action="store_true", help="only the README's, under their names there")
    words = parser.parse_args()
    known = list(README) if words.readme else [scene.__name__ for scene in SCENES]
    if unknown := [name for name in words.names if name not in known]:
        parser.error(f"no picture is called {', '.join(unknown)}; there are {', '.join(known)}")
    main(words.folder, words.names, for_readme=words.readme)
