"""The part of a script that loads MNIST and puts the recipe's faults into it."""

import textwrap
from collections.abc import Iterator

from mnist_core.data.label_noise import MISTAKEN_FOR
from mnist_core.export.script.pieces import cleaning, faults
from mnist_core.export.script.text import WIDTH, Code, Constant, Part, block, source
from mnist_core.recipe import Recipe

_ALL_IMAGES = 55_000
_DIGITS = range(10)

# The streams of `data.rng`, so that a script hits the same images as a run.
_IMBALANCE, _LABEL_NOISE, _OUTLIERS, _TRAIN_OFFSET, _VALIDATION_OFFSET, _TEST_OFFSET, _CLEANING_STREAM = range(7)

_LOAD_MNIST = '''
    def load_mnist(folder: Path | None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """MNIST's training images and labels, then its test images and labels.

        Images are uint8 (N, 28, 28), 0 paper to 255 ink; labels int64 (N,), 0 to 9.
        """
        raw = folder or Path(datasets.MNIST("data", download=True).raw_folder)
        return (
            datasets.mnist.read_image_file(raw / "train-images-idx3-ubyte"),
            datasets.mnist.read_label_file(raw / "train-labels-idx1-ubyte"),
            datasets.mnist.read_image_file(raw / "t10k-images-idx3-ubyte"),
            datasets.mnist.read_label_file(raw / "t10k-labels-idx1-ubyte"),
        )
'''

_SPLIT = '''
    def split(labels: Tensor) -> tuple[Tensor, Tensor]:
        """Which of MNIST's training images train, and which validate: of each digit a twelfth.

        Whatever is chosen while training is chosen by the validation images, so that the
        test images can tell at the end how good the model is on digits it has never met.
        """
        by_digit = torch.argsort(labels, stable=True)
        validates = torch.arange(len(labels)) % 12 == 0
        train = by_digit[~validates]
        {fewer}
        return train.sort().values, by_digit[validates].sort().values
'''

_FEWER = """
    # Evenly spaced, so that each digit keeps its share.
    train = train[torch.arange(TRAIN_IMAGES) * len(train) // TRAIN_IMAGES]
"""

_ADD_OUTLIERS = '''
    def add_outliers(images: Tensor, dice: Generator) -> Tensor:
        """The images, with a share of them replaced {by}."""
        count = round(OUTLIERS * len(images))
        chosen = torch.randperm(len(images), generator=dice)[:count]
        replaced = images.clone()
        {replace}
        return replaced
'''

_OUTLIER_KINDS = {
    "noise": (
        "by random pixels",
        [
            "size = (count, 28, 28)",
            "replaced[chosen] = torch.randint(0, 256, size, generator=dice, dtype=torch.uint8)",
        ],
    ),
    "inverted": ("by their negatives", ["replaced[chosen] = 255 - images[chosen]"]),
    "blank": ("by blank pictures", ["replaced[chosen] = 0"]),
    "shapes": (
        "by other shapes",
        [
            "drawn = draw_shapes(min(count, 2_000), dice)  # of more, some come again",
            "replaced[chosen] = drawn[torch.arange(count) % 2_000]",
        ],
    ),
}

_STAY = '''
    def stay(places: Tensor) -> Tensor:
        """Which of those images, by their places in MNIST's file, nobody left out by hand."""
        return ~torch.isin(places, torch.tensor([int(place) for place in LEFT_OUT.split()]))
'''

_LOAD_DATA = '''
    def load_data({parameters}) -> tuple[Part, Part, Part]:
        """The images and labels that train, those that validate, and those that test."""
        train_images, train_labels, test_images, test_labels = load_mnist(folder)
        train, validation = split(train_labels)
        images, labels = train_images[train], train_labels[train]
        {faults}
        checks = train_images[validation]
        {offsets}
        return (
            (images, labels),
            (checks, train_labels[validation]),
            (test_images, test_labels),
        )
'''

_MAIN_HEAD = '''
    def main() -> None:
        """Train, and look at the test images once."""
        parser = argparse.ArgumentParser(description="Train a model that reads digits.")
        parser.add_argument("--data", type=Path, help="folder with MNIST's four files")
        parser.add_argument("--seed", type=int, default=SEED)
        options = parser.parse_args()

        training, validation, test = load_data({arguments})
'''


def main_head(recipe: Recipe) -> str:
    """How `main` begins, whatever the model."""
    arguments = "options.data, options.seed" if _is_random(recipe) else "options.data"
    return block(_MAIN_HEAD, arguments=arguments)


def data_part(recipe: Recipe) -> Part:
    """Loading, splitting, and the faults that the recipe asks for."""
    return Part(tuple(_constants(recipe)), tuple(_blocks(recipe)))


def rare_digits(recipe: Recipe) -> dict[int, float]:
    """The digits that lose images, each with the share that it keeps."""
    shares = {digit: getattr(recipe, f"keep_{digit}") for digit in _DIGITS}
    return {digit: share for digit, share in shares.items() if share < 1}


def _is_random(recipe: Recipe) -> bool:
    """Whether the seed has a say in what the data is."""
    return bool(rare_digits(recipe) or recipe.outliers or recipe.label_noise or recipe.train_offset_px)


