"""Arrays as pictures that a browser shows without asking the server for a file."""

import base64
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BLANK: NDArray[np.uint8] = np.zeros((28, 28), np.uint8)


def data_url(image: NDArray[np.uint8], compress_level: int = 1) -> str:
    """A grey image (H, W) as a `data:` address of a PNG."""
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image)).save(file, "PNG", compress_level=compress_level)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def svg_url(width: int, height: int, scale_px: int, content: str) -> str:
    """A drawing of so many units, each `scale_px` pixels wide, as a `data:` address of an SVG."""
    size = f'viewBox="0 0 {width} {height}" width="{width * scale_px}" height="{height * scale_px}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{content}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def grey(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """What goes into a network as a picture: 0..1, or 0..255 when it was never scaled, to 0..255."""
    scale = 255 if pixels.max(initial=0) <= 1 else 1
    scaled: NDArray[np.uint8] = (pixels * scale).clip(0, 255).round().astype(np.uint8)
    return scaled


def thumbnail(image: NDArray[np.uint8], longest_px: int = 280) -> NDArray[np.uint8]:
    """The image (H, W), reduced when a side is longer than that."""
    if max(image.shape) <= longest_px:
        return image
    small = Image.fromarray(image)
    small.thumbnail((longest_px, longest_px), Image.Resampling.BOX)
    return np.asarray(small)
