"""What the data group of a recipe does to MNIST, for any recipe, on a small MNIST; on the real one, how much."""

import dataclasses
import gzip
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from torch import Generator

from mnist_core.data.dataset import (
    build_dataset,
    class_weights_of,
    corruption_masks,
    kept_mask,
    order_of_epoch,
    source_indices,
)
from mnist_core.data.label_noise import MISTAKEN_FOR
from mnist_core.data.mnist_files import FOLDER_VARIABLE, load_mnist
from mnist_core.data.splits import split
from mnist_core.errors import UserError
from mnist_core.fields import Field, Value, indexes_in
from mnist_core.recipe import FIELDS, Recipe

SMALL = Recipe(train_images=1000)
NOTHING_KEPT = {f"keep_{digit}": 0.0 for digit in range(10)}


def values_of(field: Field) -> st.SearchStrategy[Value]:
    if field.kind == "switch":
        return st.booleans()
    if field.kind == "choice":
        return st.sampled_from(list(field.choices))
    if field.kind == "indexes":
        return st.lists(st.integers(0, 600), max_size=200).map(lambda places: ",".join(map(str, sorted(set(places)))))
    if field.kind == "whole":
        return st.integers(int(field.low), min(1_000, int(field.high)))
    return st.one_of(st.sampled_from([field.low, field.high]), st.floats(field.low, field.high))


data_recipes = st.builds(
    Recipe,
    model=st.sampled_from(["cnn", "svm"]),
    seed=values_of(FIELDS["seed"]),
    **{name: values_of(field) for name, field in FIELDS.items() if field.group == "data"},
)


@pytest.fixture
def small_mnist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder, mnist = tmp_path_factory.mktemp("mnist"), load_mnist()
    write_idx(folder / "train-images-idx3-ubyte.gz", mnist.train_images[:600])
    write_idx(folder / "train-labels-idx1-ubyte.gz", mnist.train_labels[:600])
    write_idx(folder / "t10k-images-idx3-ubyte.gz", mnist.test_images[:60])
    write_idx(folder / "t10k-labels-idx1-ubyte.gz", mnist.test_labels[:60])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(folder))
        yield


def write_idx(path: Path, values: torch.Tensor) -> None:
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    path.write_bytes(gzip.compress(header + values.to(torch.uint8).numpy().tobytes()))


# The same small MNIST for all examples is what is wanted.
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data_recipes)
@example(Recipe(cleaning=True, outliers=0.5, outlier_kind="blank", label_noise=0.9))
@example(Recipe(cleaning=True, **{**NOTHING_KEPT, "keep_4": 1e-9}))
@example(Recipe(**NOTHING_KEPT))
# Half of the pictures are blank: so many equal ones have kept a decomposition from converging.
@example(
    Recipe(
        seed=812, train_images=550, label_noise=0.9, outliers=0.49609375, outlier_kind="blank", cleaning=True,
        keep_0=0, keep_1=0, keep_2=0, keep_3=0.703125, keep_4=0.90625, keep_6=0.34375, keep_7=0.75, keep_8=0.5,
    )
)  # fmt: skip
@example(Recipe(left_out=",".join(map(str, range(500))), train_images=100))
def test_any_recipe_gives_a_sound_lesson_or_a_sentence(small_mnist, recipe: Recipe) -> None:
    mnist = load_mnist()
    before = [getattr(mnist, field.name).clone() for field in dataclasses.fields(mnist)]
    if any(getattr(recipe, name) for name in NOTHING_KEPT) and not all_left_out(recipe):
        check_lesson(recipe)
    else:
        with pytest.raises(UserError):
            build_dataset(recipe)
    after = [getattr(mnist, field.name) for field in dataclasses.fields(mnist)]
    assert all(torch.equal(old, new) for old, new in zip(before, after, strict=True))


def all_left_out(recipe: Recipe) -> bool:
    indexes = source_indices(recipe.replace(left_out="", cleaning=False))
    return set(indexes.tolist()) <= set(indexes_in(recipe.left_out))


