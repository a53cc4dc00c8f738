"""What the experiments have in common: images that each seed draws anew, and training as examples do it."""

from mnist_core.fields import Value
from mnist_core.recipe import Recipe

_PLAIN: dict[str, Value] = {
    "model": "mlp", "optimizer": "adam", "learning_rate": 1e-3, "schedule": "constant", "weight_decay": 0.0,
    "label_smoothing": 0.0, "batch_norm": False,
}  # fmt: skip


def learns(images: int, **changes: Value) -> Recipe:
    """A recipe that learns from `images` images of which each seed draws its own half from a pool twice as large.

    So an interval over seeds holds for other images too, not only for other first weights. Arms with the same seed
    learn from the same images.
    """
    halves: dict[str, Value] = {f"keep_{digit}": 0.5 for digit in range(10)}
    return Recipe().replace(train_images=2 * images, **{**halves, **changes})


def learns_plainly(images: int, **changes: Value) -> Recipe:
    """As `learns`, of a network that has what most examples have: Adam at a constant rate, nothing against overfitting.

    It has two hidden layers unless `changes` say something else.
    """
    return learns(images, **{**_PLAIN, **changes})
