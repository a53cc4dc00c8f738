"""A setting of a recipe: its bounds, its unit, the words that explain it, and how it is read from text."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Value = int | float | bool | str
Kind = Literal["whole", "real", "switch", "choice"]

_TRUE = {"true", "1", "yes", "on"}
_FALSE = {"false", "0", "no", "off"}


@dataclass(frozen=True, slots=True)
class Field:
    """What is known of one setting: its bounds, its unit and the words that explain it.

    Attributes:
        group, section: Where it is shown; see `recipe.GROUPS` and `recipe.SECTIONS`.
        kind: `whole` (int), `real` (float), `switch` (bool) or `choice` (one of `choices`).
        low, high: Inclusive bounds of a number, in `unit`; unused otherwise.
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
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    log: bool = False

    def read(self, value: object) -> Value:
        """The value, in this field's type and inside its bounds.

        Text is read as the URL and the command line write it (`0.01`, `true`, `relu`).

        Raises:
            ValueError: With a sentence that says what is accepted.
        """
        if self.kind == "switch":
            return self._read_switch(value)
        if self.kind == "choice":
            return self._read_choice(value)
        return self._read_number(value)

    def write(self, value: Value) -> str:
        """The value as text that `read` takes back to the same value."""
        if self.kind == "switch":
            return "true" if value else "false"
        return repr(value) if self.kind == "real" else str(value)

    def accepts(self) -> str:
        """In words: what this field takes."""
        if self.kind == "switch":
            return "true or false"
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
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