def check_lesson(recipe: Recipe) -> None:
    whole, lesson, faults = split(load_mnist(), recipe.images_used), build_dataset(recipe), corruption_masks(recipe)
    count = len(lesson.train_labels)
    assert 0 < count <= len(whole.train_labels)
    assert lesson.train_images.shape == (count, 28, 28)
    for images in (lesson.train_images, lesson.validation_images, lesson.test_images):
        assert images.dtype == torch.uint8
    assert lesson.train_labels.dtype == torch.int64
    assert set(lesson.train_labels.tolist()) <= set(range(10))
    assert torch.equal(lesson.validation_labels, whole.validation_labels)
    assert torch.equal(lesson.test_labels, whole.test_labels)
    assert lesson.validation_images.shape == whole.validation_images.shape
    assert torch.equal(lesson.validation_images, whole.validation_images) or recipe.train_offset_px
    assert torch.equal(lesson.test_images, whole.test_images) or recipe.test_offset_px
    assert faults.wrong_label.shape == faults.outlier.shape == (count,)
    indexes = source_indices(recipe)
    assert indexes.dtype == torch.int64
    assert indexes.shape == (count,)
    assert (indexes.diff() > 0).all()
    assert not set(indexes.tolist()) & set(indexes_in(recipe.left_out))
    right = ~faults.wrong_label
    assert torch.equal(lesson.train_labels[right], load_mnist().train_labels[indexes][right])
    if not recipe.train_offset_px:
        whole_images = ~faults.outlier
        assert torch.equal(lesson.train_images[whole_images], load_mnist().train_images[indexes][whole_images])
    check_epoch(lesson.train_labels, recipe)


def check_epoch(labels: torch.Tensor, recipe: Recipe) -> None:
    order = order_of_epoch(labels, recipe, Generator().manual_seed(recipe.seed))
    assert order.shape == labels.shape
    assert order.dtype == torch.int64
    assert 0 <= int(order.min()) <= int(order.max()) < len(labels)
    if recipe.balance != "resample":
        assert sorted(order.tolist()) == list(range(len(labels)))
    weights = class_weights_of(labels, recipe)
    assert (weights is not None) == (recipe.balance == "loss_weights")


def test_the_same_recipe_is_the_same_lesson() -> None:
    recipe = SMALL.replace(
        keep_3=0.5, label_noise=0.2, outliers=0.1, outlier_kind="shapes", cleaning=True, train_offset_px=3,
        test_offset_px=4,
    )  # fmt: skip
    for field in dataclasses.fields(build_dataset(recipe)):
        assert torch.equal(getattr(build_dataset(recipe), field.name), getattr(build_dataset(recipe), field.name))


def test_a_recipe_without_faults_is_plain_mnist() -> None:
    plain, lesson = split(load_mnist(), 1000), build_dataset(SMALL)
    assert all(torch.equal(getattr(plain, f.name), getattr(lesson, f.name)) for f in dataclasses.fields(plain))
    assert not corruption_masks(SMALL).wrong_label.any()
    assert not corruption_masks(SMALL).outlier.any()


def test_the_faults_are_those_that_a_comparison_with_mnist_finds() -> None:
    recipe = SMALL.replace(label_noise=0.3, label_noise_kind="confusing", outliers=0.2, outlier_kind="inverted")
    plain, lesson, faults = build_dataset(SMALL), build_dataset(recipe), corruption_masks(recipe)
    assert torch.equal(faults.wrong_label, plain.train_labels != lesson.train_labels)
    assert torch.equal(faults.outlier, (plain.train_images != lesson.train_images).flatten(1).any(1))
    assert (int(faults.wrong_label.sum()), int(faults.outlier.sum())) == (300, 200)
    given = torch.tensor(MISTAKEN_FOR)[plain.train_labels[faults.wrong_label]]
    assert torch.equal(lesson.train_labels[faults.wrong_label], given)


def test_one_fault_does_not_change_what_another_hits() -> None:
    recipe = SMALL.replace(label_noise=0.3, outliers=0.2)
    both, noise, outliers = (
        corruption_masks(recipe),
        corruption_masks(recipe.replace(outliers=0.0)),
        corruption_masks(SMALL.replace(outliers=0.2)),
    )
    assert torch.equal(both.wrong_label, noise.wrong_label)
    assert torch.equal(both.outlier, outliers.outlier)
    overlap = int((both.wrong_label & both.outlier).sum())
    assert 30 <= overlap <= 90  # 60 expected of 1,000 when the draws are independent


def test_shares_are_of_the_images_that_imbalance_left() -> None:
    recipe = SMALL.replace(keep_0=0.0, keep_1=0.5, label_noise=0.5)
    counts = torch.bincount(build_dataset(SMALL).train_labels)
    left = 1000 - int(counts[0]) - (int(counts[1]) - round(0.5 * int(counts[1])))
    faults = corruption_masks(recipe)
    assert len(faults.wrong_label) == left
    assert int(faults.wrong_label.sum()) == round(0.5 * left)


def test_nothing_kept_is_a_sentence() -> None:
    with pytest.raises(UserError) as error:
        build_dataset(SMALL.replace(**NOTHING_KEPT))
    assert error.value.code == "no_training_images"


