import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Download, Page, expect

from mnist_core.claims.catalog import CLAIMS
from mnist_core.ui.claims import claim_results
from tests.browser.conftest import NewPage
from tests.browser.test_navigation import wait_until_still

pytestmark = pytest.mark.browser

QUICK = "drawing_pipeline"
"""A claim about shipped models: its quick test trains nothing."""


@pytest.fixture(scope="module")
def claim_id() -> str:
    """A claim that came with a result."""
    return next(one.claim.id for one in claim_results.claims() if one.outcome)


def save_as(page: Page, format: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save the figure as {format}").click()
    return _kept(download.value, folder)


def _kept(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def test_a_claim_is_chosen_and_left_and_the_address_follows(page: Page, address: str) -> None:
    page.goto(f"{address}/claims")
    page.get_by_role("link", name="Centring", exact=True).click()
    statement = page.get_by_role("heading", name=CLAIMS["centring"].statement)
    expect(statement).to_be_visible()
    expect(page).to_have_url(re.compile(r"claim=centring"))
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"claim=faulty_data"))
    expect(page.get_by_role("heading", name=CLAIMS["faulty_data"].statement)).to_be_visible()
    page.go_back()
    expect(statement).to_be_visible()
    page.get_by_role("link", name="All claims").click()
    expect(page.get_by_role("heading", name="Claims, tested")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/claims$"))


def test_the_old_address_opens_the_same_page_and_back_leaves_it(page: Page, address: str) -> None:
    page.goto(f"{address}/claims")
    expect(page.get_by_role("heading", name="Claims, tested")).to_be_visible()
    page.goto(f"{address}/causes?claim=centring")
    expect(page.get_by_role("heading", name=CLAIMS["centring"].statement)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/causes\?claim=centring"))
    expect(page.get_by_role("link", name="Claims", exact=True)).to_have_count(1)  # the menu has one
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"/claims\?claim=faulty_data"))
    page.go_back()
    expect(page.get_by_role("heading", name=CLAIMS["centring"].statement)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Claims, tested")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/claims$"))


def test_a_phone_shows_every_effect(new_page: NewPage, address: str) -> None:
    page = new_page(400)
    page.goto(f"{address}/claims")
    expect(page.locator("[role=img] .mark").first).to_be_visible()
    drawn = sum(len(claim.primary) for claim in CLAIMS.values())
    expect(page.locator("[role=img] .mark")).to_have_count(drawn)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 400


def test_claims_are_filtered(page: Page, address: str) -> None:
    page.goto(f"{address}/claims")
    expect(page.get_by_role("link", name="Label smoothing")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Augmentation")).click()
    expect(page.get_by_role("link", name="Label smoothing")).to_be_hidden()
    expect(page.get_by_role("link", name="No augmentation")).to_be_visible()


def test_the_figure_is_saved_without_a_network(page: Page, address: str, claim_id: str, tmp_path: Path) -> None:
    page.goto(f"{address}/claims?claim={claim_id}")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    svg = save_as(page, "SVG", tmp_path)
    assert svg.name == f"digit-clinic-{claim_id.replace('_', '-')}.svg"
    text = " ".join(ElementTree.parse(svg).getroot().itertext())
    assert CLAIMS[claim_id].title in text
    assert CLAIMS[claim_id].arms[0].label in text or CLAIMS[claim_id].arms[0].series in text
    with Image.open(save_as(page, "PNG", tmp_path)) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1920
        assert len(picture.convert("L").resize((96, 54)).getcolors()) > 2  # something is drawn


def test_the_words_of_a_figure_follow_the_theme(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}/claims?claim={QUICK}")
    name = page.locator(".js-plotly-plot .ytick text", has_text="Linear, prepared").first
    expect(name).to_have_css("fill", "rgb(23, 33, 43)")
    wait_until_still(page)
    page.emulate_media(color_scheme="dark")
    expect(name).to_have_css("fill", "rgb(232, 238, 243)")


@pytest.mark.parametrize("width_px", [400, 1440])
def test_nothing_of_a_claim_is_wider_than_its_page(
    new_page: NewPage, address: str, claim_id: str, width_px: int
) -> None:
    page = new_page(width_px)
    page.goto(f"{address}/claims?claim={claim_id}")
    expect(page.get_by_text("How it was tested")).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width_px


def test_a_claim_is_tested_quickly_and_a_reload_loses_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}/claims?claim={QUICK}")
    page.get_by_role("button", name="Test it now").click()
    expect(page.get_by_text(re.compile("Waiting|Starting worker|of 9 trials done")).first).to_be_visible()
    page.reload()
    expect(page.get_by_role("main").get_by_role("button", name="Stop")).to_be_visible()  # Streamlit has one, too
    expect(page.get_by_text("Three seeds can seldom decide")).to_be_visible()
    expect(page.get_by_text(re.compile(r"points, 3 seeds")).first).to_be_visible()
    expect(page.get_by_role("button", name="Test it again")).to_be_visible()
    assert page.get_by_text("the same direction").count() == len(CLAIMS[QUICK].primary)


def test_all_claims_are_in_view_at_once(page: Page, address: str) -> None:
    page.goto(f"{address}/claims")
    rows = page.locator(".st-key-claim_rows").get_by_role("link")
    expect(rows).to_have_count(len(CLAIMS))
    for row in (rows.first, rows.last):
        expect(row).to_be_in_viewport(ratio=1)
