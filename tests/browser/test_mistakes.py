import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.runs import registry
from tests.browser.conftest import NewPage
from tests.browser.test_navigation import wait_until_still

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return registry.evaluate()


@pytest.fixture
def cell(evaluation: Evaluation) -> tuple[int, int]:
    """The most frequent mistake."""
    wrong = evaluation.confusion * (1 - np.eye(10, dtype=int))
    true, read = np.unravel_index(wrong.argmax(), wrong.shape)
    return int(true), int(read)


def test_pressing_a_cell_shows_its_images(
    page: Page, address: str, evaluation: Evaluation, cell: tuple[int, int]
) -> None:
    true, read = cell
    page.goto(f"{address}/mistakes")
    button = page.get_by_role("button", name=f"True {true}, predicted {read}:")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    tiles = page.get_by_role("button", name="Test image")
    expect(tiles).to_have_count(int(evaluation.confusion[true, read]))
    shown = [int(tile.get_attribute("data-id") or -1) for tile in tiles.all()]
    assert shown == evaluation.cell(true, read).tolist()
    button.click()
    expect(tiles).to_have_count(len(evaluation.mistakes()))


def test_the_matrix_is_walked_with_the_arrow_keys(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes")
    page.get_by_role("button", name="True 0, correct").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="True 1, predicted 2")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text(re.compile("True 1, predicted 2: "))).to_be_visible()


def open_image(page: Page) -> Locator:
    return page.locator(".st-key-mistakes_image")


def is_in_sight(part: Locator) -> bool:
    """Whether its top is: below the menu and above the window's lower edge."""
    box = part.bounding_box()
    return box is not None and 50 < box["y"] < 800


def test_an_image_is_looked_at_closely_and_taken_to_draw(page: Page, address: str, evaluation: Evaluation) -> None:
    index = int(evaluation.mistakes()[0])
    true, read = evaluation.labels[index], evaluation.predicted[index]
    page.goto(f"{address}/mistakes")
    page.get_by_role("button", name=f"Test image {index}:").click()
    shown = open_image(page)
    expect(shown.get_by_role("heading", name=f"True {true}, predicted {read}")).to_be_focused()
    expect(shown.locator(".digit")).to_have_text(str(read))
    expect(shown.get_by_role("list", name="The three nearest training digits").get_by_role("listitem")).to_have_count(3)
    shown.get_by_role("link", name="Open in Draw").click()
    expect(page.get_by_text("True label")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\bWrong$"))).to_be_visible()
    expect(page.locator(".digit")).to_have_text(str(read))
    expect(page).to_have_url(re.compile(f"image={index}"))


def test_the_arrow_keys_go_through_the_images_and_the_matrix_stays_in_sight(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes")
    tiles = page.get_by_role("button", name="Test image")
    expect(tiles.first).to_be_visible()
    ids = [tile.get_attribute("data-id") for tile in tiles.all()]
    tiles.nth(1).click()
    expect(open_image(page).get_by_role("heading", name="True")).to_be_focused()
    for key, at in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2)):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"image={ids[at]}(&|$)"))
        expect(open_image(page).get_by_text(f"{at + 1} of {len(ids)}")).to_be_visible()
    assert is_in_sight(open_image(page))
    assert is_in_sight(page.get_by_role("button", name="True 0, correct"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=f"Test image {ids[2]}:")).to_be_focused()
    expect(page).not_to_have_url(re.compile("image="))


