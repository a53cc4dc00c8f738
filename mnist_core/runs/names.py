"""What runs are called: people's own words kept as plain text, or a name made from the recipe."""

from mnist_core.fields import Field, Value
from mnist_core.recipe import FIELDS, Recipe

MAX_CHARACTERS = 80

_SHORT = {
    "train_images": "images",
    "label_noise": "wrong labels",
    "rotation_deg": "rotation",
    "shift_x": "shift x",
    "shift_y": "shift y",
    "shear_deg": "shear",
    "batch_norm": "batch norm",
    "conv_dropout": "conv dropout",
    "dense_dropout": "dropout",
    "learning_rate": "lr",
    "weight_decay": "L2",
    "label_smoothing": "smoothing",
    "batch_size": "batch",
}
_SPEAK_FOR_THEMSELVES = {"model", "activation", "optimizer", "schedule"}


def clean_name(text: str) -> str:
    """The text on one line, without unprintable characters (controls, NUL, direction marks), at most 80 long."""
    spaced = "".join(" " if character.isspace() else character for character in text[: 100 * MAX_CHARACTERS])
    printable = "".join(character for character in spaced if character.isprintable())
    return " ".join(printable.split())[:MAX_CHARACTERS].rstrip()


def name_of(recipe: Recipe) -> str:
    """The model and what differs from the default recipe: `cnn · tanh · lr 0.1`."""
    changed = [name for name, field in FIELDS.items() if name != "model" and getattr(recipe, name) != field.default]
    parts = [recipe.model, *(_said(FIELDS[name], getattr(recipe, name)) for name in changed)]
    return _joined(parts)


def _said(field: Field, value: Value) -> str:
    word = _SHORT.get(field.name, field.name.replace("_", " "))
    if field.kind == "switch":
        return word if value else f"no {word}"
    if field.name in _SPEAK_FOR_THEMSELVES:
        return f"no {word}" if value == "none" else str(value)
    unit = field.unit if field.unit == "°" else ""
    return f"{word} {value:g}{unit}" if field.kind == "real" else f"{word} {value}"


def _joined(parts: list[str]) -> str:
    """As many parts as fit, and how many more there are."""
    whole = " · ".join(parts)
    for count in range(len(parts) - 1, 0, -1):
        if len(whole) <= MAX_CHARACTERS:
            break
        whole = " · ".join([*parts[:count], f"+{len(parts) - count}"])
    return whole