def _constants(recipe: Recipe) -> Iterator[Constant]:
    if recipe.images_used < _ALL_IMAGES:
        yield Constant("TRAIN_IMAGES", recipe.images_used)
    if rare := rare_digits(recipe):
        yield Constant("KEEP", rare, "the share of its images that a rare digit keeps")
    if recipe.outliers:
        yield Constant("OUTLIERS", recipe.outliers, "share of the training images that are no digits")
    if recipe.label_noise:
        yield Constant("LABEL_NOISE", recipe.label_noise, "share of the training labels that are wrong")
    if recipe.label_noise and recipe.label_noise_kind == "confusing":
        yield Constant("LIKE", list(MISTAKEN_FOR), "what each digit is taken for")
    if recipe.left_out:
        yield Constant("LEFT_OUT", _written(recipe.left_out), "places of training images in MNIST's file, from 0")
    yield from _offset_constants(recipe)


def _offset_constants(recipe: Recipe) -> Iterator[Constant]:
    if recipe.train_offset_px:
        yield Constant("TRAIN_OFFSET", recipe.train_offset_px, "pixels that training images are off-centre")
    if recipe.test_offset_px:
        yield Constant("TEST_OFFSET", recipe.test_offset_px, "pixels that test images are off-centre")


def _written(left_out: str) -> Code:
    """The indexes as a text over several lines: as a list, each would get a line to itself."""
    words = textwrap.fill(left_out.replace(",", " "), WIDTH)
    return Code(f'"""\n{words}\n"""')


def _blocks(recipe: Recipe) -> Iterator[str]:
    yield block(_LOAD_MNIST)
    yield block(_SPLIT, fewer=block(_FEWER) if recipe.images_used < _ALL_IMAGES else "")
    offsets = recipe.train_offset_px or recipe.test_offset_px
    if _is_random(recipe) or offsets or recipe.cleaning:
        yield source(faults.dice_for)
    if rare_digits(recipe):
        yield source(faults.subsample_classes)
    if recipe.outliers:
        yield from _outliers(recipe.outlier_kind)
    if recipe.label_noise:
        yield source(faults.confuse if recipe.label_noise_kind == "confusing" else faults.flip_labels)
    if recipe.left_out:
        yield block(_STAY)
    yield from (source(piece) for piece in (_OFFSETS if offsets else ()))
    if offsets or (recipe.outliers and recipe.outlier_kind == "shapes"):
        yield source(faults.shift)
    parameters = "folder: Path | None, seed: int" if _is_random(recipe) else "folder: Path | None"
    yield from (source(piece) for piece in (_CLEANING if recipe.cleaning else ()))
    yield block(_LOAD_DATA, parameters=parameters, faults=_faults(recipe), offsets=_offsets(recipe))


_OFFSETS = faults.offset_images, faults.choose_way
_CLEANING = (
    cleaning.clean, cleaning.features_of, cleaning.scores_of_others, cleaning.lack_of_score, cleaning.distance,
    cleaning.off_plane, cleaning.most_contradicted, cleaning.score_of_label, cleaning.spare_one,
)  # fmt: skip


def _outliers(kind: str) -> Iterator[str]:
    by, replace = _OUTLIER_KINDS[kind]
    yield block(_ADD_OUTLIERS, by=by, replace=replace)
    if kind == "shapes":
        for piece in (faults.draw_shapes, faults.draw_shape, faults.draw, faults.circle):
            yield source(piece)


def _faults(recipe: Recipe) -> Iterator[str]:
    if rare_digits(recipe):
        yield f"kept = subsample_classes(labels, KEEP, dice_for({_IMBALANCE}, seed))"
        yield "images, labels = images[kept], labels[kept]"
        if recipe.left_out:
            yield "train = train[kept]"
    if recipe.outliers:
        yield f"images = add_outliers(images, dice_for({_OUTLIERS}, seed))"
    if recipe.label_noise:
        dice = f"dice_for({_LABEL_NOISE}, seed)"
        if recipe.label_noise_kind == "confusing":
            yield f"labels = confuse(labels, LABEL_NOISE, LIKE, {dice})"
        else:
            yield f"labels = flip_labels(labels, LABEL_NOISE, {dice})"
    if recipe.left_out:
        yield "# Last, so that all other images keep the labels that they were given."
        yield "kept = stay(train)"
        yield "images, labels = images[kept], labels[kept]"
    if recipe.cleaning:
        # The same images are judged by the same filters whatever the seed of the recipe.
        yield f"kept = clean(images, labels, dice_for({_CLEANING_STREAM}, seed=0))"
        yield "images, labels = images[kept], labels[kept]"


def _offsets(recipe: Recipe) -> Iterator[str]:
    if recipe.train_offset_px:
        yield f"images = offset_images(images, TRAIN_OFFSET, dice_for({_TRAIN_OFFSET}, seed))"
        yield f"checks = offset_images(checks, TRAIN_OFFSET, dice_for({_VALIDATION_OFFSET}, seed))"
    if recipe.test_offset_px:
        yield "# With a seed of their own, so that all models are tested on the same places."
        yield f"dice = dice_for({_TEST_OFFSET}, seed=0)"
        yield "test_images = offset_images(test_images, TEST_OFFSET, dice)"
