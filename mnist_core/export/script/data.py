"""The part of a script that loads MNIST and puts the recipe's corruptions into it."""

import textwrap
from collections.abc import Iterator

from mnist_core.data.cleaning import clean
from mnist_core.data.imbalance import draw_subsample
from mnist_core.data.label_noise import flip_labels
from mnist_core.data.offset import offset_images
from mnist_core.data.outliers import OUTLIERS, replace_share
from mnist_core.data.rng import rng_for
from mnist_core.data.splits import split_indexes
from mnist_core.export.script.text import WIDTH, Code, Constant, Part, Piece, block, field_constant
from mnist_core.recipe import Recipe

_ALL_IMAGES = 55_000

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

_LOAD_DATA = '''
    def load_data({parameters}) -> tuple[Part, Part, Part]:
        """The images and labels that train, those that validate, and those that test.

        Whatever is chosen while training is chosen by the validation images, so that the test images can tell at the
        end how good the model is on digits it has never met.
        """
        train_images, train_labels, test_images, test_labels = load_mnist(folder)
        train, validation = split_indexes(train_labels{count})
        images, labels = train_images[train], train_labels[train]
        {corruptions}
        validation_images = train_images[validation]
        {offsets}
        return (images, labels), (validation_images, train_labels[validation]), (test_images, test_labels)
'''

_MAIN_HEAD = '''
    def main() -> None:
        """Train the model, and test it once."""
        parser = argparse.ArgumentParser(description="Train a model that recognises digits.")
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
    """What `data.dataset.build_dataset` does, as far as the recipe asks for it."""
    return Part(tuple(_constants(recipe)), tuple(_blocks(recipe)))


def _kept_shares(recipe: Recipe) -> tuple[float, ...]:
    return tuple(getattr(recipe, f"keep_{digit}") for digit in range(10))


def _is_random(recipe: Recipe) -> bool:
    """Whether the seed has a say in what the data is."""
    return bool(min(_kept_shares(recipe)) < 1 or recipe.outliers or recipe.label_noise or recipe.train_offset_px)


def _constants(recipe: Recipe) -> Iterator[Constant]:
    if recipe.images_used < _ALL_IMAGES:
        yield Constant("TRAIN_IMAGES", recipe.images_used)
    if min(_kept_shares(recipe)) < 1:
        yield Constant("KEPT_SHARES", _kept_shares(recipe), "of its images that each digit keeps, 0 to 9")
    if recipe.left_out:
        words = textwrap.fill(recipe.left_out.replace(",", ", "), WIDTH - 4)
        text = Code(f"(\n{textwrap.indent(words, '    ')},\n)  # fmt: skip")
        yield Constant("EXCLUDED", text)
    for name in ("outliers", "label_noise", "train_offset_px", "test_offset_px"):
        if getattr(recipe, name):
            yield field_constant(recipe, name)


def _blocks(recipe: Recipe) -> Iterator[Piece]:
    yield block(_LOAD_MNIST)
    yield split_indexes
    if min(_kept_shares(recipe)) < 1:
        yield draw_subsample
    if recipe.outliers:
        yield OUTLIERS[recipe.outlier_kind]
        yield replace_share
    if recipe.label_noise:
        yield flip_labels
    if recipe.cleaning:
        yield clean
    if recipe.train_offset_px or recipe.test_offset_px:
        yield rng_for
        yield offset_images
    yield block(
        _LOAD_DATA,
        parameters="folder: Path | None, seed: int" if _is_random(recipe) else "folder: Path | None",
        count=", TRAIN_IMAGES" if recipe.images_used < _ALL_IMAGES else "",
        corruptions=_corruptions(recipe),
        offsets=_offsets(recipe),
    )


def _corruptions(recipe: Recipe) -> Iterator[str]:
    if min(_kept_shares(recipe)) < 1:
        yield "kept = draw_subsample(labels, KEPT_SHARES, seed)"
        yield "images, labels, train = images[kept], labels[kept], train[kept]"
    if recipe.outliers:
        make = OUTLIERS[recipe.outlier_kind].__name__
        yield f"images, _ = replace_share(images, OUTLIERS, {make}, seed)"
    if recipe.label_noise:
        yield f'labels = flip_labels(labels, LABEL_NOISE, seed, "{recipe.label_noise_kind}")'
    if recipe.left_out:
        yield "# Last, so that all other images keep the labels that they were given."
        yield "kept = ~torch.isin(train, torch.tensor(EXCLUDED))"
        yield "images, labels = images[kept], labels[kept]"
    if recipe.cleaning:
        yield "kept = clean(images, labels)"
        yield "images, labels = images[kept], labels[kept]"


def _offsets(recipe: Recipe) -> Iterator[str]:
    if recipe.train_offset_px:
        yield 'images = offset_images(images, TRAIN_OFFSET_PX, rng_for(seed, "train_offset"))'
        yield 'generator = rng_for(seed, "validation_offset")'
        yield "validation_images = offset_images(validation_images, TRAIN_OFFSET_PX, generator)"
    if recipe.test_offset_px:
        yield "# With a seed of its own, so that all models are tested on the same places."
        yield 'test_images = offset_images(test_images, TEST_OFFSET_PX, rng_for(0, "test_offset"))'
