"""What runs are called: people's own words kept as plain text, or a name made from the recipe."""

from collections.abc import Mapping, Sequence

from mnist_core.presets import PRESETS
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.setting_words import setting_text, value_text

MAX_CHARACTERS = 80

_BETWEEN = " · "
_LONGER = f"{_BETWEEN}longer"
_KEPT = {f"keep_{digit}": digit for digit in range(10)}
_NAMED_KEPT = 3  # digits that are named one by one


def clean_name(text: str) -> str:
    """The text on one line, without unprintable characters (controls, NUL, direction marks), at most 80 long."""
    spaced = "".join(" " if character.isspace() else character for character in text[: 100 * MAX_CHARACTERS])
    printable = "".join(character for character in spaced if character.isprintable())
    return " ".join(printable.split())[:MAX_CHARACTERS].rstrip()


def longer_name(name: str) -> str:
    """What a run is called that goes on with a run of that name: `Small CNN · longer`."""
    parts = name.removesuffix(_LONGER).split(_BETWEEN)
    room = MAX_CHARACTERS - len(_LONGER)
    while len(parts) > 1 and len(_BETWEEN.join(parts)) > room:
        parts.pop()  # no setting cut in half
    return _BETWEEN.join(parts)[:room].rstrip() + _LONGER


def name_of(recipe: Recipe) -> str:
    """The preset that the recipe is, or its model and what differs from the defaults, in the words of the form:
    `Small CNN · Activation: tanh · Learning rate 0.1`.
    """
    for preset in PRESETS.values():
        if preset.kind != "augmentation" and preset.recipe == recipe:
            return preset.title
    changed = {name: value for name, value in recipe.changed.items() if name != "model"}
    shares = {_KEPT[name]: float(value) for name, value in changed.items() if name in _KEPT}
    said = [setting_text(FIELDS[name], value) for name, value in changed.items() if name not in _KEPT]
    parts = [value_text(FIELDS["model"], recipe.model), *_rare(shares), *said]
    whole = _BETWEEN.join(parts)
    for count in range(len(parts) - 1, 0, -1):  # as many parts as fit, and how many more there are
        if len(whole) <= MAX_CHARACTERS:
            break
        whole = _BETWEEN.join([*parts[:count], f"{len(parts) - count} more"])
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
