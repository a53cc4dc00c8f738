"""Settings and their values as people read them."""

from collections import Counter
from collections.abc import Sequence

from mnist_core.fields import Field, Value, indexes_in
from mnist_core.recipe import FIELDS, Recipe

_SUFFIXES = {"°": "°", "pixels": " px", "times": " ×"}
"""Units that stand right behind the number."""


def is_share(field: Field) -> bool:
    """Whether the field's number is a share of something, shown in per cent."""
    return field.unit.startswith("of ")


def unit_after(field: Field) -> str:
    """The unit as it stands beside the field's name: empty when the name or the number says it already."""
    label = field.label.lower()
    said_already = field.unit in _SUFFIXES or field.unit in label or label.startswith(("share of", "fraction of"))
    return "" if said_already else field.unit


def value_text(field: Field, value: Value) -> str:
    """`12.5°`, `30 %`, `55,000`, `on`, `ReLU`; of indexes, how many: `37 images`."""
    if field.kind == "switch":
        return "on" if value else "off"
    if field.kind == "choice":
        return field.choices[str(value)]
    if field.kind == "indexes":
        count = len(indexes_in(str(value)))
        return f"{count:,} {field.unit.removesuffix('s') if count == 1 else field.unit}"
    if is_share(field):
        return f"{float(value) * 100:.3g} %"
    return number_text(value) + _SUFFIXES.get(field.unit, "")


def setting_text(field: Field, value: Value) -> str:
    """`Rotation 12.5°`, `Activation: tanh`, `Batch normalisation off`."""
    return f"{field.label}{':' if field.kind == 'choice' else ''} {value_text(field, value)}"


def in_a_sentence(label: str) -> str:
    """A setting's name inside a sentence; names such as `L2` and `C` stay as they are."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label


def number_text(value: Value) -> str:
    """A number with at most three digits that count, or all of those of a whole number."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def large_number(number: int) -> str:
    """`820`, `55.1 thousand`, `1.23 million`."""
    for size, word in ((1_000_000, "million"), (1_000, "thousand")):
        if number >= 10 * size or (number >= size and word == "million"):
            return f"{number / size:.3g} {word}"
    return f"{number:,}"


def position_texts(field: Field, positions: Sequence[Value]) -> dict[Value, str]:
    """What stands at each position of the field's slider; no two of them read the same."""
    short = {position: value_text(field, position) for position in positions}
    times = Counter(short.values())
    return {position: text if times[text] == 1 else repr(position) for position, text in short.items()}


def differences(recipe: Recipe, other: Recipe) -> list[Field]:
    """The fields in which they differ, in the order of the recipe."""
    return [field for name, field in FIELDS.items() if getattr(recipe, name) != getattr(other, name)]