def test_offsets_move_what_they_say_and_nothing_else() -> None:
    plain, train, test = (
        build_dataset(SMALL),
        build_dataset(SMALL.replace(train_offset_px=4)),
        build_dataset(SMALL.replace(test_offset_px=4)),
    )
    assert torch.equal(train.test_images, plain.test_images)
    assert torch.equal(test.train_images, plain.train_images)
    assert torch.equal(test.validation_images, plain.validation_images)
    assert distance_px(train.train_images, plain.train_images) == pytest.approx(4, abs=0.3)
    assert distance_px(train.validation_images, plain.validation_images) == pytest.approx(4, abs=0.3)
    assert distance_px(test.test_images, plain.test_images) == pytest.approx(4, abs=0.3)


def distance_px(moved: torch.Tensor, images: torch.Tensor) -> float:
    return float((centres(moved) - centres(images)).norm(dim=1).mean())


def centres(images: torch.Tensor) -> torch.Tensor:
    ink = images.double() / images.double().sum((1, 2), keepdim=True)
    places = torch.arange(28, dtype=torch.float64)
    return torch.stack([ink.sum(1) @ places, ink.sum(2) @ places], dim=1)


def test_test_images_stand_in_the_same_places_for_every_seed_and_training_images_do_not() -> None:
    one, two = (build_dataset(SMALL.replace(train_offset_px=4, test_offset_px=4, seed=seed)) for seed in (1, 2))
    assert torch.equal(one.test_images, two.test_images)
    assert not torch.equal(one.train_images, two.train_images)


def test_cleaning_leaves_out_what_it_does_not_keep_and_does_not_ask_the_model() -> None:
    recipe = SMALL.replace(label_noise=0.2, outliers=0.1, outlier_kind="blank")
    dirty, kept, faults = build_dataset(recipe), kept_mask(recipe), corruption_masks(recipe)
    cleaned = build_dataset(recipe.replace(cleaning=True))
    assert torch.equal(cleaned.train_images, dirty.train_images[kept])
    assert torch.equal(cleaned.train_labels, dirty.train_labels[kept])
    assert torch.equal(corruption_masks(recipe.replace(cleaning=True)).wrong_label, faults.wrong_label[kept])
    assert kept_mask(recipe.replace(width=2.0, train_offset_px=3)) is kept


def test_wrong_labels_that_are_ticked_vanish_and_all_others_stay_as_they_were() -> None:
    recipe = SMALL.replace(keep_3=0.5, label_noise=0.2, outliers=0.1, outlier_kind="noise", seed=3)
    seen, faults, indexes = build_dataset(recipe), corruption_masks(recipe), source_indices(recipe)
    ticked = indexes[faults.wrong_label].tolist()
    left = recipe.replace(left_out=",".join(map(str, ticked)))
    assert len(ticked) == round(0.2 * len(indexes))
    assert not corruption_masks(left).wrong_label.any()
    assert torch.equal(build_dataset(left).train_images, seen.train_images[~faults.wrong_label])
    assert torch.equal(build_dataset(left).train_labels, seen.train_labels[~faults.wrong_label])
    assert torch.equal(corruption_masks(left).outlier, faults.outlier[~faults.wrong_label])
    assert torch.equal(source_indices(left), indexes[~faults.wrong_label])
    assert torch.equal(build_dataset(left).validation_images, seen.validation_images)
    assert torch.equal(build_dataset(left).test_images, seen.test_images)


def test_only_training_images_can_be_left_out() -> None:
    train = set(source_indices(SMALL).tolist())
    others = [place for place in range(60_000) if place not in train][:500]
    left = build_dataset(SMALL.replace(left_out=",".join(map(str, others))))
    for field in dataclasses.fields(left):
        assert torch.equal(getattr(left, field.name), getattr(build_dataset(SMALL), field.name))


def test_cleaning_judges_what_hands_have_left() -> None:
    recipe = SMALL.replace(label_noise=0.3, left_out=",".join(map(str, source_indices(SMALL)[:200].tolist())))
    kept = kept_mask(recipe)
    assert kept.shape == (800,)
    assert torch.equal(source_indices(recipe.replace(cleaning=True)), source_indices(recipe)[kept])
    assert kept_mask(recipe.replace(left_out="")).shape == (1000,)


def test_all_left_out_is_a_sentence() -> None:
    few = Recipe(train_images=100)
    with pytest.raises(UserError) as error:
        build_dataset(few.replace(left_out=",".join(map(str, source_indices(few).tolist()))))
    assert error.value.code == "no_training_images"
