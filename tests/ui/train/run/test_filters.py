import base64
import io
from dataclasses import replace

import numpy as np
from PIL import Image

from mnist_core.ui.train.run.filters import picture_url, pictures_of
from tests.ui.train.run import made_up


def svg(filters: np.ndarray) -> str:
    kind, data = picture_url(filters.astype(np.float32)).split(",")
    assert kind == "data:image/svg+xml;base64"
    return base64.b64decode(data).decode()


def luminance(color: str) -> float:
    red, green, blue = (int(color[place : place + 2], 16) for place in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_there_is_a_picture_for_each_filter_and_none_where_none_were_kept() -> None:
    assert len(pictures_of(made_up.measured(1))) == 16
    assert pictures_of(made_up.measured(1, filters=False)) == ()


def test_the_sign_is_in_the_lightness_too() -> None:
    drawn = svg(np.array([[1.0, 0.0, -1.0]]))
    light, grey, dark = (luminance(part[:6]) for part in drawn.split('fill="#')[1:])
    assert light > grey > dark


def test_strong_cells_carry_their_sign_and_weak_ones_none() -> None:
    assert svg(np.array([[1.0, -1.0, 0.05]])).count("stroke=") == 2
    plus, minus = svg(np.array([[1.0]])), svg(np.array([[-1.0]]))
    assert "v.36" in plus
    assert "v.36" not in minus


def test_large_filters_are_small_files() -> None:
    url = picture_url(np.linspace(-1, 1, 784, dtype=np.float32).reshape(28, 28))
    picture = Image.open(io.BytesIO(base64.b64decode(url.split(",")[1])))
    assert picture.size == (28, 28)
    assert picture.mode == "RGB"
    assert len(url) < 6_000


def test_all_filters_share_one_scale() -> None:
    weights = np.zeros((2, 1, 1), "<f2")
    weights[0], weights[1] = 2.0, 0.5
    one, other = pictures_of(replace(made_up.measured(1), filters=weights.tobytes(), filters_shape=[2, 1, 1]))
    assert one.src != other.src


def test_filters_of_nothing_can_be_drawn() -> None:
    dead = replace(made_up.measured(1), filters=np.zeros((1, 3, 3), "<f2").tobytes(), filters_shape=[1, 3, 3])
    assert len(pictures_of(dead)) == 1
