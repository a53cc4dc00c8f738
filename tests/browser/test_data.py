import re

import pytest
from playwright.sync_api import Page, expect

from mnist_core.data.dataset import corruption_masks
from mnist_core.recipe import Recipe

pytestmark = pytest.mark.browser


def test_suspects_are_ticked_and_the_model_is_trained_without_them(page: Page, address: str) -> None:
    page.goto(f"{address}/data?train_images=1000&label_noise=0.05")
    count = int(corruption_masks(Recipe(train_images=1000, label_noise=0.05)).wrong_label.sum())
    expect(page.get_by_text(f"You added {count}")).to_be_visible()
    tiles = page.get_by_role("button", name=re.compile("^Training image [0-9]"))
    expect(tiles).to_have_count(60)
    first = int(tiles.first.get_attribute("data-id") or -1)
    tiles.first.click()
    expect(tiles.first).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("1 selected to be excluded")).to_be_visible()
    tiles.nth(1).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("2 selected to be excluded")).to_be_visible()
    page.get_by_role("link", name="Train without them").click()
    expect(page).to_have_url(re.compile(f"/train.*left_out=[^&]*{first}"))
    expect(page.get_by_text("Manually excluded").first).to_be_visible()
    page.get_by_role("link", name="Look at its training images").click()
    expect(page).to_have_url(re.compile(f"/data.*left_out=[^&]*{first}"))
    expect(page.get_by_text("2 selected to be excluded")).to_be_visible()


def test_a_test_image_with_a_doubtful_label_is_taken_to_draw(page: Page, address: str) -> None:
    page.goto(f"{address}/data?look=test&train_images=1000")
    page.get_by_role("button", name="Test image 2130:").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Mean probability of the label")).to_be_visible()
    dialog.get_by_role("link", name="Open in Draw").click()
    expect(page.get_by_text("Image 2,130 of MNIST")).to_be_visible()
