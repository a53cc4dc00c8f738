"""The part of a script that fits a support vector machine."""

from collections.abc import Iterator

from mnist_core.data.class_balance import balanced_weights, class_balanced_order
from mnist_core.export.script.data import main_head
from mnist_core.export.script.text import Constant, Part, Piece, block, call
from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.augment import is_augmented
from mnist_core.training.pixels import standardise

_ROWS = '''
    def rows(images: Tensor) -> np.ndarray:
        """The images as scikit-learn takes them: a row of 784 numbers each{which}."""
        return {scaled}.numpy()
'''

_SCALED = {
    "standardised": (", mean 0 and spread 1", "standardise(images.flatten(1).float() / 255)"),
    "unit": (", 0 paper to 1 ink", "(images.flatten(1).float() / 255)"),
    "none": (", grey levels 0 to 255", "images.flatten(1).float()"),
    "per_pixel": ("", "images.flatten(1).float()"),
}

_MAIN = """
    {head}

        {shown}
        {machine}
        print(f"fitting {len(training[1]):,} images: time grows with the square of them")
        machine.fit(rows(training[0]), training[1].numpy())
        parts = {"training": training, "validation": validation, "test": test}
        for name, (images, labels) in parts.items():
            correct = (machine.predict(rows(images)) == labels.numpy()).mean()
            print(f"{name} accuracy {correct:.2%} of {len(labels):,} images")
        # To be read with joblib.load; never read such a file from a stranger, it can run code.
        joblib.dump(machine, MACHINE_FILE)


    if __name__ == "__main__":
        main()
"""


def machine_part(recipe: Recipe) -> Part:
    """What `training.svm` does: scikit-learn fits all pairs in one go."""
    return Part(tuple(_constants(recipe)), tuple(_blocks(recipe)))


def _constants(recipe: Recipe) -> Iterator[Constant]:
    yield Constant("C", recipe.svm_c, "how much a misclassified training image costs")
    yield Constant("GAMMA", recipe.svm_gamma, "how quickly the kernel falls with distance")
    yield Constant("SEED", recipe.seed)
    yield Constant("MACHINE_FILE", "digits.joblib")


def _blocks(recipe: Recipe) -> Iterator[Piece]:
    which, scaled = _SCALED[recipe.scaling]
    if recipe.balance == "resample":
        yield class_balanced_order
    if recipe.balance == "loss_weights":
        yield balanced_weights
    if recipe.scaling == "standardised":
        yield standardise
    yield block(_ROWS, which=which, scaled=scaled)
    yield block(_MAIN, head=main_head(recipe), shown=_shown(recipe), machine=_machine(recipe))


def _shown(recipe: Recipe) -> Iterator[str]:
    """Lines that balance and augment the training images."""
    resampled, augmented = recipe.balance == "resample", is_augmented(recipe)
    if resampled or augmented:
        yield "images, labels = training"
        yield "generator = Generator().manual_seed(options.seed)"
    if resampled:
        yield "order = class_balanced_order(labels, generator)"
        yield "images, labels = images[order], labels[order]"
    if augmented:
        yield "images = (augment(images.float() / 255, labels, generator).clamp(0, 1) * 255).round().byte()"
    if resampled or augmented:
        yield "training = images, labels"


def _machine(recipe: Recipe) -> Iterator[str]:
    weighs = recipe.balance == "loss_weights"
    if weighs:
        yield "weights = dict(enumerate(balanced_weights(training[1]).tolist()))"
    yield "# One classifier for each two digits; the digit with most votes wins, of equal votes the clearer one."
    options = ["C=C", "gamma=GAMMA", "cache_size=200", "break_ties=True", *["class_weight=weights"] * weighs]
    yield call("machine = SVC", options, depth=4)
    if recipe.scaling == "per_pixel":
        yield "# The scaler gives each pixel mean 0 and spread 1 by itself, even at the rim."
        yield "machine = make_pipeline(StandardScaler(), machine)"
