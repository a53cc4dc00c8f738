"""What is lifted out of modules: made-up ones here, so that every case is seen alone."""

import sys
from pathlib import Path

import pytest

from mnist_core.export.script import lift
from mnist_core.export.script.lift import Lifted, without_underscores

FILES = {
    "base": "FACTOR = 2  # times\n\n\ndef double(number: float) -> float:\n    return FACTOR * number\n",
    "other": "import math\nfrom functools import cache\n\nfrom toyed.base import double\n\n_LIMIT = 9\n\n\n"
    "# What it is for.\n@cache\ndef quadruple(number: float) -> float:\n"
    "    return min(_LIMIT, math.floor(double(double(number))))\n",
    "clash": "from toyed.other import quadruple\n\n_LIMIT = 3\n\n\ndef least(number: float) -> float:\n"
    "    return min(_LIMIT, quadruple(number))\n",
    "alias": "from toyed.base import double as twice\n\n\ndef same(number: float) -> float:\n"
    "    return twice(number)\n",
}


@pytest.fixture
def toyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "toyed"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(lift, "OURS", "toyed")
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "toyed"]:
        del sys.modules[name]
    lift.module_of.cache_clear()


def test_what_a_function_needs_comes_before_it_and_once(toyed) -> None:
    from toyed.base import double
    from toyed.other import quadruple

    lifted = Lifted()
    text = lifted.lift(quadruple)
    assert text == (
        "_LIMIT = 9\nFACTOR = 2  # times\n\n\ndef double(number: float) -> float:\n    return FACTOR * number\n\n\n"
        "# What it is for.\n@cache\ndef quadruple(number: float) -> float:\n"
        "    return min(_LIMIT, math.floor(double(double(number))))"
    )
    assert lifted.imports == {"math": ("math", ""), "cache": ("functools", "cache")}
    assert lifted.lift(double) == ""
    names: dict = {}
    exec(f"import math\nfrom functools import cache\n{text}", names)
    assert names["quadruple"](2.1) == 8


def test_two_things_of_one_name_are_refused(toyed) -> None:
    from toyed.clash import least

    with pytest.raises(ValueError, match="_LIMIT"):
        Lifted().lift(least)


def test_another_name_for_something_of_ours_is_refused(toyed) -> None:
    from toyed.alias import same

    with pytest.raises(ValueError, match="as twice"):
        Lifted().lift(same)


def test_names_lose_their_underscore_unless_it_tells_them_apart() -> None:
    code = "_LIMIT = 1\n\n\ndef _sum(ink):\n    return ink\n\n\ndef _ink(ink):\n    return _sum(ink) + _LIMIT\n"
    assert without_underscores(code, ["_LIMIT", "_sum", "_ink"]) == code.replace("_LIMIT", "LIMIT")
