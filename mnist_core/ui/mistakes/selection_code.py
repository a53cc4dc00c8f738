"""A selection of test images as a short text, for the page's address.

Which of the images are selected is a row of bits, deflated and in base64: 4 characters for none, some 60 for the thirty
around a point, and never more than 1,700, whichever of the 10,000 they are. Unlike a lasso's corners it means the same
images on every model's map.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection

import numpy as np

MOST_CHARACTERS = 2_000
"""A longer text is nobody's selection."""

_RAW_DEFLATE = -15  # zlib's number for a stream without its header and checksum


def encode(ids: Collection[int]) -> str:
    """The ids, 0 or more each, as a text of letters, digits, `-` and `_`."""
    is_selected = np.zeros(max(ids, default=-1) + 1, np.bool_)
    is_selected[list(ids)] = True
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    packed = deflate.compress(np.packbits(is_selected).tobytes()) + deflate.flush()
    return urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decode(text: str, count: int) -> list[int] | None:
    """The ids in rising order; None for a text that is none of `encode`'s, or names an image from `count` on."""
    if not text or len(text) > MOST_CHARACTERS or not text.isascii():
        return None
    inflate = zlib.decompressobj(_RAW_DEFLATE)
    most_bytes = -(-count // 8)
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        bits = inflate.decompress(packed, most_bytes + 1)  # a small text may hold gigabytes of zeros
    except (ValueError, zlib.error):
        return None
    if not inflate.eof or len(bits) > most_bytes:
        return None
    ids: list[int] = np.flatnonzero(np.unpackbits(np.frombuffer(bits, np.uint8))).tolist()
    return None if not ids or ids[-1] >= count else ids