def test_one_back_closes_an_image_and_a_reload_keeps_it(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes")
    page.get_by_role("button", name="Test image").first.click()
    page.get_by_role("button", name="Next").click()
    expect(open_image(page).get_by_text(re.compile("2 of"))).to_be_visible()
    page.reload()
    expect(open_image(page).get_by_text(re.compile("2 of"))).to_be_visible()
    page.go_back()
    expect(open_image(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Test image").first).to_be_visible()
    expect(page).not_to_have_url(re.compile("image="))


def test_a_cell_that_is_pressed_shows_its_images_in_place_of_the_open_one(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes?image=247")
    expect(open_image(page)).to_be_visible()
    page.get_by_role("button", name="True 4, predicted 9").click()
    expect(open_image(page)).to_be_hidden()
    expect(page.get_by_text(re.compile("True 4, predicted 9: "))).to_be_visible()
    expect(page).not_to_have_url(re.compile("image="))


@pytest.mark.parametrize("look", ["matrix", "causes", "figures", "map", "robustness", "versus"])
def test_on_a_phone_the_open_image_comes_first_and_nothing_overflows(
    new_page: NewPage, address: str, look: str
) -> None:
    page = new_page(400, touch=True)
    page.goto(f"{address}/mistakes?look={look}&image=247&against=mlp")
    expect(open_image(page).get_by_text("Nearest in training")).to_be_visible()
    wait_until_still(page)
    assert is_in_sight(open_image(page))
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 400
    page.get_by_role("button", name=re.compile("Back to the images|Close")).click()
    expect(open_image(page)).to_be_hidden()
    wait_until_still(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 400


def test_a_row_and_a_column_show_all_their_mistakes(page: Page, address: str, evaluation: Evaluation) -> None:
    wrong = evaluation.confusion * (1 - np.eye(10, dtype=int))
    digit = int(wrong.sum(axis=1).argmax())
    page.goto(f"{address}/mistakes")
    page.get_by_role("button", name=f"All mistakes on true {digit}").click()
    expect(page.get_by_role("button", name="Test image")).to_have_count(int(wrong[digit].sum()))
    expect(page).to_have_url(re.compile(f"true={digit}"))
    digit = int(wrong.sum(axis=0).argmax())
    page.get_by_role("button", name=f"All images wrongly predicted {digit}").click()
    expect(page.get_by_role("button", name="Test image")).to_have_count(int(wrong[:, digit].sum()))
    expect(page).to_have_url(re.compile(f"read={digit}"))


def test_wins_and_losses_against_another_model_are_looked_at(page: Page, address: str, evaluation: Evaluation) -> None:
    other = registry.evaluate("mlp")
    wrong, other_wrong = (one.predicted != one.labels for one in (evaluation, other))
    page.goto(f"{address}/mistakes")
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="Two-layer network").click()
    page.get_by_text("Wins and losses").click()
    tiles = page.get_by_role("button", name="Test image")
    expect(tiles).to_have_count(int((wrong & ~other_wrong).sum()))
    expect(page.get_by_text("significant (p")).to_be_visible()
    page.get_by_text("Both wrong").click()
    expect(tiles).to_have_count(int((wrong & other_wrong).sum()))
    expect(page).to_have_url(re.compile("against=mlp"))


def test_a_wrong_label_is_suspected_and_looked_into(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes?image=5937")
    shown = open_image(page)
    expect(shown.get_by_text("The label may be wrong")).to_be_visible()
    shown.get_by_text("Compare models").click()
    expect(shown.get_by_text(re.compile(r"of \w+ models read a 3"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(page).not_to_have_url(re.compile("image="))


def test_a_lasso_on_the_map_shows_its_images_beside_it_and_in_the_address(
    page: Page, address: str, evaluation: Evaluation
) -> None:
    page.goto(f"{address}/mistakes?look=map")
    canvas = page.get_by_role("application", name="A map of 10,000 test images")
    expect(page.get_by_text("All 10,000 test images")).to_be_visible()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    corners = [(0.02, 0.07), (0.98, 0.07), (0.98, 0.98), (0.02, 0.98), (0.02, 0.09)]  # below Plotly's buttons
    (x, y), *others = [(box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in corners]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y, steps=5)
    page.mouse.up()
    wrong = len(evaluation.mistakes())
    expect(page.get_by_text("10,000 images selected")).to_be_visible()
    expect(page.get_by_text(f"{wrong} of 10,000 misclassified")).to_be_visible()
    tiles = page.get_by_role("button", name="Test image")
    expect(tiles).to_have_count(120)
    assert is_in_sight(tiles.first)
    assert is_in_sight(canvas)
    expect(page).to_have_url(re.compile("selected="))
    page.reload()
    expect(page.get_by_text("10,000 images selected")).to_be_visible()
    page.get_by_role("button", name="Clear selection").click()
    expect(page.get_by_text("10,000 images selected")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("selected="))


def test_the_map_is_walked_with_keys(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes?look=map")
    page.get_by_role("application", name="A map of 10,000 test images").focus()
    for key in ("ArrowRight", "PageDown", "Space"):
        page.keyboard.press(key)
    expect(page.get_by_text("30 images selected")).to_be_visible()
    page.get_by_role("application", name="A map of 10,000 test images").focus()
    for key in ("ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(open_image(page).get_by_role("heading", name="Test image")).to_be_visible()
    expect(page).to_have_url(re.compile("image=[0-9]"))
