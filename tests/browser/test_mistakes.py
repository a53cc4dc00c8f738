import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.runs import registry

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


def test_an_image_is_looked_at_closely_and_taken_to_draw(page: Page, address: str, evaluation: Evaluation) -> None:
    index = int(evaluation.mistakes()[0])
    true, read = evaluation.labels[index], evaluation.predicted[index]
    page.goto(f"{address}/mistakes")
    page.get_by_role("button", name=f"Test image {index}:").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"True {true}, predicted {read}")).to_be_visible()
    expect(dialog.locator(".digit")).to_have_text(str(read))
    dialog.get_by_role("link", name="Open in Draw").click()
    expect(page.get_by_text("True label")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\bWrong$"))).to_be_visible()
    expect(page.locator(".digit")).to_have_text(str(read))
    expect(page).to_have_url(re.compile(f"image={index}"))


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
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The label may be wrong")).to_be_visible()
    dialog.get_by_text("Compare models").click()
    expect(dialog.get_by_text(re.compile(r"of eight models read a 3"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).not_to_have_url(re.compile("image="))


def test_a_lasso_on_the_map_opens_the_images_within(page: Page, address: str, evaluation: Evaluation) -> None:
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
    expect(page.get_by_role("button", name="Test image")).to_have_count(120)
    page.get_by_role("button", name="Clear selection").click()
    expect(page.get_by_text("10,000 images selected")).to_be_hidden()


def test_the_map_is_walked_with_keys(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes?look=map")
    page.get_by_role("application", name="A map of 10,000 test images").focus()
    for key in ("ArrowRight", "PageDown", "Space"):
        page.keyboard.press(key)
    expect(page.get_by_text("30 images selected")).to_be_visible()
    page.get_by_role("application", name="A map of 10,000 test images").focus()
    for key in ("ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog").get_by_text("Test image")).to_be_visible()
    expect(page).to_have_url(re.compile("image=[0-9]"))
