"""The figure of a claim, for a slide: what came of it as the title, and every arm's mean with its interval."""

import textwrap
from collections.abc import Sequence

from mnist_core.claims.claim import Claim
from mnist_core.claims.metrics import METRICS, Metric
from mnist_core.claims.outcome import Outcome
from mnist_core.ui.claims import bars, lines, parts
from mnist_core.ui.claims.parts import Plot
from mnist_core.ui.claims.verdicts import VERDICTS
from mnist_core.ui.claims.wording import seeds_words, sentence

EXPORT = {"width": 960, "height": 540}
"""Half the size of a slide; a PNG is drawn twice as fine."""

_FONT = "Arial, Helvetica, sans-serif"
"""A saved picture does not carry the page's own font with it: set in another, words would stand elsewhere."""

_TITLE_PX = 18
_TITLE_CHARACTERS, _FINDING_CHARACTERS = 38, 52  # of a line that fits a phone


def figure(claim: Claim, outcome: Outcome, text_color: str | None = None) -> Plot:
    """The claim's figure for Plotly; without a colour, its words have that of the page's charts."""
    metrics = [METRICS[key] for key in claim.figure.metrics]
    drawn = lines.draw(claim, outcome) if claim.figure.kind == "lines" else bars.draw(claim, outcome, metrics)
    drawn["layout"] |= {
        "title": _title(claim, outcome, metrics),
        "font": {"size": parts.TEXT_PX, "color": text_color, "family": _FONT},
        "margin": {"l": 8, "r": 12, "t": 34, "b": 8},
        "dragmode": False,
        "hoverlabel": {"font": {"size": parts.TEXT_PX}},
        "showlegend": sum(1 for trace in drawn["data"] if trace.get("showlegend", True)) > 1,
        "legend": {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "title": {"text": ""}},
    }
    return drawn


def height_px(claim: Claim) -> int:
    """How high the figure is to be, so that everything in it can be read."""
    return lines.height_px(claim) if claim.figure.kind == "lines" else bars.height_px(claim)


def words(claim: Claim, outcome: Outcome) -> str:
    """The figure for those who do not see it."""
    told = [
        f"{mean.arm.label}: {metric.write(mean.effect.mean)}"
        for metric in (METRICS[key] for key in claim.figure.metrics)
        for mean in parts.means_of(claim, outcome, metric)
    ]
    return f"{claim.title}. " + "; ".join(told)


def headline(claim: Claim, outcome: Outcome) -> str:
    """The claim and what became of it, as the title of a slide."""
    return f"{claim.title}: {VERDICTS[outcome.verdict(claim)].word.lower()}"


def _title(claim: Claim, outcome: Outcome, metrics: Sequence[Metric]) -> Plot:
    first = claim.deciding[0]
    drawn = f"{_titles(metrics)}: mean of {seeds_words(len(outcome.seeds))}, with 95 % interval"
    finding = [sentence(first, outcome.effect(first)), drawn]
    return {
        "text": f"<b>{_wrapped(headline(claim, outcome), _TITLE_CHARACTERS)}</b>",
        "subtitle": {
            "text": "<br>".join(_wrapped(line, _FINDING_CHARACTERS) for line in finding),
            "font": {"size": parts.TEXT_PX},
        },
        "font": {"size": _TITLE_PX},
        "x": 0.01,
        "xanchor": "left",
        "xref": "container",
        "yref": "container",
        "y": 0.98,
        "yanchor": "top",
        "automargin": True,
    }


def _titles(metrics: Sequence[Metric]) -> str:
    return " and ".join(metric.title for metric in metrics[:2]) if len(metrics) < 3 else "Several measures"


def _wrapped(text: str, characters: int) -> str:
    return "<br>".join(textwrap.wrap(parts.plain(text), characters))
