"""Presets: ways to augment, the quickest and the most accurate recipe, tutorial code, and failures to show a class.

Every number in these texts was measured with this program, and its text says on how many images and seeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from mnist_core.fields import Value
from mnist_core.recipe import FIELDS, Recipe

Kind = Literal["augmentation", "goal", "literature", "fault"]


@dataclass(frozen=True, slots=True)
class Correction:
    """One setting that is changed to correct a recipe, and why."""

    name: str
    value: Value
    why: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A named recipe.

    Attributes:
        key: Its name in code and in a URL.
        kind: `augmentation` changes only augmentation fields of the recipe at hand; all others are whole recipes.
        title: Its name for people.
        about: What it is, in a sentence or two.
        changes: The fields that differ from their defaults.
        source: Of an example from the literature: where it comes from, in words.
        code: Of an example from the literature: the lines that learners copy.
        wrong: What it does wrong, and what was measured of it.
        shows: Of a whole recipe to show or to reach: what will be seen, in a few words.
        corrections: What is changed to correct it.
    """

    key: str
    kind: Kind
    title: str
    about: str
    changes: Mapping[str, Value]
    source: str = ""
    code: str = ""
    wrong: str = ""
    corrections: tuple[Correction, ...] = ()
    shows: str = ""

    @property
    def recipe(self) -> Recipe:
        """The preset as a recipe of its own, as it is written."""
        return self.apply(Recipe())

    @property
    def corrected(self) -> Recipe | None:
        """The recipe with all its corrections; None if there are none."""
        return self.recipe.replace(**{one.name: one.value for one in self.corrections}) if self.corrections else None

    def apply(self, recipe: Recipe) -> Recipe:
        """The preset chosen while `recipe` is at hand: an augmentation leaves all but its own group as it is."""
        kept = recipe.as_dict() if self.kind == "augmentation" else {}
        defaults = {name: each.default for name, each in FIELDS.items() if each.group == "augmentation"}
        return Recipe().replace(**{**kept, **defaults, **self.changes})


_AS_USUAL: Mapping[str, Value] = {
    "optimizer": "adam", "learning_rate": 1e-3, "schedule": "constant", "weight_decay": 0.0, "label_smoothing": 0.0,
    "batch_norm": False,
}  # fmt: skip
"""What most examples use: Adam at a constant rate, and no regularisation."""

_COPIED_NET: Mapping[str, Value] = {**_AS_USUAL, "model": "net", "conv_dropout": 0.25, "dense_dropout": 0.5}

_KERAS_AUGMENTATION: Mapping[str, Value] = {
    "rotation_deg": 10.0, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 0.1, "zoom": 0.1, "fill": "nearest",
}  # fmt: skip

_GENTLE: Mapping[str, Value] = {
    "rotation_deg": 10.0, "shift_x": 0.07, "shift_y": 0.07, "shear_deg": 10.0, "zoom": 0.12,
}  # fmt: skip

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
        "augment_gentle", "augmentation", "Gentle",
        "Rotates, shifts, slants and resizes a little, as handwriting varies.",
        _GENTLE,
    ),
    Preset(
        "augment_pen", "augmentation", "Like pen digits",
        "Gentle, plus pen variants (slashed zeros, crossed sevens, ones with an upstroke) and other pen widths. "
        "After 20 epochs a small CNN misread 1.7 % of 7,562 pen digits; with “Gentle” it was 3.4 % (3 seeds).",
        {**_GENTLE, "thickness_px": 1.0, "pen_habits": 0.25},
    ),
    Preset(
        "augment_strong", "augmentation", "Strong",
        "As much as a digit can take: distorted, thinner and thicker, and noisy as well. Give it more epochs.",
        {"rotation_deg": 20.0, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 15.0, "zoom": 0.2, "elastic_px": 1.5,
         "thickness_px": 0.7, "pixel_noise": 0.05},
    ),
    Preset(
        "augment_keras", "augmentation", "Keras",
        "The ranges of the ImageDataGenerator example. Its shear of 0.1 is in degrees, so it does nothing.",
        _KERAS_AUGMENTATION,
    ),
    Preset(
        "augment_harmful", "augmentation", "Harmful",
        "What helps with photos of cats: flipped both ways and rotated to any angle. A 6 becomes a 9, a 2 becomes a 5.",
        {"rotation_deg": 180.0, "flip": "both"},
        wrong="With 10,000 images and 3 epochs, test accuracy falls from 98.6 % to 80.6 % (2 seeds).",
    ),
)  # fmt: skip

