"""The parts that bring their own JavaScript, called as Streamlit calls them."""

import pytest
from playwright.sync_api import Page, expect

from mnist_core.ui.components.register_component import script_of

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
