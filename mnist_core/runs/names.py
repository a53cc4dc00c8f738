"""What runs are called: people's own words kept as plain text, or a name made from the recipe."""

from collections.abc import Mapping, Sequence

from mnist_core.fields import Field, Value, indexes_in
from mnist_core.recipe import FIELDS, Recipe

MAX_CHARACTERS = 80

_UNITS = {"°": "°", "pixels": " px"}
_SPEAK_FOR_THEMSELVES = {"model", "activation", "optimizer", "schedule"}
_KEPT = {f"keep_{digit}": digit for digit in range(10)}
_NAMED_KEPT = 3  # digits that are named one by one


def clean_name(text: str) -> str:
    """The text on one line, without unprintable characters (controls, NUL, direction marks), at most 80 long."""
    spaced = "".join(" " if character.isspace() else character for character in text[: 100 * MAX_CHARACTERS])
    printable = "".join(character for character in spaced if character.isprintable())
    return " ".join(printable.split())[:MAX_CHARACTERS].rstrip()


def name_of(recipe: Recipe) -> str:
    """The model and what differs from the default recipe: `cnn · tanh · lr 0.1`."""
    changed = {name: value for name, value in recipe.changed.items() if name != "model"}
    shares = {_KEPT[name]: float(value) for name, value in changed.items() if name in _KEPT}
    said = [_said(FIELDS[name], value) for name, value in changed.items() if name not in _KEPT]
    parts = [recipe.model, *_rare(shares), *said]
    whole = " · ".join(parts)
    for count in range(len(parts) - 1, 0, -1):  # as many parts as fit, and how many more there are
        if len(whole) <= MAX_CHARACTERS:
            break
        whole = " · ".join([*parts[:count], f"+{len(parts) - count}"])
    return whole


def _rare(shares: Mapping[int, float]) -> list[str]:
    """Which digits are kept in part: `1s and 7s kept 5 %`, a part for each share; of many, only how many."""
    alike: dict[float, list[str]] = {}
    for digit, share in shares.items():
        alike.setdefault(share, []).append(f"{digit}s")
    if sum(len(digits) for digits in alike.values()) > _NAMED_KEPT and len(alike) > 1:
        return [f"{len(shares)} digits rarer"]
    return [f"{_listed(digits)} kept {share * 100:.3g} %" for share, digits in alike.items()]


def _listed(digits: Sequence[str]) -> str:
    if len(digits) > _NAMED_KEPT:
        return f"{len(digits)} digits"
    return " and ".join([", ".join(digits[:-1]), digits[-1]]) if digits[1:] else digits[0]


def _said(field: Field, value: Value) -> str:
    word = field.short or field.name.replace("_", " ")
    if field.kind == "switch":
        return word if value else f"no {word}"
    if field.name in _SPEAK_FOR_THEMSELVES:
        return f"no {word}" if value == "none" else str(value)
    if field.kind == "choice":
        return f"{word} {value}".replace("_", " ")
    if field.kind == "indexes":
        return f"{len(indexes_in(str(value)))} {word}"
    number = f"{value:g}" if field.kind == "real" else str(value)
    return f"{word} {number}{_UNITS.get(field.unit, '')}"