_GOALS = (
    Preset(
        "fast", "goal", "99 % in seconds",
        "A small, fast network, a high learning rate that comes down again, and a single epoch: "
        "99.15 % test accuracy (5 seeds) in 2 seconds on two cores.",
        {"model": "quick", "precision": "mixed", "learning_rate": 0.05, "batch_size": 320},
        shows="one epoch of a small, fast network",
    ),
    Preset(
        "best", "goal", "Highest accuracy",
        "Six convolutions, gentle augmentation, other pen widths and pen variants: how the shipped model “best” was "
        "trained. 99.68 % test accuracy (3 seeds) after 26 minutes on one core.",
        {**_GENTLE, "model": "deep", "precision": "mixed", "epochs": 20, "thickness_px": 1.0, "pen_habits": 0.15},
        shows="99.7 % on the test set in half an hour",
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
        wrong="shear_range is in degrees: 0.1 is no shear at all. With the small CNN and 2 epochs, a shear of 0.1 and "
        "none differ by at most 0.02 percentage points (2 seeds each). It is also slow: batches of 32 through 1.2 "
        "million parameters. With 10,000 images and 10 epochs it reached 98.60 % test accuracy (1 seed).",
        corrections=(
            Correction("shear_deg", 10.0, "Handwriting slants by about 10 degrees."),
            Correction("model", "cnn", "A twentieth of the parameters, just as accurate."),
            Correction("batch_norm", True, "More stable and faster."),
            Correction("batch_size", 128, "Fewer, larger steps use the processor better."),
            Correction("learning_rate", 0.01, "Larger batches and batch normalisation can cope with it."),
            Correction("schedule", "one_cycle", "Small steps at the end are worth several epochs."),
            Correction("conv_dropout", 0.0, "Augmentation already keeps it from memorising."),
            Correction("dense_dropout", 0.0, "The same."),
        ),
    ),
    Preset(
        "pytorch_net", "literature", "PyTorch: the usual CNN",
        "Two convolutions, two dense layers, dropout twice: the network of PyTorch's MNIST example, with Adam.",
        {**_COPIED_NET, "batch_size": 64, "epochs": 2},
        source="PyTorch's examples/mnist, with Adam as in most tutorials",
        code=_PYTORCH_CODE,
        wrong="Nothing breaks, but it has only seen centred digits: 98.62 % test accuracy after 2 epochs, and 75.4 % "
        "on the same images moved by 3 pixels. The corrected version reaches 99.40 % and 97.9 % in a quarter of the "
        "time (1 seed each).",
        corrections=(
            Correction("rotation_deg", 10.0, "Handwriting is not upright."),
            Correction("shift_x", 0.07, "A drawing is not always centred."),
            Correction("shift_y", 0.07, "The same."),
            Correction("shear_deg", 10.0, "Handwriting slants."),
            Correction("zoom", 0.12, "Some people write larger, some smaller."),
            Correction("model", "cnn", "A twentieth of the parameters, just as accurate."),
            Correction("batch_norm", True, "More stable and faster."),
            Correction("batch_size", 128, "Fewer, larger steps use the processor better."),
            Correction("optimizer", "adamw", "Applies weight decay separately from the gradient."),
            Correction("learning_rate", 0.01, "Batch normalisation can cope with it."),
            Correction("schedule", "one_cycle", "Small steps at the end are worth several epochs."),
            Correction("weight_decay", 1e-4, "A little keeps weights small."),
            Correction("label_smoothing", 0.05, "Prevents overconfidence."),
            Correction("conv_dropout", 0.0, "Augmentation already keeps it from memorising."),
            Correction("dense_dropout", 0.0, "The same."),
        ),
    ),
    Preset(
        "svm_standard_scaler", "literature", "scikit-learn: StandardScaler and SVC",
        "A support vector machine with an RBF kernel, each pixel scaled separately; here with 5,000 images.",
        {"model": "svm", "scaling": "per_pixel", "svm_c": 1.0, "svm_gamma": 0.1, "train_images": 5_000},
        source="tutorials on scikit-learn's SVC",
        code=_SVM_CODE,
        wrong="Two mistakes that make each other worse. Scaled separately, an edge pixel that hardly ever holds ink "
        "becomes enormous; and a gamma of 0.1 is far too high for 784 such pixels: the kernel matrix is close to the "
        "identity. It had 100 % accuracy on its 5,000 training images and 17.4 % on the test images.",
        corrections=(
            Correction("scaling", "unit", "All pixels share one scale, so edge pixels stay small."),
            Correction("svm_gamma", 0.0134, "What gamma='scale' gives here: one over pixels times variance."),
            Correction("svm_c", 10.0, "A more flexible boundary: 96.3 % test accuracy instead of 95.5 %."),
        ),
    ),
)  # fmt: skip

