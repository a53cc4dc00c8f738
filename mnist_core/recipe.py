"""The recipe: one frozen, validated description of an experiment.

A field's name is its widget key, its URL parameter, its JSON key, its command-line key and the name a
sweep gives it, so a setting is described once, here, and every reader of it asks `FIELDS`.
"""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mnist_core.activations import ACTIVATIONS
from mnist_core.errors import UserError
from mnist_core.fields import Field, Value, choice, indexes, real, switch, whole

GROUPS = {
    "data": "Data",
    "augmentation": "Augmentation",
    "model": "Model",
    "training": "Training",
}

SECTIONS = {
    "amount": "Amount and balance",
    "faults": "Label errors and outliers",
    "pixels": "Pixels and position",
    "warp": "Geometry",
    "ink": "Strokes and noise",
    "harm": "Harmful augmentations",
    "size": "Architecture",
    "kernel": "Kernel",
    "layers": "Layers",
    "steps": "Optimisation",
    "restraint": "Regularisation",
}
"""The parts of the groups, under which the settings are shown."""

_MAX_TEXT = 20  # characters of a rejected value that a notice repeats
_MAX_NAMED = 3  # unknown settings that it names

MAX_JSON_BYTES = 1_000_000
"""The longest JSON that is read as a recipe, which has some 3,000 bytes."""

CONVOLUTIONAL = frozenset({"quick", "cnn", "net", "deep"})
"""The models that look at the picture in two dimensions."""

SVM_IMAGES = 10_000
"""How many training images a support vector machine learns from at most: its time grows with their square."""


def _keep(digit: int) -> Any:
    return real(
        1.0, 0.0, 1.0, group="data", section="amount", label=f"Fraction of {digit}s kept", unit="of its images",
        help=f"The share of the training images of the digit {digit} that is kept. 0: the model never sees one.",
        expect="A rare digit is mistaken for a common one that looks like it. Validation and test images stay "
        "balanced.",
    )  # fmt: skip


def _shift(label: str, way: str, side: str) -> Any:
    return real(
        0.0, 0.0, 0.5, group="augmentation", section="warp", label=f"{label} shift", unit=f"of the {side}",
        help=f"Each training image is moved {way} by up to this share of its {side} (0.1 is 2.8 pixels).",
        expect="The model becomes robust to where the digit stands.",
    )  # fmt: skip


