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
from mnist_core.export.script.text import WIDTH, Code, Constant, Part, block, field_constant
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
    corruptions, offsets = [*_corruptions(recipe)], [*_offsets(recipe)]
    constants = [each for part in (*corruptions, *offsets) for each in part.constants]
    lifted = [each for part in corruptions for each in part.blocks]
    lifted += [rng_for, offset_images] if offsets else []
    has_fewer = recipe.images_used < _ALL_IMAGES
    load_data = block(
        _LOAD_DATA,
        parameters="folder: Path | None, seed: int" if _is_random(recipe) else "folder: Path | None",
        count=", TRAIN_IMAGES" if has_fewer else "",
        corruptions=[line for part in corruptions for line in part.lines],
        offsets=[line for part in offsets for line in part.lines],
    )
    count = [Constant("TRAIN_IMAGES", recipe.images_used)] * has_fewer
    return Part((*count, *constants), (block(_LOAD_MNIST), split_indexes, *lifted, load_data))


def _kept_shares(recipe: Recipe) -> tuple[float, ...]:
    return tuple(getattr(recipe, f"keep_{digit}") for digit in range(10))


def _is_random(recipe: Recipe) -> bool:
    """Whether the seed has a say in what the data is."""
    return bool(min(_kept_shares(recipe)) < 1 or recipe.outliers or recipe.label_noise or recipe.train_offset_px)


def _corruptions(recipe: Recipe) -> Iterator[Part]:
    """What is done to the training images, one after the other."""
    shares = _kept_shares(recipe)
    if min(shares) < 1:
        constant = Constant("KEPT_SHARES", shares, "of its images that each digit keeps, 0 to 9")
        cut = ["kept = draw_subsample(labels, KEPT_SHARES, seed)"]
        cut += ["images, labels, train = images[kept], labels[kept], train[kept]"]
        yield Part((constant,), (draw_subsample,), cut)
    if recipe.outliers:
        make = OUTLIERS[recipe.outlier_kind]
        line = f"images, _ = replace_share(images, OUTLIERS, {make.__name__}, seed)"
        yield Part((field_constant(recipe, "outliers"),), (make, replace_share), [line])
    if recipe.label_noise:
        line = f'labels = flip_labels(labels, LABEL_NOISE, seed, "{recipe.label_noise_kind}")'
        yield Part((field_constant(recipe, "label_noise"),), (flip_labels,), [line])
    if recipe.left_out:
        words = textwrap.fill(recipe.left_out.replace(",", ", "), WIDTH - 4)
        excluded = Constant("EXCLUDED", Code(f"(\n{textwrap.indent(words, '    ')},\n)  # fmt: skip"))
        cut = ["# Last, so that all other images keep the labels that they were given."]
        cut += ["kept = ~torch.isin(train, torch.tensor(EXCLUDED))", _KEEP]
        yield Part((excluded,), (), cut)
    if recipe.cleaning:
        yield Part((), (clean,), ["kept = clean(images, labels)", _KEEP])


_KEEP = "images, labels = images[kept], labels[kept]"


def _offsets(recipe: Recipe) -> Iterator[Part]:
    """What moves images away from the middle."""
    if recipe.train_offset_px:
        lines = ['images = offset_images(images, TRAIN_OFFSET_PX, rng_for(seed, "train_offset"))']
        lines += ['generator = rng_for(seed, "validation_offset")']
        lines += ["validation_images = offset_images(validation_images, TRAIN_OFFSET_PX, generator)"]
        yield Part((field_constant(recipe, "train_offset_px"),), (), lines)
    if recipe.test_offset_px:
        lines = ["# With a seed of its own, so that all models are tested on the same places."]
        lines += ['test_images = offset_images(test_images, TEST_OFFSET_PX, rng_for(0, "test_offset"))']
        yield Part((field_constant(recipe, "test_offset_px"),), (), lines)
