"""What people do by hand: drawing on the pad with a mouse or a finger."""

from collections.abc import Sequence
from itertools import pairwise

from playwright.sync_api import CDPSession, Page

Path = Sequence[tuple[float, float]]
"""Where the pen goes, in shares of the pad's side."""

SEVEN: Path = [(0.28, 0.25), (0.5, 0.24), (0.72, 0.25), (0.6, 0.5), (0.47, 0.8)]
ONE: Path = [(0.52, 0.2), (0.5, 0.5), (0.48, 0.8)]

_BETWEEN = 6  # points between two corners


def draw_with_mouse(page: Page, path: Path) -> None:
    places = _on_screen(page, path)
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=_BETWEEN)
    page.mouse.up()


def draw_with_finger(page: Page, path: Path) -> None:
    finger = page.context.new_cdp_session(page)
    places = _on_screen(page, path)
    _touch(finger, "touchStart", places[0])
    for (x0, y0), (x1, y1) in pairwise(places):
        for part in range(1, _BETWEEN + 1):
            share = part / _BETWEEN
            _touch(finger, "touchMove", (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share))
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _touch(finger: CDPSession, kind: str, place: tuple[float, float]) -> None:
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": place[0], "y": place[1]}]})


def _on_screen(page: Page, path: Path) -> list[tuple[float, float]]:
    pad = page.locator(".pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in path]