def _dropout(label: str, unit: str, where: str) -> Any:
    return real(
        0.0, 0.0, 0.9, group="model", section="layers", label=f"Dropout {label}", unit=unit,
        help=f"While training, this share of the values {where} is set to zero at random.",
        expect="Less overfitting on few images; too much and the model underfits.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides how a model is trained. Same recipe, same machine: the same curve.

    Raises:
        UserError: `recipe_invalid` when a value is out of its field's bounds.
    """

    train_images: int = whole(
        55_000, 100, 55_000, group="data", section="amount", label="Training images", unit="images",
        help="How many of MNIST's 55,000 training images are used, the same share of every digit.",
        expect="Fewer images: faster, but the gap between training and validation accuracy grows. A support vector "
        "machine uses 10,000 at most.",
    )  # fmt: skip
    keep_0: float = _keep(0)
    keep_1: float = _keep(1)
    keep_2: float = _keep(2)
    keep_3: float = _keep(3)
    keep_4: float = _keep(4)
    keep_5: float = _keep(5)
    keep_6: float = _keep(6)
    keep_7: float = _keep(7)
    keep_8: float = _keep(8)
    keep_9: float = _keep(9)
    balance: str = choice(
        {"none": "None", "resample": "Oversample rare digits", "loss_weights": "Class weights in the loss"},
        "none", group="data", section="amount", label="Class balancing",
        help="What is done about digits that are rarer than others. Oversample: every digit appears equally often in "
        "an epoch, so rare images are repeated. Class weights: an error on a rare digit counts more in the loss.",
        expect="The rare digit's recall goes up, at the cost of a few more false alarms for it; nothing replaces "
        "the variety of the missing images.",
    )  # fmt: skip
    label_noise: float = real(
        0.0, 0.0, 0.9, group="data", section="faults", label="Share of wrong labels", unit="of the labels",
        help="This share of the training labels is replaced by another digit, chosen at random. Validation and test "
        "labels stay correct.",
        expect="A model that sees wrong labels often enough memorises them: training accuracy goes up while "
        "validation accuracy goes down.",
    )  # fmt: skip
    label_noise_kind: str = choice(
        {"random": "Any other digit", "confusing": "A digit that looks like it"}, "random",
        group="data", section="faults", label="Kind of wrong label",
        help="What a wrong label becomes: any other digit, or one that looks like it: 0 and 6, 3 and 5, 4 and 9 are "
        "swapped, 1 and 2 become 7, 7 becomes 9, 8 becomes 3.",
        expect="Confusions between digits that look alike do more harm, because they do not average out.",
    )  # fmt: skip
    outliers: float = real(
        0.0, 0.0, 0.5, group="data", section="faults", label="Share of outliers", unit="of the images",
        help="This share of the training images is replaced by images that are not digits, or that look unlike "
        "MNIST's; their labels stay.",
        expect="A few hardly matter; many use up capacity and lower the model's confidence.",
    )  # fmt: skip
    outlier_kind: str = choice(
        {"noise": "Noise", "inverted": "Inverted digits", "blank": "Blank", "shapes": "Other shapes"}, "noise",
        group="data", section="faults", label="Kind of outlier",
        help="Noise: random pixels. Inverted: black on white. Blank: empty images. Other shapes: circles, crosses, "
        "triangles and the like.",
        expect="From inverted digits the model still learns shapes; from noise and blank images it learns nothing but "
        "their labels.",
    )  # fmt: skip
    left_out: str = indexes(
        59_999, 500, group="data", section="faults", label="Manually excluded", unit="images",
        help="Training images that somebody looked at and chose to exclude, by their index in MNIST's file, counted "
        "from 0. They are not replaced; all other images keep their labels, the wrong ones too.",
        expect="Excluding images with wrong labels helps. Excluding rare but correct images hurts: digits written like "
        "them are misread more often.",
    )  # fmt: skip
    cleaning: bool = switch(
        False, group="data", section="faults", label="Remove suspected label errors",
        help="Before training, a quick model is cross-validated on the training images. Images whose label it "
        "contradicts, and images unlike all others, are removed.",
        expect="With many wrong labels or outliers it restores accuracy; on clean data it removes a few rare "
        "but correct images. Takes some seconds before training starts.",
    )  # fmt: skip
    scaling: str = choice(
        {"standardised": "Standardised", "unit": "0 to 1", "none": "0 to 255", "per_pixel": "Each pixel separately"},
        "standardised", group="data", section="pixels", label="Input scaling",
        help="How pixels become numbers. Standardised: mean 0 and standard deviation 1 over the whole training set. "
        "0 to 1: divided by 255. 0 to 255: as they are in the file. Each pixel separately: scikit-learn's "
        "StandardScaler.",
        expect="0 to 255 without batch normalisation makes training unstable. Scaling each pixel separately blows up "
        "edge pixels that hardly ever hold ink, which hurts a support vector machine.",
    )  # fmt: skip
    train_offset_px: int = whole(
        0, 0, 10, group="data", section="pixels", label="Training images off-centre", unit="pixels",
        help="Every training and validation image is moved this far from the centre, each in a random direction.",
        expect="The model never sees a centred digit, but all test digits are centred.",
    )  # fmt: skip
    test_offset_px: int = whole(
        0, 0, 10, group="data", section="pixels", label="Test images off-centre", unit="pixels",
        help="Every test image is moved this far from the centre, each in a random direction. Training and "
        "validation images stay where they are.",
        expect="A few pixels are enough to ruin a model that was trained without shifts, even though its validation "
        "accuracy looks perfect.",
    )  # fmt: skip
    rotation_deg: float = real(
        0.0, 0.0, 180.0, group="augmentation", section="warp", label="Rotation", unit="°",
        help="Each training image is rotated by a random angle of up to this many degrees, either way.",
        expect="5 to 15 helps with tilted handwriting; from about 60, a 6 can become a 9.",
    )  # fmt: skip
    shift_x: float = _shift("Horizontal", "left or right", "width")
    shift_y: float = _shift("Vertical", "up or down", "height")
    shear_deg: float = real(
        0.0, 0.0, 45.0, group="augmentation", section="warp", label="Shear", unit="°",
        help="Each training image is slanted by a random angle of up to this many degrees. Keras' shear_range "
        "is in degrees too: its often copied 0.1 does nothing.",
        expect="5 to 15 helps with slanted handwriting.",
    )  # fmt: skip
    zoom: float = real(
        0.0, 0.0, 0.5, group="augmentation", section="warp", label="Zoom", unit="of the size",
        help="Each training image is made larger or smaller by up to this share (0.1: from 90 % to 110 %).",
        expect="The model becomes robust to the digit's size.",
    )  # fmt: skip
    elastic_px: float = real(
        0.0, 0.0, 6.0, group="augmentation", section="warp", label="Elastic distortion", unit="pixels",
        help="Each training image is distorted by a smooth random displacement field; this is the typical distance "
        "(Simard et al., 2003).",
        expect="1 to 2 imitates an unsteady hand; from 4, digits fall apart.",
    )  # fmt: skip
    thickness_px: float = real(
        0.0, 0.0, 2.0, group="augmentation", section="ink", label="Stroke width", unit="pixels",
        help="Each training image's strokes are made thicker or thinner by up to this many pixels.",
        expect="The model becomes robust to the pen's width.",
    )  # fmt: skip
    pen_habits: float = real(
        0.0, 0.0, 1.0, group="augmentation", section="ink", label="Pen variants", unit="of the images",
        help="This share of the training images gets strokes that are common in handwriting but rare in MNIST: a slash "
        "through the 0, a bar through the 7, a long upstroke on the 1, a curl, a tail. Then they are centred again.",
        expect="Better accuracy on other people's digits. At 0.25, with 1 px of stroke width, a small CNN misread "
        "1.7 % of 7,562 pen digits instead of 3.4 %, and 0.51 % of MNIST's test set instead of 0.45 % (gentle "
        "augmentation, 20 epochs, means of 3 seeds).",
    )  # fmt: skip
    pixel_noise: float = real(
        0.0, 0.0, 1.0, group="augmentation", section="ink", label="Noise", unit="of full ink",
        help="Random noise is added to each training image; this is its standard deviation.",
        expect="Up to 0.2 makes the model more robust to grainy photos; much more hides the digit.",
    )  # fmt: skip
    flip: str = choice(
        {"none": "None", "horizontal": "Horizontal", "vertical": "Vertical", "both": "Both"}, "none",
        group="augmentation", section="harm", label="Flip",
        help="Half of the training images are mirrored.",
        expect="Harmful: a mirrored digit is a different sign. A mirrored 2 looks like a 5, and accuracy drops.",
    )  # fmt: skip
    fill: str = choice(
        {"constant": "Black", "nearest": "Repeat the edge", "reflect": "Reflect the edge"}, "constant",
        group="augmentation", section="warp", label="Fill",
        help="What fills the corners that a rotated or moved image leaves empty.",
        expect="On MNIST the edges are black anyway, so this changes little until digits touch the edge.",
    )  # fmt: skip
    model: str = choice(
        {"linear": "Linear", "mlp": "Two-layer network", "quick": "Quick CNN", "cnn": "Small CNN", "net": "Usual CNN",
         "deep": "Deep CNN", "svm": "Support vector machine"}, "cnn",
        group="model", section="size", label="Model",
        help="Linear: one weight a pixel and digit. Two-layer network: 256 hidden units. Quick CNN: three "
        "convolutions, two of them on 6x6 pixels, and 256 units. Small CNN: 55 thousand parameters, fast. Usual "
        "CNN: the one in most tutorials, 1.2 million parameters, slow. Deep CNN: six convolutions, the most accurate, "
        "slow. Support vector machine: not a network; it compares a digit with stored training images (10,000 at most, "
        "fitted in one go).",
        expect="Linear stops near 92 %; all CNNs pass 98.5 % after one epoch.",
    )  # fmt: skip
    width: float = real(
        1.0, 0.125, 4.0, group="model", section="size", label="Width", unit="times", log=True,
        help="How many channels and units each layer has, relative to the default.",
        expect="Narrow: fast, but underfits. Wide: slow, little gain on MNIST, and more capacity to overfit.",
    )  # fmt: skip
    extra_layers: int = whole(
        0, 0, 10, group="model", section="size", label="Extra layers", unit="layers",
        help="How many layers are added: convolutions of the last size in a CNN, hidden layers in the two-layer "
        "network.",
        expect="One or two may help; many are slow, and with sigmoid their gradients vanish.",
    )  # fmt: skip
    svm_c: float = real(
        10.0, 0.01, 1000.0, group="model", section="kernel", label="C", log=True,
        help="The penalty for a training image on the wrong side of the decision boundary.",
        expect="Low: a smooth boundary that tolerates errors. High: it follows every single image, wrong labels too.",
    )  # fmt: skip
    svm_gamma: float = real(
        1 / 784, 1e-6, 10.0, group="model", section="kernel", label="Gamma", log=True,
        help="How quickly the similarity of two images falls with their distance. The default, one over the number of "
        "pixels, is what scikit-learn calls “scale” for standardised pixels.",
        expect="Too high, and the kernel matrix is close to the identity: each image is similar only to itself. At "
        "0.05 a machine had 100 % accuracy on its 2,000 training images and 18 % on the validation images.",
    )  # fmt: skip
    activation: str = choice(
        {name: each.label for name, each in ACTIVATIONS.items()}, "relu", group="model", section="layers",
        label="Activation",
        help="The nonlinear function after each layer. Without one, many layers can do no more than a single one.",
        expect="Sigmoid learns slowly: its slope is at most a quarter. None makes any network a linear model.",
    )  # fmt: skip
    initialization: str = choice(
        {"pytorch": "PyTorch default", "kaiming": "Kaiming", "xavier": "Xavier", "small": "Too small",
         "large": "Too large"}, "pytorch", group="model", section="layers", label="Weight initialisation",
        help="How the random weights start. Kaiming keeps the signal's size through ReLU layers, Xavier through "
        "tanh. Too small: a standard deviation of 0.001. Too large: ten times Kaiming's.",
        expect="Too small: the gradients vanish on their way to the first layer. Too large: the first steps are "
        "erratic. Batch normalisation hides most of it.",
    )  # fmt: skip
    batch_norm: bool = switch(
        True, group="model", section="layers", label="Batch normalisation",
        help="Rescales each layer's output to mean 0 and standard deviation 1 within a batch.",
        expect="More stable and faster training; without it, high learning rates diverge.",
    )  # fmt: skip
    conv_dropout: float = _dropout("after convolutions", "of the channels", "after the convolutions")
    dense_dropout: float = _dropout("before the output", "of the units", "in the fully connected part")
    optimizer: str = choice(
        {"sgd": "SGD", "momentum": "SGD with momentum", "nesterov": "SGD with Nesterov momentum", "rmsprop": "RMSprop",
         "adam": "Adam", "adamw": "AdamW"}, "adamw", group="training", section="steps", label="Optimizer",
        help="The rule that turns gradients into steps. Adam and AdamW give every weight a step size of its own.",
        expect="SGD needs a learning rate about ten times higher than Adam.",
    )  # fmt: skip
    momentum: float = real(
        0.9, 0.0, 0.99, group="training", section="steps", label="Momentum",
        help="How much of the last step SGD with momentum keeps. Other optimizers ignore it.",
        expect="0.9 smooths and speeds up; 0.99 overshoots.",
    )  # fmt: skip
    learning_rate: float = real(
        0.01, 1e-6, 10.0, group="training", section="steps", label="Learning rate", log=True,
        help="The size of a step: the highest one that the schedule reaches.",
        expect="Too low: the loss falls very slowly. Too high: it oscillates or diverges.",
    )  # fmt: skip
    schedule: str = choice(
        {"constant": "Constant", "step": "Step", "cosine": "Cosine", "one_cycle": "One cycle",
         "plateau": "Reduce on plateau"}, "one_cycle",
        group="training", section="steps", label="Schedule",
        help="How the learning rate changes during training. Step: divided by ten after each third. Cosine: falls "
        "along a half cosine. One cycle: rises for a quarter of the time, then falls. Reduce on plateau: divided by "
        "ten whenever the validation loss has not improved for two epochs.",
        expect="Lowering the rate at the end is worth several epochs at a constant rate.",
    )  # fmt: skip
    weight_decay: float = real(
        1e-4, 0.0, 1.0, group="training", section="restraint", label="L2 (weight decay)", log=True,
        help="Pulls every weight towards zero at each step. AdamW applies it separately from the gradient.",
        expect="A little prevents overfitting; a lot prevents learning.",
    )  # fmt: skip
    l1: float = real(
        0.0, 0.0, 0.1, group="training", section="restraint", label="L1", log=True,
        help="Adds this times the sum of all absolute weights to the loss: every weight is pulled towards zero with "
        "the same force.",
        expect="Many weights become zero or nearly zero; from about 0.001, the model underfits.",
    )  # fmt: skip
    label_smoothing: float = real(
        0.05, 0.0, 0.5, group="training", section="restraint", label="Label smoothing", unit="of the target",
        help="This share of the target probability is spread evenly over all ten digits, so the model is never trained "
        "towards 100 % confidence.",
        expect="Slightly better accuracy and less overconfidence; the loss no longer reaches zero.",
    )  # fmt: skip
    gradient_clip: float = real(
        0.0, 0.0, 100.0, group="training", section="restraint", label="Gradient clipping", log=True,
        help="If the norm of the whole gradient exceeds this, the gradient is scaled down to it. 0: no clipping.",
        expect="Prevents single huge steps; set very low, it acts like a lower learning rate.",
    )  # fmt: skip
    batch_size: int = whole(
        128, 8, 2048, group="training", section="steps", label="Batch size", unit="images", log=True,
        help="How many images are used for one step.",
        expect="Small: many noisy steps, slow. Large: few steps, needs a higher learning rate.",
    )  # fmt: skip
    precision: str = choice(
        {"single": "float32", "mixed": "bfloat16 (mixed)"}, "single",
        group="training", section="steps", label="Precision",
        help="The number format during training. bfloat16 (mixed): layers are computed in bfloat16, weights and "
        "optimizer stay in float32. Where the processor has no fast bfloat16, float32 is used for everything.",
        expect="About the same accuracy in half to two thirds of the time, if the processor supports it.",
    )  # fmt: skip
    epochs: int = whole(
        1, 1, 200, group="training", section="steps", label="Epochs", unit="epochs",
        help="How often the model sees the whole training set.",
        expect="Too few: underfitting. Too many: overfitting and wasted time.",
    )  # fmt: skip
    early_stopping: int = whole(
        0, 0, 50, group="training", section="steps", label="Early stopping patience", unit="epochs",
        help="Training stops when the validation loss has not improved for this many epochs, and the best epoch's "
        "weights are kept. 0 trains all epochs and keeps the last one's weights.",
        expect="Saves time, and keeps the model from before it overfitted.",
    )  # fmt: skip
    seed: int = whole(
        0, 0, 2**31 - 1, group="training", section="steps", label="Seed",
        help="Seeds the random numbers: the same seed gives the same curve again.",
        expect="Two seeds differ by about 0.1 percentage points: to see smaller effects, use several seeds.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        for name, field in FIELDS.items():
            try:
                object.__setattr__(self, name, field.read(getattr(self, name)))
            except ValueError as accepted:
                raise _invalid(name, getattr(self, name), str(accepted)) from None

    @classmethod
    def from_query(cls, query: Mapping[str, str | Iterable[str]]) -> tuple["Recipe", tuple[str, ...]]:
        """A recipe from URL parameters, and notices of what could not be taken: one a setting, one of all unknown
        keys. Never raises.

        A value that cannot be read leaves its field at the default; of a repeated key the last one counts.
        """
        values: dict[str, Any] = {}
        notices = []
        for key, raw in query.items():
            field = FIELDS.get(key)
            if field is None:
                continue
            texts = [raw] if isinstance(raw, str) else [str(text) for text in raw]
            if len(texts) > 1:
                notices.append(f"“{key}” appears {len(texts)} times in the link: the last one is used.")
            if texts:
                try:
                    values[key] = field.read(texts[-1])
                except ValueError as accepted:
                    notices.append(
                        f"{field.label} cannot be “{_short(texts[-1])}” (it must be {accepted}): "
                        f"{field.write(field.default) or 'none'} is used."
                    )
        if unknown := [key for key in query if key not in FIELDS]:
            named = ", ".join(f"“{_short(key)}”" for key in unknown[:_MAX_NAMED])
            more = f" and {len(unknown) - _MAX_NAMED} more" if len(unknown) > _MAX_NAMED else ""
            notices.append(f"Ignored, because there are no such settings: {named}{more}.")
        return cls(**values), tuple(notices)

    @property
    def images_used(self) -> int:
        """How many training images the model learns from, if there are as many as are asked for."""
        return min(self.train_images, SVM_IMAGES) if self.model == "svm" else self.train_images

    @property
    def epochs_used(self) -> int:
        """How many epochs there will be: a support vector machine is fitted in one go."""
        return 1 if self.model == "svm" else self.epochs

    @property
    def changed(self) -> dict[str, Value]:
        """The settings that differ from the defaults, in the order of the fields."""
        return {name: value for name, value in self.as_dict().items() if value != FIELDS[name].default}

    def to_query(self) -> dict[str, str]:
        """The settings that differ from the defaults, as URL parameters."""
        return {name: FIELDS[name].write(value) for name, value in self.changed.items()}

    @classmethod
    def from_json(cls, text: str | bytes) -> "Recipe":
        """A recipe from a JSON object of `field: value`; fields left out keep their defaults.

        Raises:
            UserError: `recipe_unreadable` for what is no JSON object or over 1 MB, `recipe_invalid` for a bad field.
        """
        if len(text) > MAX_JSON_BYTES:
            raise UserError("recipe_unreadable", "The recipe is longer than 1 MB.", "Give a JSON file of settings.")
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
                    f"There is no setting “{_short(name)}”.",
                    "The settings are: " + ", ".join(FIELDS) + ".",
                )
        return cls(**values)


FIELDS: dict[str, Field] = {
    field.name: Field(name=field.name, **field.metadata["facts"]) for field in dataclasses.fields(Recipe)
}


def _invalid(name: str, value: object, accepted: str) -> UserError:
    return UserError(
        "recipe_invalid",
        f"The setting {_short(name)} cannot be “{_short(value)}”.",
        f"It must be {accepted}.",
    )


def _short(value: object) -> str:
    text = "".join(character if character.isprintable() else "?" for character in str(value)[: _MAX_TEXT + 1])
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "…"
