import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE_MS, NewPage
from tests.browser.test_navigation import wait_until_still

pytestmark = pytest.mark.browser

CURVE = re.compile(r"newest batch, training is at \d")
SLICE = "train_images=20000&batch_size=64&epochs=2"  # long enough to be watched where two cores do much else
PAUSED = re.compile(r"Paused after step ([\d,]+) of")
STEPS_AN_EPOCH = 32  # of 2,000 images in batches of 64


def test_the_levers_start_and_the_curves_are_in_view_when_the_page_opens(page: Page, address: str) -> None:
    page.goto(f"{address}/train")
    shown = [
        page.get_by_role("radio", name="Gentle"),
        page.get_by_role("group", name="Learning rate"),
        page.get_by_role("combobox", name="Activation"),
        page.get_by_role("group", name="Dropout after convolutions"),
        page.get_by_role("group", name="Dropout before the output"),
        page.get_by_role("button", name="Start training"),
        page.get_by_role("img", name=re.compile("Loss by epoch")),
        page.get_by_role("img", name=re.compile("Accuracy by epoch")),
    ]
    for one in shown:
        expect(one).to_be_in_viewport(ratio=1)


def test_on_a_phone_the_curves_come_first_and_start_is_always_in_reach(new_page: NewPage, address: str) -> None:
    page = new_page(400, touch=True)
    page.goto(f"{address}/train")
    start = page.get_by_role("button", name="Start training")
    expect(page.get_by_role("img", name=re.compile("Loss by epoch"))).to_be_in_viewport(ratio=1)
    for told in ("No run yet", "Overfitting", "Learning-rate finder", "All settings", "Recent runs"):
        page.get_by_text(told).last.scroll_into_view_if_needed()
        start.click(trial=True)  # in view, and not covered by anything
        expect(start).to_be_in_viewport(ratio=1)
    heights = [page.get_by_text(told).last.bounding_box() for told in ("No run yet", "Overfitting", "All settings")]
    tops = [box["y"] for box in heights if box]
    assert tops == sorted(tops)
    assert len(tops) == 3
    start.click()
    expect(
        page.get_by_role("heading", name="Training").or_(page.get_by_role("heading", name="Waiting"))
    ).to_be_visible()
    for told in ("Recent runs", "All settings"):
        page.get_by_text(told).last.scroll_into_view_if_needed()
        expect(page.get_by_role("button", name="Stop")).to_be_in_viewport(ratio=1)
    press(page, "Stop")
    expect(page.get_by_role("heading", name="Stopped")).to_be_visible()
    start.click(trial=True)
    expect(start).to_be_in_viewport(ratio=1)


def test_a_setting_is_found_changed_and_set_back_by_its_chip(page: Page, address: str) -> None:
    page.goto(f"{address}/train")
    page.get_by_text("All settings").click()
    page.get_by_placeholder("Find a setting").fill("batch size")
    slide(page, "Batch size", "ArrowRight")
    expect(page).to_have_url(re.compile("batch_size=256"))
    page.get_by_text("All settings").click()
    expect(page.get_by_role("slider", name="Batch size")).to_have_count(0)
    page.get_by_role("button", name="Batch size 256").click()
    expect(page.get_by_text("All defaults. What you change")).to_be_visible()
    expect(page).to_have_url(re.compile("/train$"))


def test_runs_are_opened_compared_renamed_and_deleted_in_their_table(page: Page, address: str) -> None:
    for activation in ("tanh", "relu"):
        page.goto(f"{address}/train?train_images=200&model=mlp&epochs=2&activation={activation}")
        page.get_by_role("button", name="Start training").click()
        expect(page.get_by_text("See its mistakes").first).to_be_visible()
    click_cell(page, 2, 80)  # Open
    expect(page.get_by_role("heading", name="tanh")).to_be_visible()
    expect(page.get_by_text("This run has other settings than the form: Activation.")).to_be_visible()

    for row in (1, 2):
        click_cell(page, row, 16)  # its box
    expect(page.get_by_role("img", name=re.compile("Training loss by epoch. A is at .* B is at"))).to_be_visible()
    click_cell(page, 1, 16)
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("the *old* one")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="the *old* one")).to_be_visible()

    page.get_by_role("button", name="Delete 1 run").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("No run yet")).to_be_visible()
    expect(page).not_to_have_url(re.compile("run="))


