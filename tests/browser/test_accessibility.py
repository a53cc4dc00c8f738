"""What axe-core, the usual checker, finds on each page: nothing serious. Most pages: `test_layout_shift.py`."""

import re

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
    "mistakes?look=figures&image=247": ["text=Each digit", "text=Look closer"],
    "mistakes?look=causes&image=247": ["text=Main causes", "text=Look closer"],
    "mistakes?look=map": ["text=No images selected", "text=All 10,000 test images"],
    "mistakes?look=versus&against=mlp": ["text=significant"],
    "data": [".st-key-data_training canvas", ".st-key-data_validation canvas"],
    "claims": [".effect-words"],
    "claims?claim=centring": ["text=All claims"],
}
"""What says that a page is there, by its address: selectors, all of which find something."""


def test_nothing_serious_is_found_on_the_map_light_or_dark(page: Page, address: str) -> None:
    path = "mistakes?look=map"
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}/{path}")
    for there in SHOWN[path]:
        expect(page.locator(there).first).to_be_visible()
    wait_until_still(page)
    plot = page.locator(".st-key-map_chart .js-plotly-plot")
    expect(plot.locator(".main-svg").first).to_be_visible()
    plot.evaluate("(plot) => plot.replaceChildren()")  # 10,000 marks
    expect_nothing_serious(page)


def test_nothing_serious_is_found_on_a_run_light_or_dark(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}/train?train_images=200&epochs=1&model=linear")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text("See its mistakes").first).to_be_visible()
    expect(page.get_by_text("Validation images. Click a cell")).to_be_visible()  # the last thing to come
    expect_nothing_serious(page)


NAMES = {
    "claims?claim=drawing_pipeline": [
        ("heading", "See it for yourself"), ("button", "Test it now"), ("link", "All claims"), ("link", "Claims"),
    ],
    "mistakes": [("radio", "Metrics"), ("link", "Mistakes")],
}  # fmt: skip
"""What stands beside an icon, which is no part of its name."""


@pytest.mark.parametrize("path", NAMES)
def test_icons_are_not_read_aloud(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}/{path}")
    for role, name in NAMES[path]:
        expect(page.get_by_role(role, name=name, exact=True)).to_have_accessible_name(name)
    wait_until_still(page)
    expect(page.get_by_role("img", name=re.compile(" icon$"))).to_have_count(0)


def test_an_icon_that_stands_alone_is_the_name_of_its_button(page: Page, address: str) -> None:
    page.goto(address)
    wait_until_still(page)
    page.evaluate(
        """() => {
          const icon = '<span role="img" aria-label="close icon">close</span>';
          document.querySelector("[data-testid=stMain]").insertAdjacentHTML(
            "beforeend",
            `<button id="alone">${icon}</button><button id="beside">${icon} Close</button>
             <button id="later">${icon}<p></p></button>`);
        }"""
    )
    expect(page.locator("#alone")).to_have_accessible_name("close icon")
    expect(page.locator("#beside")).to_have_accessible_name("Close")
    expect(page.locator("#later")).to_have_accessible_name("close icon")
    page.evaluate("document.querySelector('#later p').textContent = 'Close'")
    expect(page.locator("#later")).to_have_accessible_name("Close")


def expect_nothing_serious(page: Page) -> None:
    """Neither in the light theme, which it has, nor in the dark one."""
    wait_until_still(page)
    assert serious(page) == []
    page.emulate_media(color_scheme="dark")
    expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", "rgb(16, 22, 28)")
    wait_until_still(page)
    assert serious(page) == []


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """What keeps people out: the rule, and the elements that break it."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in SERIOUS]
