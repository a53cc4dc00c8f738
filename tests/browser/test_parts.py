"""The parts that bring their own JavaScript, called as Streamlit calls them."""

import pytest
from playwright.sync_api import Page, expect

from mnist_core.ui.components.register_component import script_of
from tests.browser.server import ROOT

pytestmark = pytest.mark.browser


# Two calls in quick succession; the first one is overtaken, so that Streamlit has it clean up.
OVERTAKEN = """async (script) => {
  const address = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
  const mount = (await import(address)).default;
  const parentElement = document.body.appendChild(document.createElement('div'));
  const call = () => mount({
    parentElement, data: {drawing: null, answered: null, pen_px: 20}, setStateValue: () => {},
  });
  const cleanUp = call();
  window.cleanUp = call();
  parentElement.querySelector('canvas').focus();
  cleanUp();
}"""


def test_a_pad_stays_when_a_call_is_overtaken_and_goes_with_its_place(page: Page) -> None:
    page.evaluate(OVERTAKEN, script_of("canvas"))
    expect(page.locator(".pad canvas")).to_be_focused()
    left = page.evaluate("""() => {
      const place = document.querySelector('.pad').parentElement.parentElement;
      place.remove();
      window.cleanUp();
      return place.childElementCount;
    }""")
    assert left == 0


CHIPS = """async ([script, style, name]) => {
  const address = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
  const mount = (await import(address)).default;
  const parentElement = document.body.appendChild(document.createElement('div'));
  parentElement.style.width = '660px';
  parentElement.appendChild(document.createElement('style')).textContent = style;
  const chips = ['A', 'B'].map((letter) => ({letter, name, value: '99.58 %', note: '42 wrong'}));
  mount({parentElement, data: {label: 'Accuracy', chips, lines: true}, setStateValue: () => {}});
}"""


@pytest.mark.parametrize("name", ["Small CNN", "a" * 400, "A run with a long name, " * 20])
def test_two_models_are_one_line_however_long_their_names(page: Page, name: str) -> None:
    style = (ROOT / "mnist_core" / "ui" / "components" / "model_chips.css").read_text()
    page.evaluate(CHIPS, [script_of("model_chips"), style, name])
    line = page.get_by_role("list", name="Accuracy")
    box = line.bounding_box()
    assert box
    assert (box["width"], box["height"] < 40) == (660, True)
    assert line.evaluate("(one) => one.scrollWidth") == 660
    for chip in line.get_by_role("listitem").all():
        expect(chip.get_by_title(name, exact=True)).to_have_text(name)
        expect(chip.get_by_text("99.58 %")).to_be_visible()
