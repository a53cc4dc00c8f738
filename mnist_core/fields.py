"""A setting of a recipe: its bounds, unit, explanation, and how it is parsed from text."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Value = int | float | bool | str
Kind = Literal["whole", "real", "switch", "choice", "indexes"]

_SWITCHES = dict.fromkeys(("true", "1", "yes", "on"), True) | dict.fromkeys(("false", "0", "no", "off"), False)
_MAX_DIGITS = 18  # of an index, leading zeros too: longer ones are not read


@dataclass(frozen=True, slots=True)
class Field:
    """One setting: its bounds, unit and explanation.

    Attributes:
        group, section: Where it is shown; see `recipe.GROUPS` and `recipe.SECTIONS`.
        kind: `whole` (int), `real` (float), `switch` (bool), `choice` (one of `choices`) or `indexes` (a text of whole
            numbers in rising order, separated by commas: `12,503,41000`; see `indexes_in`).
        low, high: Inclusive bounds of a number, in `unit`, or of each index; unused otherwise.
        most: The maximum number of indexes.
        choices: The values a choice may take, with the label each is shown under.
        log: Whether a slider for it should be logarithmic.
        help: What it is, in plain words.
        expect: What to expect when it is changed.
    """

    name: str
    kind: Kind
    group: str
    section: str
    label: str
    default: Value
    help: str
    expect: str = ""
    unit: str = ""
    low: float = 0
    high: float = 0
    most: int = 0
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    log: bool = False

    def read(self, value: object) -> Value:
        """The value, in this field's type and inside its bounds.

        Text is read as the URL and the command line write it (`0.01`, `true`, `relu`); indexes may come as a list too,
        in any order, some more than once.

        Raises:
            ValueError: With a sentence that says what is accepted.
        """
        try:
            return _READERS[self.kind](self, value)
        except (ValueError, KeyError, OverflowError):
            raise ValueError(self.accepts()) from None

    def write(self, value: Value) -> str:
        """The value as text that `read` takes back to the same value."""
        if self.kind == "switch":
            return "true" if value else "false"
        return repr(value) if self.kind == "real" else str(value)

    def accepts(self) -> str:
        """What this field accepts, in words."""
        if self.kind == "switch":
            return "true or false"
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
        if self.kind == "indexes":
            return f"at most {self.most} whole numbers from {self.low:g} to {self.high:g}, separated by commas"
        kind = "a whole number" if self.kind == "whole" else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}"


def _read_switch(_: Field, value: object) -> bool:
    return _SWITCHES[str(value).strip().lower()]


def _read_choice(field: Field, value: object) -> str:
    text = str(value).strip().lower()
    if text not in field.choices:
        raise ValueError(text)
    return text


def _read_indexes(field: Field, value: object) -> str:
    words = value if isinstance(value, list | tuple) else str(value).split(",") if str(value).strip() else []
    texts = [str(word).strip() for word in words]
    if not all(text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS for text in texts):
        raise ValueError(value)
    indexes = sorted({int(text) for text in texts})
    if len(indexes) > field.most or not all(field.low <= index <= field.high for index in indexes):
        raise ValueError(value)
    return ",".join(map(str, indexes))


def _read_number(field: Field, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(value)
    number = float(value)
    if not field.low <= number <= field.high:  # as no number that is none is, either
        raise ValueError(value)
    if field.kind == "real":
        return number
    if not number.is_integer():
        raise ValueError(value)
    return int(number)


_READERS: dict[Kind, Callable[[Field, object], Value]] = {
    "whole": _read_number,
    "real": _read_number,
    "switch": _read_switch,
    "choice": _read_choice,
    "indexes": _read_indexes,
}
"""What reads a value, by the field's kind; raises an error that `Field.read` puts into words."""


def indexes_in(value: str) -> tuple[int, ...]:
    """The whole numbers of a field of kind `indexes`, in rising order."""
    return tuple(int(word) for word in value.split(",") if word)


def _setting(kind: Kind, default: Value, **facts: Any) -> Any:
    """A dataclass field that carries its `Field`; the name is filled in by `FIELDS`."""
    return dataclasses.field(default=default, metadata={"facts": {"kind": kind, "default": default, **facts}})


def whole(default: int, low: int, high: int, **facts: Any) -> Any:
    """A whole number from `low` to `high`; `facts` are those of `Field`."""
    return _setting("whole", default, low=low, high=high, **facts)


def real(default: float, low: float, high: float, **facts: Any) -> Any:
    """A number from `low` to `high`."""
    return _setting("real", default, low=low, high=high, **facts)


def switch(default: bool, **facts: Any) -> Any:
    """On or off."""
    return _setting("switch", default, **facts)


def choice(choices: Mapping[str, str], default: str, **facts: Any) -> Any:
    """One of `choices`, each with the label that it is shown under."""
    return _setting("choice", default, choices=choices, **facts)


def indexes(high: int, most: int, **facts: Any) -> Any:
    """At most `most` whole numbers from 0 to `high`; none by default."""
    return _setting("indexes", "", high=high, most=most, **facts)
