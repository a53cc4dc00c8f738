"""What a recipe trains, validates and tests with: MNIST with the recipe's faults in it."""

import dataclasses

from mnist_core.data.label_noise import mislabel
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import Split, split
from mnist_core.recipe import Recipe


def lesson_of(recipe: Recipe) -> Split:
    """The images that the recipe trains, validates and tests with; only training labels are ever made wrong."""
    data = split(load_mnist(), recipe.images_used)
    if not recipe.label_noise:
        return data
    return dataclasses.replace(data, train_labels=mislabel(data.train_labels, recipe.label_noise, recipe.seed))
