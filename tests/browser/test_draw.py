import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.hand import ONE, SEVEN, draw_with_finger, draw_with_mouse
from tests.photos import photo_of
from tests.preprocessing.examples import encode

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
    expect(page.get_by_text("Right? If not, which digit is it?")).to_be_in_viewport()


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


FOCUSED = """() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (focused?.matches("main, section")) return "the page";  // which scrolls, and holds all that is named on it
  return focused?.getAttribute("aria-label") ?? focused?.textContent ?? "";
}"""


def tab_to(page: Page, name: str) -> list[str]:
    """What the Tab key comes to, one by one, until it is at what is called so."""
    passed = [""]
    while name not in passed[-1]:
        assert len(passed) < 40, passed
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
    return passed


def test_a_seven_is_drawn_with_the_keyboard_alone(page: Page, address: str) -> None:
    open_pad(page, address)
    passed = tab_to(page, "Drawing area")
    assert not [name for name in passed if "Model" in name]
    expect(page.get_by_text("Arrows move the pen")).to_be_visible()
    press_all(page, *["ArrowLeft"] * 10, *["ArrowUp"] * 10, "Space", *["ArrowRight"] * 18)
    press_all(page, *["ArrowDown", "ArrowDown", "ArrowLeft"] * 10, "Enter")
    expect(page.locator("[data-answered=yes]")).to_be_visible()
    expect(page.locator(".digit")).to_have_text("7")
    press_all(page, "ArrowRight", "ArrowRight")
    expect(page.locator(".digit")).to_have_text("7")  # the pen was up
    page.keyboard.press("Control+z")
    expect(page.locator(".digit")).to_have_text("?")
    page.keyboard.press("Escape")
    assert "Drawing area" not in page.evaluate(FOCUSED)
    tab_to(page, "Model")


def test_two_arrows_at_once_draw_aslant(page: Page, address: str) -> None:
    open_pad(page, address)
    page.locator(".pad canvas").focus()
    press_all(page, *["ArrowUp"] * 10, "Space")
    page.keyboard.down("ArrowLeft")
    for _ in range(10):
        page.keyboard.down("ArrowDown")  # held down, a key comes again and again
    page.keyboard.up("ArrowLeft")
    page.keyboard.up("ArrowDown")
    page.keyboard.press("Escape")  # which lifts the pen, too
    expect(page.locator("[data-answered=yes]")).to_be_visible()
    expect(page.locator(".digit")).not_to_have_text("?")


def press_all(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_row_of_digits_is_a_number_and_each_can_be_chosen(page: Page, address: str) -> None:
    open_pad(page, address)
    draw_with_mouse(page, [(0.45 * x, 0.6 * y + 0.2) for x, y in SEVEN])
    expect(page.locator("[data-answered=yes]")).to_be_visible()
    draw_with_mouse(page, [(0.75, 0.32), (0.73, 0.68)])
    expect(page.locator(".digit")).to_have_text("71")
    page.get_by_role("button", name="Digit 2").click()
    expect(page.get_by_text("Digit 2 of 2: Looks like a 1")).to_be_visible()
    expect(page.locator(".bars li").nth(1)).to_have_attribute("data-rank", "0")


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
    page.get_by_role("switch", name="White on black").focus()
    expect(page.get_by_text("Dark ink on light paper")).to_be_visible()


def test_a_test_image_is_shown_with_its_true_label(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("Test image", exact=True).click()
    expect(page.get_by_text(re.compile("(Correct|Wrong)$"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"image=\d+"))


def test_a_misclassified_image_opens_here_and_leads_back_to_the_mistakes(page: Page, address: str) -> None:
    page.goto(f"{address}/mistakes?true=4&read=9&image=1901")
    page.get_by_role("link", name="Open in Draw").click()
    expect(page.get_by_text("Image 1,901 of MNIST")).to_be_visible()
    expect(page.get_by_role("radio", name="Test image")).to_be_checked()
    page.get_by_role("link", name="Back to the mistakes").click()
    expect(page.get_by_role("button", name="Back to the images")).to_be_visible()
    expect(page).to_have_url(re.compile("true=4&read=9"))


UNREADABLE = {
    "note.pdf": (b"%PDF-1.7 a note", "This is a PDF document"),
    "seven.heic": (b"no picture at all", "This is not an image"),
    "seven.png": (photo_of(0)[:500], "The image is damaged"),
    "large.jpg": (photo_of(0) + bytes(11 * 2**20), "at most 10 MB can be read"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_of_what_cannot_be_read_it_is_said_why(page: Page, address: str, name: str) -> None:
    content, words = UNREADABLE[name]
    page.goto(address)
    page.get_by_text("Upload", exact=True).click()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})
    expect(page.get_by_text(words)).to_be_visible()


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "AVIF", "HEIF"])
def test_pictures_of_all_kinds_are_read(page: Page, address: str, kind: str) -> None:
    content = encode(Image.open(io.BytesIO(photo_of(0))), kind)
    page.goto(address)
    page.get_by_text("Upload", exact=True).click()
    page.locator("input[type=file]").set_input_files({"name": "seven", "mimeType": "", "buffer": content})
    expect(page.locator(".digit")).to_have_text("7")
