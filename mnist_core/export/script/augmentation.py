"""The part of a script that augments the training images."""

from mnist_core.export.script.text import Part, block, field_constant
from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.augment import AUGMENTATIONS

_AUGMENT = '''
    def augment(images: Tensor, labels: Tensor, generator: Generator) -> Tensor:
        """The images (N, 28, 28), 0 paper to 1 ink, each changed randomly."""
        {changes}
        return images
'''


def augmentation_part(recipe: Recipe) -> Part:
    """What `augment` does, as far as the recipe asks for it."""
    used = [each for each in AUGMENTATIONS if each.is_on(recipe)]
    if not used:
        return Part()
    constants = [field_constant(recipe, name) for each in used for name in (*each.fields, *each.details)]
    changes = []
    for each in used:
        labels = ["labels"] * each.needs_labels
        values = [name.upper() for name in (*each.fields, *each.details)]
        changes.append(f"images = {each.apply.__name__}({', '.join(['images', *labels, *values, 'generator'])})")
    return Part(tuple(constants), (*(each.apply for each in used), block(_AUGMENT, changes=changes)))
