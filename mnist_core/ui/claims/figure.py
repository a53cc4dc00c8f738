"""The figure of a claim, for a slide: what came of it as the title, and every arm's mean with its interval."""

import textwrap

import plotly.graph_objects as go

from mnist_core.claims.claim import Claim
from mnist_core.claims.metrics import METRICS
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.wording import finding_text, seeds_text
from mnist_core.ui.claims.arm_means import arm_means, plain
from mnist_core.ui.claims.claim_results import VERDICTS
from mnist_core.ui.claims.forest_plot import forest_plot
from mnist_core.ui.claims.line_chart import line_chart

EXPORT = {"width": 960, "height": 540}
"""Half the size of a slide; a PNG is drawn twice as fine."""

_FONT = "Arial, Helvetica, sans-serif"
"""A saved picture does not carry the page's own font with it: set in another, words would stand elsewhere."""

_TEXT_PX, _TITLE_PX = 14, 18
_TITLE_CHARACTERS, _FINDING_CHARACTERS = 38, 52  # of a line that fits a phone


def figure(claim: Claim, outcome: Outcome, text_color: str | None = None) -> go.Figure:
    """The claim's figure, as high as it has to be; without a colour, its words have that of the page's charts."""
    metrics = [METRICS[key] for key in claim.figure.metrics]
    draw = line_chart if claim.figure.kind == "lines" else forest_plot
    found = outcome.primary_findings(claim)[0]
    measures = " and ".join(metric.title for metric in metrics) if len(metrics) < 3 else "Several metrics"
    drawn = f"{measures}: mean of {seeds_text(*outcome.seeds_per_arm)} with 95 % confidence interval"
    lines = [_wrapped(line, _FINDING_CHARACTERS) for line in (finding_text(found), drawn)]
    headline = f"{claim.title}: {VERDICTS[outcome.verdict(claim)].word.lower()}"
    figure = draw(claim, outcome, metrics)
    figure.update_xaxes(fixedrange=True, automargin=True)
    figure.update_yaxes(fixedrange=True, automargin=True, tickfont={"size": _TEXT_PX, "color": text_color})
    figure.update_annotations(font_size=_TEXT_PX)
    return figure.update_layout(
        title={
            "text": f"<b>{_wrapped(headline, _TITLE_CHARACTERS)}</b>",
            "subtitle": {"text": "<br>".join(lines), "font": {"size": _TEXT_PX}},
            "font": {"size": _TITLE_PX},
            "x": 0.01, "xanchor": "left", "xref": "container",
            "y": 0.98, "yanchor": "top", "yref": "container",
            "automargin": True,
            "pad": {"b": 22},
        },
        font={"size": _TEXT_PX, "color": text_color, "family": _FONT},
        margin={"l": 8, "r": figure.layout.margin.r or 12, "t": 34, "b": 8},
        dragmode=False,
        hovermode="closest",
        hoverlabel={"font": {"size": _TEXT_PX}},
        showlegend=sum(trace.showlegend is not False for trace in figure.data) > 1,
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "title": {"text": ""}},
    )  # fmt: skip


def alt_text(claim: Claim, outcome: Outcome) -> str:
    """The figure for those who do not see it."""
    means = [
        f"{mean.arm.label}: {metric.write(mean.mean)}"
        for metric in (METRICS[key] for key in claim.figure.metrics)
        for mean in arm_means(claim, outcome, metric)
    ]
    return f"{claim.title}. " + "; ".join(means)


def _wrapped(text: str, characters: int) -> str:
    return "<br>".join(textwrap.wrap(plain(text), characters))
