import zlib
from base64 import urlsafe_b64encode

import numpy as np
import pytest

from mnist_core.ui.mistakes.selection_code import MOST_CHARACTERS, decode, encode

COUNT = 10_000


def some(count: int, seed: int = 0) -> list[int]:
    return sorted(np.random.default_rng(seed).choice(COUNT, count, replace=False).tolist())


@pytest.mark.parametrize("ids", [[0], [9_999], [7, 8], list(range(COUNT)), *map(some, (3, 30, 500, 5_000, 9_990))])
def test_what_is_encoded_is_decoded(ids: list[int]) -> None:
    text = encode(ids)
    assert decode(text, COUNT) == ids
    assert len(text) <= 1_700 < MOST_CHARACTERS
    assert text.replace("-", "").replace("_", "").isalnum()


def test_few_images_are_a_short_text_and_the_order_does_not_matter() -> None:
    assert len(encode(some(30))) < 200
    assert encode([9, 3, 200]) == encode([3, 9, 200])


def deflated(data: bytes) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return urlsafe_b64encode(deflate.compress(data) + deflate.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "ä", "%%%%", "AAAA", "A" * (MOST_CHARACTERS + 1), encode([COUNT]), encode(some(30))[:-4], encode([]),
        deflated(bytes(1_000_000)), deflated(bytes(1_251)), deflated(b"random" * 300),
    ],
)  # fmt: skip
def test_anything_else_is_no_selection(text: str) -> None:
    assert decode(text, COUNT) is None
