"""The ways to look at a model's mistakes, one at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from mnist_core.ui.common import messages, panel_choice
from mnist_core.ui.mistakes import confusion, error_analysis, map, metrics, paired_comparison, robustness
from mnist_core.ui.mistakes.comparison_state import Comparison


@dataclass(frozen=True, slots=True)
class Panel:
    """One way to look: its name on the page, and what shows it."""

    title: str
    show: Callable[[Comparison], None]


PANELS = {
    "matrix": Panel(":material/grid_on: Confusion matrix", confusion.show),
    "causes": Panel(":material/troubleshoot: Why misread?", error_analysis.show),
    "figures": Panel(":material/percent: Figures", metrics.show),
    "map": Panel(":material/scatter_plot: Map", map.show),
    "robustness": Panel(":material/tune: Robustness", robustness.show),
    "versus": Panel(":material/compare: Fixed and broken", paired_comparison.show),
}
"""By their names in the address; the first one is open at first."""


def show(looked: Comparison) -> None:
    """The panel that is open, with the others to open."""
    name = panel_choice.choose({name: panel.title for name, panel in PANELS.items()}, "open_mistakes_panel")
    with messages.explained():
        PANELS[name].show(looked)