def test_a_run_is_watched_left_alone_and_found_finished(page: Page, address: str) -> None:
    page.goto(f"{address}/train?{SLICE}")
    page.get_by_role("button", name="Start training").click()
    chart = page.get_by_role("img", name=re.compile("Loss by epoch")).first  # the empty one stays for a moment
    expect(chart).to_have_accessible_name(CURVE)
    first = chart.get_attribute("aria-label") or ""
    expect(chart).not_to_have_accessible_name(first)

    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.locator(".digit")).to_have_text("?")
    page.get_by_role("link", name="Train", exact=True).click()
    expect(page.get_by_text("20,000").first).to_be_visible()

    page.get_by_role("link", name="See its mistakes").click()
    expect(page.get_by_text("of 10,000 wrong")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/mistakes\?run=[0-9a-f]{8}"))


def test_a_run_is_controlled_in_the_browser_that_started_it_and_watched_in_others(
    new_page: NewPage, address: str
) -> None:
    mine = new_page()
    mine.goto(f"{address}/train?train_images=10000&epochs=50")
    mine.get_by_role("button", name="Start training").click()
    expect(stop_button(mine)).to_be_visible()
    expect(mine).to_have_url(re.compile("run="))
    assert "owner" not in mine.url

    theirs = new_page()
    theirs.goto(mine.url)
    expect(theirs.get_by_text("You can watch this run")).to_be_visible()
    expect(stop_button(theirs)).to_have_count(0)

    mine.reload()
    expect(stop_button(mine)).to_be_visible()
    mine.context.set_default_timeout(PATIENCE_MS)
    second_tab = mine.context.new_page()
    second_tab.goto(mine.url)
    stop_button(second_tab).click()
    for page in (second_tab, mine, theirs):
        expect(page.get_by_role("heading", name="Stopped")).to_be_visible()


def stop_button(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("button", name="Stop")


def test_a_link_with_nonsense_opens_with_a_notice(page: Page, address: str) -> None:
    page.goto(f"{address}/train?learning_rate=nan&epochs=3")
    expect(page.get_by_text("Learning rate cannot be")).to_be_visible()
    expect(page.get_by_text("3 epochs")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/train\?epochs=3$"))


def test_going_back_takes_back_a_setting(page: Page, address: str) -> None:
    page.goto(f"{address}/train?model=linear")
    page.get_by_role("button", name="Defaults").click()
    expect(page).to_have_url(re.compile("/train$"))
    expect(page.get_by_text("All defaults. What you change")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Model: Linear")).to_be_visible()


def test_a_run_is_paused_stepped_changed_and_gone_on_with(page: Page, address: str) -> None:
    page.goto(f"{address}/train?train_images=2000&batch_size=64&epochs=40&conv_dropout=0.1")
    page.get_by_role("button", name="Start training").click()
    press(page, "Pause")
    expect(page.get_by_text(PAUSED)).to_be_visible()
    before = steps_done(page)

    press(page, "One step")
    expect(page.get_by_text(f"Paused after step {before + 1:,} of")).to_be_visible()
    press(page, "One epoch")
    the_end_of_that_epoch = -(-(before + 2) // STEPS_AN_EPOCH) * STEPS_AN_EPOCH
    expect(page.get_by_text(f"Paused after step {the_end_of_that_epoch:,} of")).to_be_visible()

    page.get_by_text("Change settings while it trains").click()
    slide(page, "Learning rate", "ArrowRight")
    slide(page, "Dropout after convolutions", "ArrowRight")
    expect(page.get_by_text(f"Learning rate 0.02: counts from step {the_end_of_that_epoch + 1:,}")).to_be_visible()
    expect(page.get_by_text("Dropout after convolutions 0.15: counts")).to_be_visible()

    press(page, "Resume")
    expect(page.get_by_text(PAUSED)).to_have_count(0)
    expect(page.get_by_text(re.compile(r"^Step [\d,]+ of"))).to_be_visible()
    press(page, "Stop")
    expect(page.get_by_role("heading", name="Stopped")).to_be_visible()

    page.get_by_role("button", name="Train longer").click()
    page.get_by_role("button", name=re.compile("Train .* more")).click()
    expect(page.get_by_role("heading", name="longer")).to_be_visible()
    press(page, "Stop")
    expect(page.get_by_role("heading", name="Stopped")).to_be_visible()


def test_a_finished_run_is_looked_back_on_and_taken_away(page: Page, address: str) -> None:
    page.goto(f"{address}/train?train_images=500&model=mlp&epochs=3")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text("See its mistakes").first).to_be_visible()
    figures = page.get_by_text(re.compile("^Validation .* loss"))
    newest = figures.inner_text()
    slide(page, "Epoch", "ArrowLeft")
    expect(figures).not_to_have_text(newest)
    expect(page.get_by_text("3, kept")).to_be_visible()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("script", re.I)).click()
    source = download.value.path().read_text()
    compile(source, "script.py", "exec")
    assert "mnist_core" not in source


def test_a_preset_fails_as_it_is_written_and_the_page_says_why(page: Page, address: str) -> None:
    page.goto(f"{address}/train")
    page.get_by_text("Code you'll find online").click()
    page.get_by_role("combobox", name="Which example").click()
    page.get_by_role("option", name=re.compile("StandardScaler")).click()
    page.get_by_role("button", name="Use original").click()
    expect(page).to_have_url(re.compile("scaling=per_pixel"))
    page.goto(page.url.replace("train_images=5000", "train_images=1000"))  # as wrong, and sooner
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text(re.compile("of 45 SVMs"))).to_be_visible()
    expect(page.get_by_text("Gamma is too high")).to_be_visible()


def click_cell(page: Page, row: int, x_px: int) -> None:
    """Click in a row of the table of runs, which is drawn on a canvas; 0 is its head.

    After a run that has just ended, the table is made anew.
    """
    wait_until_still(page)
    page.get_by_test_id("stDataFrame").first.click(position={"x": x_px, "y": 35 * row + 17})


def slide(page: Page, name: str, key: str) -> None:
    """Press a key on the last slider of that name: one press moves it."""
    slider = page.get_by_role("slider", name=name).last
    expect(slider).to_be_visible()  # what is still folded away takes no focus
    before = slider.get_attribute("aria-valuetext") or ""
    slider.press(key)
    expect(slider).not_to_have_attribute("aria-valuetext", before)


def press(page: Page, label: str) -> None:
    page.get_by_role("main").get_by_role("button", name=re.compile(f"^{label}")).first.click()


def steps_done(page: Page) -> int:
    """Of a run that is paused: the number that stands still."""
    said, before = page.get_by_text(PAUSED), ""
    while (text := said.inner_text()) != before:
        before = text
        page.wait_for_timeout(1_000)
    found = PAUSED.search(text)
    assert found
    return int(found.group(1).replace(",", ""))
