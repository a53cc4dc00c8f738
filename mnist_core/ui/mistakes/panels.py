"""The ways to look at a model's mistakes, one at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from mnist_core.ui import messages, panel_choice
from mnist_core.ui.mistakes import causes, confusion, figures, map, robustness, versus
from mnist_core.ui.mistakes.looked import Looked


@dataclass(frozen=True, slots=True)
class Panel:
    """One way to look: its name on the page, and what shows it."""

    title: str
    show: Callable[[Looked], None]


PANELS = {
    "matrix": Panel(":material/grid_on: Confusion matrix", confusion.show),
    "causes": Panel(":material/troubleshoot: Why misread?", causes.show),
    "figures": Panel(":material/percent: Figures", figures.show),
    "map": Panel(":material/scatter_plot: Map", map.show),
    "robustness": Panel(":material/tune: Robustness", robustness.show),
    "versus": Panel(":material/compare: Fixed and broken", versus.show),
}
"""By their names in the address; the first one is open at first."""


def show(looked: Looked) -> None:
    """The panel that is open, with the others to open."""
    name = panel_choice.choose({name: panel.title for name, panel in PANELS.items()}, "open_mistakes_panel")
    with messages.explained():
        PANELS[name].show(looked)
