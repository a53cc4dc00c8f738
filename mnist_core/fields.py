"""A setting of a recipe: its bounds, unit, explanation, and how it is parsed from text."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Value = int | float | bool | str
Kind = Literal["whole", "real", "switch", "choice", "indexes"]

_TRUE = {"true", "1", "yes", "on"}
_FALSE = {"false", "0", "no", "off"}
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
        if self.kind == "switch":
            return self._read_switch(value)
        if self.kind == "choice":
            return self._read_choice(value)
        if self.kind == "indexes":
            return self._read_indexes(value)
        return self._read_number(value)

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

    def _read_switch(self, value: object) -> bool:
        if isinstance(value, bool):
            return value
        text = str(value).strip().lower()
        if text in _TRUE | _FALSE:
            return text in _TRUE
        raise ValueError(self.accepts())

    def _read_choice(self, value: object) -> str:
        text = str(value).strip().lower()
        if text in self.choices:
            return text
        raise ValueError(self.accepts())

    def _read_indexes(self, value: object) -> str:
        words = value if isinstance(value, list | tuple) else str(value).split(",") if str(value).strip() else []
        indexes = {self._read_index(word) for word in words}
        if len(indexes) > self.most:
            raise ValueError(self.accepts())
        return ",".join(map(str, sorted(indexes)))

    def _read_index(self, word: object) -> int:
        text = str(word).strip()
        if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS and self.low <= int(text) <= self.high:
            return int(text)
        raise ValueError(self.accepts())

    def _read_number(self, value: object) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError(self.accepts())
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise ValueError(self.accepts()) from None
        if not (math.isfinite(number) and self.low <= number <= self.high):
            raise ValueError(self.accepts())
        if self.kind == "real":
            return number
        if number != int(number):
            raise ValueError(self.accepts())
        return int(number)


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
