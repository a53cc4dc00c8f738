"""The recipe: one frozen, validated description of an experiment.

A field's name is its widget key, its URL parameter, its JSON key, its command-line key and the name a
sweep gives it, so a setting is described once, here, and every reader of it asks `FIELDS`.
"""

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mnist_core.errors import UserError

Value = int | float | bool | str
Kind = Literal["whole", "real", "switch", "choice"]

GROUPS = {
    "data": "Data",
    "augmentation": "Augmentation",
    "model": "Model",
    "training": "Training",
}

_TRUE = {"true", "1", "yes", "on"}
_FALSE = {"false", "0", "no", "off"}
_MAX_TEXT = 20  # characters of a rejected value that a notice repeats

SVM_IMAGES = 10_000
"""How many training images a support vector machine learns from at most: its time grows with their square."""


@dataclass(frozen=True, slots=True)
class Field:
    """What is known of one setting: its bounds, its unit and the words that explain it.

    Attributes:
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


def _whole(default: int, low: int, high: int, **facts: Any) -> Any:
    return _setting("whole", default, low=low, high=high, **facts)


def _real(default: float, low: float, high: float, **facts: Any) -> Any:
    return _setting("real", default, low=low, high=high, **facts)


def _switch(default: bool, **facts: Any) -> Any:
    return _setting("switch", default, **facts)


def _choice(choices: Mapping[str, str], default: str, **facts: Any) -> Any:
    return _setting("choice", default, choices=choices, **facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides how a model is trained. Same recipe, same machine: the same curve.

    Raises:
        UserError: `recipe_invalid` when a value is out of its field's bounds.
    """

    train_images: int = _whole(
        55_000, 100, 55_000, group="data", label="Training images", unit="images",
        help="How many of MNIST's 55,000 training images the model may learn from, the same share of every digit.",
        expect="Fewer images: faster, but the gap between training and validation grows. A support vector machine "
        "takes 10,000 at most.",
    )  # fmt: skip
    label_noise: float = _real(
        0.0, 0.0, 0.9, group="data", label="Wrong labels", unit="of the labels",
        help="This share of the training labels is replaced by another digit, drawn at random. Validation and test "
        "labels stay true.",
        expect="A model that sees wrong labels often enough learns them by heart: training goes up while validation "
        "goes down.",
    )  # fmt: skip
    rotation_deg: float = _real(
        0.0, 0.0, 180.0, group="augmentation", label="Rotation", unit="°",
        help="Each training image is turned by a random angle of up to this many degrees, either way.",
        expect="5 to 15 helps with tilted handwriting; from about 60 on, a 6 can become a 9.",
    )  # fmt: skip
    shift_x: float = _real(
        0.0, 0.0, 0.5, group="augmentation", label="Sideways shift", unit="of the width",
        help="Each training image is moved left or right by up to this share of its width (0.1 is 2.8 pixels).",
        expect="The model stops minding where the digit stands.",
    )  # fmt: skip
    shift_y: float = _real(
        0.0, 0.0, 0.5, group="augmentation", label="Up and down shift", unit="of the height",
        help="Each training image is moved up or down by up to this share of its height (0.1 is 2.8 pixels).",
        expect="The model stops minding where the digit stands.",
    )  # fmt: skip
    shear_deg: float = _real(
        0.0, 0.0, 45.0, group="augmentation", label="Shear", unit="°",
        help="Each training image is slanted by a random angle of up to this many degrees. Keras' shear_range "
        "is in degrees too: its often copied 0.1 does nothing.",
        expect="5 to 15 helps with slanted handwriting.",
    )  # fmt: skip
    zoom: float = _real(
        0.0, 0.0, 0.5, group="augmentation", label="Zoom", unit="of the size",
        help="Each training image is made larger or smaller by up to this share (0.1: from 90 % to 110 %).",
        expect="The model stops minding how large the digit is.",
    )  # fmt: skip
    fill: str = _choice(
        {"constant": "Black", "nearest": "Repeat the edge"}, "constant", group="augmentation", label="Fill",
        help="What fills the corners that a turned or moved image leaves open.",
        expect="On MNIST the edges are black anyway, so this changes little until digits touch the edge.",
    )  # fmt: skip
    model: str = _choice(
        {"linear": "Linear", "mlp": "Two-layer network", "cnn": "Small CNN", "net": "Usual CNN",
         "svm": "Support vector machine"}, "cnn",
        group="model", label="Model",
        help="Linear: one weight a pixel and digit. Two-layer network: 256 hidden units. Small CNN: 55 thousand "
        "parameters, fast. Usual CNN: the one in most tutorials, 1.2 million parameters, slow. Support vector machine: "
        "no network; it compares a digit with stored training images (it learns from 10,000 at most, in one go).",
        expect="Linear stops near 92 %; both CNNs pass 98.5 % after one epoch.",
    )  # fmt: skip
    svm_c: float = _real(
        10.0, 0.01, 1000.0, group="model", label="C", log=True,
        help="How much the support vector machine minds a training image on the wrong side of its border.",
        expect="Low: a smooth border that forgives. High: it bends around every single image, wrong labels too.",
    )  # fmt: skip
    svm_gamma: float = _real(
        1 / 784, 1e-6, 10.0, group="model", label="Gamma", log=True,
        help="How quickly the likeness of two images fades with their distance. The default, one over the number of "
        "pixels, is what scikit-learn calls “scale” for standardised pixels.",
        expect="Too high, and every image is like nothing but itself: at 0.05 a machine had all of its 2,000 training "
        "images right and 18 % of the validation images.",
    )  # fmt: skip
    activation: str = _choice(
        {"relu": "ReLU", "leaky_relu": "Leaky ReLU", "gelu": "GELU", "silu": "SiLU",
         "tanh": "tanh", "sigmoid": "Sigmoid", "none": "None"}, "relu",
        group="model", label="Activation",
        help="The bend after each layer. Without one, many layers can do no more than a single one.",
        expect="Sigmoid learns slowly: its slope is at most a quarter. None makes any network a linear model.",
    )  # fmt: skip
    batch_norm: bool = _switch(
        True, group="model", label="Batch normalisation",
        help="Rescales what each layer passes on to mean 0 and spread 1 within a batch.",
        expect="Steadier and faster training; without it, high learning rates diverge.",
    )  # fmt: skip
    conv_dropout: float = _real(
        0.0, 0.0, 0.9, group="model", label="Dropout after convolutions", unit="of the channels",
        help="While training, this share of the values after the convolutions is set to zero at random.",
        expect="Less overfitting on few images; too much and the model underfits.",
    )  # fmt: skip
    dense_dropout: float = _real(
        0.0, 0.0, 0.9, group="model", label="Dropout before the output", unit="of the units",
        help="While training, this share of the values in the fully connected part is set to zero at random.",
        expect="Less overfitting on few images; too much and the model underfits.",
    )  # fmt: skip
    optimizer: str = _choice(
        {"sgd": "SGD with momentum", "adam": "Adam", "adamw": "AdamW"}, "adamw", group="training", label="Optimizer",
        help="The rule that turns gradients into steps. Adam and AdamW give every weight a step size of its own.",
        expect="SGD wants a learning rate some ten times higher than Adam.",
    )  # fmt: skip
    momentum: float = _real(
        0.9, 0.0, 0.99, group="training", label="Momentum",
        help="How much of the last step SGD keeps. Adam and AdamW have their own memory and ignore it.",
        expect="0.9 smooths and speeds up SGD; 0.99 overshoots.",
    )  # fmt: skip
    learning_rate: float = _real(
        0.01, 1e-6, 10.0, group="training", label="Learning rate", log=True,
        help="The size of a step: the highest one that the schedule reaches.",
        expect="Too low: the curve crawls. Too high: it jumps about or diverges.",
    )  # fmt: skip
    schedule: str = _choice(
        {"constant": "Constant", "step": "Step", "cosine": "Cosine", "one_cycle": "One cycle"}, "one_cycle",
        group="training", label="Schedule",
        help="How the learning rate changes while training. Step: a tenth after each third. Cosine: down in a "
        "half wave. One cycle: up for a quarter of the time, then down.",
        expect="Coming down at the end is worth several epochs of a constant rate.",
    )  # fmt: skip
    weight_decay: float = _real(
        1e-4, 0.0, 1.0, group="training", label="L2 (weight decay)", log=True,
        help="Pulls every weight towards zero at each step. AdamW keeps it apart from the gradient.",
        expect="A little prevents overfitting; a lot prevents learning.",
    )  # fmt: skip
    label_smoothing: float = _real(
        0.05, 0.0, 0.5, group="training", label="Label smoothing", unit="of the certainty",
        help="Asks the model to be a little unsure: this share of the certainty is spread over all ten digits.",
        expect="Slightly better accuracy and less overconfidence; the loss no longer goes to zero.",
    )  # fmt: skip
    batch_size: int = _whole(
        128, 8, 2048, group="training", label="Batch size", unit="images", log=True,
        help="How many images share one step.",
        expect="Small: many noisy steps, slow. Large: few steps, wants a higher learning rate.",
    )  # fmt: skip
    epochs: int = _whole(
        1, 1, 200, group="training", label="Epochs", unit="epochs",
        help="How often the model sees the whole training set.",
        expect="Too few underfit; too many overfit, and cost time.",
    )  # fmt: skip
    seed: int = _whole(
        0, 0, 2**31 - 1, group="training", label="Seed",
        help="Where the random numbers start: the same seed gives the same curve again.",
        expect="Two seeds differ by about 0.1 points: smaller effects than that need several seeds.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        for name, field in FIELDS.items():
            try:
                object.__setattr__(self, name, field.read(getattr(self, name)))
            except ValueError as accepted:
                raise _invalid(name, getattr(self, name), str(accepted)) from None

    @classmethod
    def from_query(cls, query: Mapping[str, str | Iterable[str]]) -> tuple["Recipe", tuple[str, ...]]:
        """A recipe from URL parameters, and a notice for each one that could not be taken. Never raises.

        A value that cannot be read leaves its field at the default; of a repeated key the last one counts.
        """
        values: dict[str, Any] = {}
        notices = []
        for key, raw in query.items():
            texts = [raw] if isinstance(raw, str) else [str(text) for text in raw]
            if len(texts) > 1:
                notices.append(f"“{_short(key)}” stands {len(texts)} times in the link: the last one counts.")
            field = FIELDS.get(key)
            if field is None:
                notices.append(f"The link has a setting “{_short(key)}” that does not exist: it is ignored.")
            elif texts:
                try:
                    values[key] = field.read(texts[-1])
                except ValueError as accepted:
                    notices.append(
                        f"{field.label} cannot be “{_short(texts[-1])}” (it takes {accepted}): "
                        f"{field.write(field.default)} is used."
                    )
        return cls(**values), tuple(notices)

    @property
    def images_used(self) -> int:
        """How many training images the model learns from, if there are as many as are asked for."""
        return min(self.train_images, SVM_IMAGES) if self.model == "svm" else self.train_images

    @property
    def epochs_used(self) -> int:
        """How many epochs there will be: a support vector machine is fitted in one go."""
        return 1 if self.model == "svm" else self.epochs

    def to_query(self) -> dict[str, str]:
        """The settings that differ from the defaults, as URL parameters."""
        return {
            name: field.write(getattr(self, name))
            for name, field in FIELDS.items()
            if getattr(self, name) != field.default
        }

    @classmethod
    def from_json(cls, text: str | bytes) -> "Recipe":
        """A recipe from a JSON object of `field: value`; fields left out keep their defaults.

        Raises:
            UserError: `recipe_unreadable` for what is no JSON object, `recipe_invalid` for a bad field.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            raise UserError(
                "recipe_unreadable",
                "The recipe is not a JSON object.",
                'Write it as {"epochs": 3, "activation": "tanh"}.',
            )
        return cls._from_mapping(values)

    def to_json(self) -> str:
        """All settings as a JSON object, in the order of the fields."""
        return json.dumps(self.as_dict())

    def as_dict(self) -> dict[str, Value]:
        """All settings by name, in the order of the fields."""
        return {name: getattr(self, name) for name in FIELDS}

    @classmethod
    def from_text(cls, assignments: Iterable[str], base: "Recipe | None" = None) -> "Recipe":
        """A recipe from `field=value` texts, on top of `base` (the defaults when left out).

        Raises:
            UserError: `recipe_invalid`.
        """
        values: dict[str, Any] = base.as_dict() if base else {}
        for assignment in assignments:
            name, equals, value = assignment.partition("=")
            if not equals:
                raise _invalid(assignment, "", "field=value")
            values[name.strip()] = value
        return cls._from_mapping(values)

    def replace(self, **changes: Value) -> "Recipe":
        """A copy with some fields changed.

        Raises:
            UserError: `recipe_invalid`.
        """
        return self._from_mapping({**self.as_dict(), **changes})

    @classmethod
    def _from_mapping(cls, values: Mapping[str, Any]) -> "Recipe":
        for name in values:
            if name not in FIELDS:
                raise UserError(
                    "recipe_invalid",
                    f"A recipe has no field “{_short(name)}”.",
                    "It has: " + ", ".join(FIELDS) + ".",
                )
        return cls(**values)


FIELDS: dict[str, Field] = {
    field.name: Field(name=field.name, **field.metadata["facts"]) for field in dataclasses.fields(Recipe)
}


def _invalid(name: str, value: object, accepted: str) -> UserError:
    return UserError(
        "recipe_invalid",
        f"The recipe's {_short(name)} cannot be “{_short(value)}”.",
        f"It takes {accepted}.",
    )


def _short(value: object) -> str:
    text = "".join(character if character.isprintable() else "?" for character in str(value)[: _MAX_TEXT + 1])
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "…"
