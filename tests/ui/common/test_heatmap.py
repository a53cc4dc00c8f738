import base64
from xml.etree import ElementTree

import numpy as np
import pytest

from mnist_core.ui.common.heatmap import AGAINST_COLOR, FOR_COLOR, heat_url


def parts_of(heat: np.ndarray, pixels: np.ndarray) -> list[dict[str, str]]:
    kind, content = heat_url(heat, pixels).split(",")
    assert kind == "data:image/svg+xml;base64"
    return [element.attrib for element in ElementTree.fromstring(base64.b64decode(content))]


def square() -> np.ndarray:
    pixels = np.zeros((28, 28), np.float32)
    pixels[10:14, 5:9] = 1
    return pixels


def test_each_sign_has_its_colour_and_its_mark_where_it_stands() -> None:
    heat = np.zeros((28, 28), np.float32)
    heat[3, 7], heat[20, 9] = 2.0, -1.0
    parts = parts_of(heat, square())
    (for_it,) = [part for part in parts if part.get("fill") == FOR_COLOR]
    (against_it,) = [part for part in parts if part.get("fill") == AGAINST_COLOR]
    assert for_it["d"].startswith("M7 3h1")
    assert against_it["d"].startswith("M9 20h1")
    assert float(for_it["fill-opacity"]) == 1
    assert float(against_it["fill-opacity"]) < 1
    plus, minus = [part["d"] for part in parts if part.get("stroke-width") == ".14"]
    assert "v" in plus
    assert "v" not in minus


def test_the_digit_stays_visible_beneath_with_its_edge() -> None:
    parts = parts_of(np.zeros((28, 28), np.float32), square())
    assert sum(part.get("fill") == "#fff" for part in parts) == 16
    edge = parts[-1]["d"]
    assert edge.count("M") == 16  # four pixels on each of four sides
    assert "M5 10h1" in edge
    assert "M9 13v1" in edge


@pytest.mark.parametrize("value", [0.0, 1e-7])
def test_no_heat_paints_nothing(value: float) -> None:
    parts = parts_of(np.full((28, 28), value, np.float32), square() * 255)
    assert not [part for part in parts if part.get("fill") in (FOR_COLOR, AGAINST_COLOR)]
