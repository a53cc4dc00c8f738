"""Buttons that save a Plotly figure of the page as a picture, made in the browser: no network, no server.

Our own, because Plotly's button saves one format only, and Streamlit does not run a page again when people change the
theme: the words of a figure that sets their colour would stay as they were.
"""

from collections.abc import Mapping

from mnist_core.ui.components.register_component import load

_mount = load("save_plot")


def save_plot(plot_key: str, filename: str, size: Mapping[str, int], *, key: str) -> None:
    """Show a button for PNG and one for SVG. When people switch to another theme, the page runs again.

    Args:
        plot_key: The key of the `st.plotly_chart` on the same page, which has Plotly's own bar with nothing on it but
            its button for pictures (see `plotly_config`).
        filename: Without an ending.
        size: `width` and `height` of the picture in CSS pixels; a PNG is twice as fine.
        key: The part's name on the page.
    """
    data = {"plot": plot_key, "filename": filename, "size": dict(size)}
    _mount(
        key=key, data=data, height="content", on_theme_change=lambda: None
    )  # that somebody listens makes the page run


def plotly_config(filename: str, size: Mapping[str, int]) -> dict[str, object]:
    """The chart's configuration: its own button for pictures, and no zooming by accident on a phone."""
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "scrollZoom": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": filename, "scale": 2, **size},
    }
