"""Recipes to start from: ways to augment, the quickest and the best, copied examples, and faults to show a class.

Every number in these texts was measured with this program, and its text says on how many images and seeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from mnist_core.fields import Value
from mnist_core.recipe import FIELDS, Recipe

Kind = Literal["augmentation", "goal", "literature", "fault"]

NONE: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mend:
    """One setting that is changed to mend a recipe, and why."""

    name: str
    value: Value
    why: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A recipe to start from.

    Attributes:
        key: Its name in code and in a URL.
        kind: `augmentation` changes only augmentation fields of the recipe at hand; all others are whole recipes.
        title: Its name for people.
        about: What it is, in a sentence or two.
        changes: The fields that differ from their defaults.
        source: Of an example from the literature: where it comes from, in words.
        code: Of an example from the literature: the lines that learners copy.
        wrong: What it does wrong, and what was measured of it.
        mends: What is changed to mend it.
    """

    key: str
    kind: Kind
    title: str
    about: str
    changes: Mapping[str, Value] = field(default_factory=lambda: NONE)  # a mappingproxy has no hash in Python 3.11
    source: str = ""
    code: str = ""
    wrong: str = ""
    mends: tuple[Mend, ...] = field(default=())

    @property
    def recipe(self) -> Recipe:
        """The preset as a recipe of its own, as it is written."""
        return self.apply(Recipe())

    @property
    def mended(self) -> Recipe | None:
        """The recipe with all its mends; None for what has none."""
        return self.recipe.replace(**{mend.name: mend.value for mend in self.mends}) if self.mends else None

    def apply(self, recipe: Recipe) -> Recipe:
        """The preset chosen while `recipe` is at hand: an augmentation leaves all but its own group as it is."""
        kept = recipe.as_dict() if self.kind == "augmentation" else {}
        defaults = {name: each.default for name, each in FIELDS.items() if each.group == "augmentation"}
        return Recipe().replace(**{**kept, **defaults, **self.changes})


_AS_USUAL: Mapping[str, Value] = MappingProxyType(
    {
        "optimizer": "adam", "learning_rate": 1e-3, "schedule": "constant", "weight_decay": 0.0,
        "label_smoothing": 0.0, "batch_norm": False,
    }
)  # fmt: skip
"""What examples leave out, and what they get by that: Adam at a constant rate, and nothing against overfitting."""

_COPIED_NET: Mapping[str, Value] = MappingProxyType(
    {**_AS_USUAL, "model": "net", "conv_dropout": 0.25, "dense_dropout": 0.5}
)

_KERAS_AUGMENTATION: Mapping[str, Value] = MappingProxyType(
    {"rotation_deg": 10.0, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 0.1, "zoom": 0.1, "fill": "nearest"}
)

_KERAS_CODE = """datagen = ImageDataGenerator(
    rotation_range=10,
    width_shift_range=0.1,
    height_shift_range=0.1,
    shear_range=0.1,
    zoom_range=0.1,
    fill_mode='nearest')
model.compile(optimizer=Adam(learning_rate=0.001),
              loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(datagen.flow(x_train, y_train, batch_size=32), epochs=10)
"""

_PYTORCH_CODE = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

transform = transforms.Compose([
    transforms.ToTensor(),
    transforms.Normalize((0.1307,), (0.3081,))])
