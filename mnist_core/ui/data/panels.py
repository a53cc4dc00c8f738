"""The panels of the Data page: one record each, one of them open at a time."""

from mnist_core.recipe import Recipe
from mnist_core.ui.common import panel_choice
from mnist_core.ui.common.panel_choice import Panel
from mnist_core.ui.common.section import section
from mnist_core.ui.common.turns import fragment
from mnist_core.ui.data import classes, excluded_images, ink_spread, suspects, test_set
from mnist_core.ui.data.dataset_view import part_of

PANELS = (
    Panel("classes", "Digits", "bar_chart", lambda part, _: classes.show(part)),
    Panel("ink", "Ink", "straighten", lambda part, _: ink_spread.show(part)),
    Panel("suspects", "Suspects", "flag", suspects.show),
    Panel("test", "Test labels", "verified", lambda *_: test_set.show()),
)
"""Each is shown for the part of the recipe that decides about the images, and the whole."""


@fragment
@section("The panels")
def show(recipe: Recipe) -> None:
    """The panel that is open, for the recipe's training images, with the others to open."""
    excluded_images.read_recipe(recipe)
    usual = "suspects" if recipe.label_noise or recipe.outliers else None  # there is something to be found
    panel_choice.choose(PANELS, "open_data_panel", usual=usual).render(part_of(recipe), recipe)