_FAULTS = (
    Preset(
        "fault_overfit", "fault", "Overfitting",
        "500 images, 60 epochs, no regularisation.",
        {**_AS_USUAL, "model": "mlp", "train_images": 500, "epochs": 60},
        shows="training accuracy 100 %, validation loss rises",
        wrong="100 % training accuracy, 87.2 % test accuracy; the validation loss was lowest after epoch 9 (1 seed).",
    ),
    Preset(
        "fault_vanishing", "fault", "Vanishing gradients",
        "Seven layers, sigmoid, initial weights that are too small.",
        {**_AS_USUAL, "model": "mlp", "activation": "sigmoid", "extra_layers": 4, "initialization": "small",
         "train_images": 10_000, "epochs": 3},
        shows="the loss stays at 2.3, nothing is learned",
        wrong="After 3 epochs it still guessed: 11.4 % test accuracy. With ReLU and Kaiming initialisation the same "
        "network reached 94.9 % (1 seed). Look at its gradients, layer by layer.",
    ),
    Preset(
        "fault_rate", "fault", "Learning rate too high",
        "SGD with momentum at a learning rate of 1.",
        {**_AS_USUAL, "model": "mlp", "optimizer": "momentum", "learning_rate": 1.0, "train_images": 10_000,
         "epochs": 2},
        shows="the loss explodes within some 20 steps",
        wrong="The loss became NaN (not a number) at step 21 (1 seed).",
    ),
    Preset(
        "fault_noise", "fault", "Wrong labels",
        "Four labels in ten are wrong, and it memorises them.",
        {**_AS_USUAL, "model": "mlp", "train_images": 5_000, "label_noise": 0.4, "epochs": 25},
        shows="validation accuracy peaks early, then falls",
        wrong="After epoch 2 validation accuracy was 83 %, after epoch 25 only 65 % (1 seed).",
    ),
    Preset(
        "fault_rare", "fault", "A rare digit",
        "Only one in a hundred 4s is kept.",
        {"train_images": 10_000, "keep_4": 0.01, "epochs": 2},
        shows="good accuracy, yet most 4s are misclassified",
        wrong="Accuracy is 98.4 % on the other test digits and 19 % on the 4s (1 seed).",
    ),
)  # fmt: skip

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {preset.key: preset for preset in (*_AUGMENTATIONS, *_FAULTS, *_GOALS, *_LITERATURE)}
)
"""All presets by their keys, in the order in which they are shown."""