loader = DataLoader(train_set, batch_size=64, shuffle=True)
optimizer = optim.Adam(model.parameters(), lr=0.001)
"""

_SVM_CODE = """scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)
model = SVC(kernel='rbf', C=1, gamma=0.1)
model.fit(X_train, y_train)
"""

_AUGMENTATIONS = (
    Preset(
        "augment_keras", "augmentation", "Keras example",
        "The ranges of the ImageDataGenerator example. Its shear of 0.1 is in degrees, so it does nothing.",
        _KERAS_AUGMENTATION,
    ),
    Preset(
        "augment_gentle", "augmentation", "Gentle",
        "Turned, moved, slanted and resized a little, as handwriting is.",
        {"rotation_deg": 10.0, "shift_x": 0.07, "shift_y": 0.07, "shear_deg": 10.0, "zoom": 0.12},
    ),
    Preset(
        "augment_pen", "augmentation", "Like pen digits",
        "Gentle, and what people do with a pen: slashed zeros, crossed sevens, ones with an upstroke; other pens, too. "
        "After 20 epochs a small CNN misread 1.7 % of 7,562 pen digits, after as many of “Gentle” 3.4 % (3 seeds).",
        {"rotation_deg": 10.0, "shift_x": 0.07, "shift_y": 0.07, "shear_deg": 10.0, "zoom": 0.12, "thickness_px": 1.0,
         "pen_habits": 0.25},
    ),
    Preset(
        "augment_strong", "augmentation", "Strong",
        "As much as a digit bears: bent, thinner and thicker, and grainy as well. Give it more epochs.",
        {"rotation_deg": 20.0, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 15.0, "zoom": 0.2, "elastic_px": 1.5,
         "thickness_px": 0.7, "pixel_noise": 0.05},
    ),
    Preset(
        "augment_harmful", "augmentation", "Harmful: flips and half turns",
        "What helps with photos of cats: mirrored both ways and turned to any angle. A 6 becomes a 9, a 2 becomes a 5.",
        {"rotation_deg": 180.0, "flip": "both"},
        wrong="On 10,000 images and after 3 epochs it takes 98.6 % of the test images down to 80.6 % (2 seeds).",
    ),
)  # fmt: skip

_GOALS = (
    Preset(
        "fast", "goal", "99 % in seconds",
        "A network with little work to do, a high learning rate that comes down again, and one look at each image: "
        "99.15 % of the test images (5 seeds) in 2 seconds on two cores.",
        {"model": "quick", "precision": "mixed", "learning_rate": 0.05, "batch_size": 320},
    ),
    Preset(
        "best", "goal", "The best answers",
        "Six convolutions, and images that are turned, slanted, resized and drawn with other pens and habits: how the "
        "shipped model “best” was trained. 99.68 % of the test images (3 seeds), after 26 minutes on one core.",
        {"model": "deep", "precision": "mixed", "epochs": 20, "rotation_deg": 10.0, "shift_x": 0.07, "shift_y": 0.07,
         "shear_deg": 10.0, "zoom": 0.12, "thickness_px": 1.0, "pen_habits": 0.15},
    ),
)  # fmt: skip

_LITERATURE = (
    Preset(
        "keras_augmentation", "literature", "Keras: ImageDataGenerator",
        "The network of Keras' MNIST example with the augmentation that most tutorials copy.",
        {**_COPIED_NET, **_KERAS_AUGMENTATION, "scaling": "unit", "initialization": "xavier", "batch_size": 32,
         "epochs": 10},
        source="tutorials on Keras' ImageDataGenerator, with the network of Keras' MNIST example",
        code=_KERAS_CODE,
        wrong="shear_range is in degrees: 0.1 is no shear at all. Trained for 2 epochs with the small CNN, a shear of "
        "0.1 and none differ by 0.02 points at most (2 seeds each). It is slow besides: batches of 32 through "
        "1.2 million numbers. On 10,000 images and after 10 epochs it had 98.60 % of the test images right (1 seed).",
        mends=(
            Mend("shear_deg", 10.0, "In degrees, 10 is what handwriting slants by."),
            Mend("model", "cnn", "A twentieth of the numbers, and as right."),
            Mend("batch_norm", True, "Steadier and faster."),
            Mend("batch_size", 128, "Fewer, larger steps use the processor better."),
            Mend("learning_rate", 0.01, "Larger batches and batch normalisation bear it."),
            Mend("schedule", "one_cycle", "Small steps at the end are worth several epochs."),
            Mend("conv_dropout", 0.0, "Augmentation already keeps it from learning by heart."),
            Mend("dense_dropout", 0.0, "The same."),
        ),
    ),
    Preset(
        "pytorch_net", "literature", "PyTorch: the usual CNN",
        "Two convolutions, two dense layers, dropout twice: the network of PyTorch's MNIST example, with Adam.",
        {**_COPIED_NET, "batch_size": 64, "epochs": 2},
        source="PyTorch's examples/mnist, with Adam as tutorials have it",
        code=_PYTORCH_CODE,
        wrong="Nothing breaks, but it has never seen a digit that is not in the middle: 98.62 % of the test images "
        "after 2 epochs, and 75.4 % of the same images moved by 3 pixels. The mended one has 99.40 % and 97.9 %, in a "
        "quarter of the time (1 seed each).",
        mends=(
            Mend("rotation_deg", 10.0, "Handwriting is not upright."),
            Mend("shift_x", 0.07, "A drawing is not always in the middle."),
            Mend("shift_y", 0.07, "The same."),
            Mend("shear_deg", 10.0, "Handwriting slants."),
            Mend("zoom", 0.12, "People write larger and smaller."),
            Mend("model", "cnn", "A twentieth of the numbers, and as right."),
            Mend("batch_norm", True, "Steadier and faster."),
            Mend("batch_size", 128, "Fewer, larger steps use the processor better."),
            Mend("optimizer", "adamw", "Keeps weight decay apart from the gradient."),
            Mend("learning_rate", 0.01, "Batch normalisation bears it."),
            Mend("schedule", "one_cycle", "Small steps at the end are worth several epochs."),
            Mend("weight_decay", 1e-4, "A little keeps weights small."),
            Mend("label_smoothing", 0.05, "Asks it to be a little unsure."),
            Mend("conv_dropout", 0.0, "Augmentation already keeps it from learning by heart."),
            Mend("dense_dropout", 0.0, "The same."),
        ),
    ),
    Preset(
        "svm_standard_scaler", "literature", "scikit-learn: StandardScaler and SVC",
        "A support vector machine with a radial kernel on pixels that are each scaled by themselves; here on 5,000 "
        "images.",
        {"model": "svm", "scaling": "per_pixel", "svm_c": 1.0, "svm_gamma": 0.1, "train_images": 5_000},
        source="tutorials on scikit-learn's SVC",
        code=_SVM_CODE,
        wrong="Two mistakes that make each other worse. Scaled by itself, a pixel at the edge that one image in "
        "thousands inks becomes enormous; and a gamma of 0.1 is far too high for 784 such pixels, so every image is "
        "like nothing but itself. It had 100 % of its 5,000 training images right and 17.4 % of the test images.",
        mends=(
            Mend("scaling", "unit", "All pixels on one scale: an edge stays dark."),
            Mend("svm_gamma", 0.0134, "What gamma='scale' gives for such pixels: one over pixels times variance."),
            Mend("svm_c", 10.0, "Bends a little more: 96.3 % of the test images, against 95.5 % with C=1."),
        ),
    ),
)  # fmt: skip

_FAULTS = (
    Preset(
        "fault_overfit", "fault", "Overfitting",
        "500 images, 60 epochs, nothing to hold it back.",
        {**_AS_USUAL, "model": "mlp", "train_images": 500, "epochs": 60},
        wrong="It had all training images right and 87.2 % of the test images; its validation loss was lowest after "
        "epoch 9 (1 seed).",
    ),
    Preset(
        "fault_vanishing", "fault", "Vanishing gradients",
        "Seven layers, sigmoid, weights that start too small.",
        {**_AS_USUAL, "model": "mlp", "activation": "sigmoid", "extra_layers": 4, "initialization": "small",
         "train_images": 10_000, "epochs": 3},
        wrong="After 3 epochs it still guessed: 11.4 %. With ReLU and Kaiming's weights the same network had 94.9 % "
        "(1 seed). Look at its gradients, layer by layer.",
    ),
    Preset(
        "fault_rate", "fault", "Learning rate too high",
        "Momentum with a rate of 1.",
        {**_AS_USUAL, "model": "mlp", "optimizer": "momentum", "learning_rate": 1.0, "train_images": 10_000,
         "epochs": 2},
        wrong="The loss stopped being a number at step 21 (1 seed).",
    ),
    Preset(
        "fault_noise", "fault", "Wrong labels",
        "Four labels in ten are wrong, and it learns them by heart.",
        {**_AS_USUAL, "model": "mlp", "train_images": 5_000, "label_noise": 0.4, "epochs": 25},
        wrong="After epoch 2 it had 83 % of the validation images right, after epoch 25 only 65 % (1 seed).",
    ),
    Preset(
        "fault_rare", "fault", "A rare digit",
        "Of the 4s only one in a hundred is kept.",
        {"train_images": 10_000, "keep_4": 0.01, "epochs": 2},
        wrong="It had 98.4 % of the other test digits right, and 19 % of the 4s (1 seed).",
    ),
)  # fmt: skip

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {preset.key: preset for preset in (*_AUGMENTATIONS, *_GOALS, *_LITERATURE, *_FAULTS)}
)
"""All presets by their keys, in the order in which they are shown."""
