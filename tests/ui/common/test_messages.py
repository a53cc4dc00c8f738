import re

from hypothesis import given
from hypothesis import strategies as st

from mnist_core.ui.common.messages import plain

MARKUP = set("\\`*_{}[]()#+-.!|<>~$:")


@given(st.text())
def test_every_character_of_markup_is_escaped_and_no_other_changed(text: str) -> None:
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown) == " ".join(text.split())
    unescaped = re.sub(r"\\.", "", shown)
    assert not MARKUP & set(unescaped)
