import base64
import io

import numpy as np
from PIL import Image

from mnist_core.ui.common.pictures import data_url, grey


def test_a_data_address_holds_the_very_pixels() -> None:
    image = np.random.default_rng(0).integers(0, 256, (28, 31), dtype=np.uint8)
    head, content = data_url(image).split(",")
    assert head == "data:image/png;base64"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))), image)


def test_pixels_are_shown_alike_whether_they_were_scaled_or_not() -> None:
    levels = np.arange(256, dtype=np.float32).reshape(16, 16)
    assert np.array_equal(grey(levels), grey(levels / 255))
    assert grey(levels / 255).max() == 255
