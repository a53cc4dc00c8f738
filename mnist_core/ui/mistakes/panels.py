"""The panels of the Mistakes page: one record each, one of them open at a time."""

from mnist_core.ui.common import panel_choice
from mnist_core.ui.common.panel_choice import Panel
from mnist_core.ui.mistakes import (
    confusion,
    error_analysis,
    image_detail,
    map,
    metrics,
    paired_comparison,
    robustness,
)
from mnist_core.ui.mistakes.comparison_state import Comparison

PANELS = (
    Panel("matrix", "Confusion matrix", "grid_on", confusion.show),
    Panel("causes", "Error analysis", "troubleshoot", error_analysis.show),
    Panel("figures", "Metrics", "percent", metrics.show),
    Panel("map", "Map", "scatter_plot", map.show),
    Panel("robustness", "Robustness", "tune", robustness.show),
    Panel("versus", "Wins and losses", "compare", paired_comparison.show),
)
"""In the order of the page; the first one is open at first."""


def show(comparison: Comparison) -> None:
    """The panel that is open, with the others to open, and in it the open image."""
    panel = panel_choice.choose(PANELS, "open_mistakes_panel")
    image_detail.begin(len(comparison.evaluation.labels))
    panel.render(comparison)
    image_detail.show_elsewhere(comparison)
