import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.hand import ONE, SEVEN, draw_with_finger, draw_with_mouse
from tests.photos import photo_of

pytestmark = pytest.mark.browser


def open_pad(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".hint")).to_be_visible()
    expect(page.locator(".digit")).to_have_text("?")


def test_a_seven_drawn_with_the_mouse_is_read_as_seven(page: Page, address: str) -> None:
    open_pad(page, address)
    draw_with_mouse(page, SEVEN)
    expect(page.locator(".digit")).to_have_text("7")
    expect(page.get_by_text("Looks like a 7")).to_be_visible()
    expect(page.locator(".bars li").nth(7)).to_have_attribute("data-rank", "0")
    expect(page.get_by_text("Centred by mass")).to_be_visible()
    expect(page.get_by_text("Which digit did you mean?")).to_be_in_viewport()


def test_a_seven_drawn_with_a_finger_is_read_as_seven(new_page: NewPage, address: str) -> None:
    page = new_page(400, touch=True)
    open_pad(page, address)
    draw_with_finger(page, SEVEN)
    expect(page.locator(".digit")).to_have_text("7")


def test_a_mirrored_seven_is_misread_named_and_put_right(page: Page, address: str) -> None:
    open_pad(page, address)
    draw_with_mouse(page, [(1 - x, y) for x, y in SEVEN])
    expect(page.locator("[data-answered=yes]")).to_be_visible()  # an answer before the pen was up is another question
    expect(page.locator(".digit")).not_to_have_text("7")
    meant(page, 7)
    expect(page.get_by_text("Fix: mirror it, then it is read as a 7")).to_be_visible()
    expect(page.get_by_text("left and right are swapped")).to_be_visible()
    draw_with_mouse(page, ONE)
    expect(page.get_by_text("then it is read")).to_be_hidden()


def meant(page: Page, digit: int) -> None:
    name = str(digit)
    page.get_by_role("radio", name=name, exact=True).or_(page.get_by_role("button", name=name, exact=True)).click()


def test_a_seven_in_the_corner_is_misread_raw_named_and_put_right(page: Page, address: str) -> None:
    open_pad(page, f"{address}/?run=cnn_plain")  # the default model forgives a corner
    draw_with_mouse(page, [(0.55 * x + 0.43, 0.55 * y + 0.43) for x, y in SEVEN])
    expect(page.locator("[data-answered=yes]")).to_be_visible()
    expect(page.locator(".digit")).to_have_text("7")
    page.get_by_role("button", name="Just shrink it").click()
    expect(page.locator(".digit")).not_to_have_text("7")
    expect(page).to_have_url(re.compile("steps=raw"))
    meant(page, 7)
    expect(page.get_by_text("Off-centre", exact=True)).to_be_visible()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".digit")).to_have_text("7")
    expect(page.get_by_text("it is read as a 7, as you meant")).to_be_visible()


def test_one_step_is_switched_off_by_keyboard(page: Page, address: str) -> None:
    open_pad(page, address)
    draw_with_mouse(page, ONE)
    expect(page.locator("[data-answered=yes]")).to_be_visible()
    switch = page.get_by_role("switch", name="Proportions kept")
    switch.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("stretched to a square")).to_be_visible()
    expect(page).to_have_url(re.compile("steps="))
    expect(switch).not_to_be_checked()


def test_the_answer_comes_before_the_pen_is_lifted(page: Page, address: str) -> None:
    open_pad(page, address)
    box = page.locator(".pad canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.8, steps=20)
    expect(page.locator(".digit")).to_have_text("1")
    page.mouse.up()


def test_undo_and_clear_with_buttons_and_keys(page: Page, address: str) -> None:
    open_pad(page, address)
    draw_with_mouse(page, ONE)
    expect(page.locator(".digit")).to_have_text("1")
    draw_with_mouse(page, [(0.2, 0.5), (0.8, 0.5)])
    expect(page.locator(".digit")).not_to_have_text("1")
    page.keyboard.press("Control+z")
    expect(page.locator(".digit")).to_have_text("1")
    page.keyboard.press("Delete")
    expect(page.locator(".digit")).to_have_text("?")
    draw_with_mouse(page, SEVEN)
    expect(page.locator(".digit")).to_have_text("7")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".digit")).to_have_text("?")


def test_a_drawing_is_still_there_after_a_look_at_another_page(page: Page, address: str) -> None:
    open_pad(page, address)
    draw_with_mouse(page, SEVEN)
    expect(page.locator(".digit")).to_have_text("7")
    page.get_by_role("link", name="Mistakes", exact=True).click()
    expect(page.get_by_text("predicted", exact=True)).to_be_visible()
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.locator(".digit")).to_have_text("7")
    expect(page.locator(".hint")).to_be_hidden()


def test_a_black_on_white_jpeg_is_read(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("Upload", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "seven.jpg", "mimeType": "image/jpeg", "buffer": photo_of(0)}
    )
    expect(page.locator(".digit")).to_have_text("7")
    expect(page.get_by_text("Dark ink on light paper")).to_be_visible()


def test_surprise_me_shows_a_test_image_and_its_true_label(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("Random test image").click()
    expect(page.get_by_text(re.compile("(Correct|Wrong)$"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"image=\d+"))
