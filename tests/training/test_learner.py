"""What a learner gets to read."""

import pytest
import torch

from mnist_core.data.dataset import build_dataset
from mnist_core.recipe import Recipe
from mnist_core.training.learner import AUGMENTED_AT_ONCE, Learner


@pytest.mark.parametrize("batch_size", [8, 128, 1100])
def test_an_epoch_holds_each_image_once_with_its_own_label_however_many_are_augmented_at_once(batch_size: int) -> None:
    recipe = Recipe(train_images=2_500, batch_size=batch_size, flip="horizontal")  # a mirror moves no pixel elsewhere
    lesson = build_dataset(recipe)
    batches = list(Learner(recipe, lesson).train_batches())
    assert len(batches) == -(-2_500 // batch_size)
    sizes = [len(labels) for _, labels in batches]
    assert max(sizes) - min(sizes) <= 1
    assert batch_size * 2 > AUGMENTED_AT_ONCE or len(batches) > AUGMENTED_AT_ONCE // batch_size
    label_of = {}
    for image, label in zip(lesson.train_images, lesson.train_labels.tolist(), strict=True):
        levels = image.float() / 255
        label_of[levels.numpy().tobytes()] = label_of[levels.flip(1).numpy().tobytes()] = label
    read = [
        (image.numpy().tobytes(), label)
        for images, labels in batches
        for image, label in zip(images, labels.tolist(), strict=True)
    ]
    assert len({image for image, _ in read}) == 2_500
    assert all(label_of[image] == label for image, label in read)


def test_augmentation_is_drawn_anew_for_each_batch() -> None:
    recipe = Recipe(train_images=512, batch_size=256, rotation_deg=20)
    learner = Learner(recipe, build_dataset(recipe))
    (first, _), (second, _) = learner.train_batches()
    assert not torch.equal(first.sort(dim=0).values, second.sort(dim=0).values)
