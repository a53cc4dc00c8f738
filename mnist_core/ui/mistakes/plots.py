"""How one or two models look in the charts of mistakes: told apart by dashes and marks, not by colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from mnist_core.ui.common import messages
from mnist_core.ui.mistakes.comparison_state import Comparison


@dataclass(frozen=True, slots=True)
class Look:
    """One model's looks.

    Attributes:
        name: What it is called beside another one.
        dash, mark: Of its line, as Plotly calls them.
        color: One that is seen on light and dark pages.
        band: The same, thinned.
        pattern: Of its bars, as Plotly calls it.
    """

    name: str
    dash: str
    mark: str
    color: str
    band: str
    pattern: str


LOOKS = (
    Look("First", "solid", "circle", "#1b85c6", "rgba(27, 133, 198, 0.22)", ""),
    Look("Second", "dash", "diamond-open", "#cf7b00", "rgba(207, 123, 0, 0.22)", "/"),
)
"""Of the model that is looked at, and of the one that it is compared with: blue and orange, which all eyes tell
apart."""

QUIET = {"displayModeBar": False, "scrollZoom": False}
"""Plotly's configuration of a chart that is only looked at."""


def legend(looked: Comparison) -> str:
    """Which line is which model; the model's title when there is only one."""
    ours = messages.plain(looked.model.title)
    if looked.other is None:
        return f"**{ours}**"
    return f"● solid, first: **{ours}** · ◇ dashed, second: **{messages.plain(looked.other.title)}**"


def told_apart(sentences: Sequence[str]) -> str:
    """A sentence a model as Markdown, a line each, with who it is about when there are two."""
    if len(sentences) == 1:
        return sentences[0]
    return "  \n".join(f"**{look.name}:** {one}" for look, one in zip(LOOKS, sentences, strict=True))
