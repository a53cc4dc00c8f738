"""Effects as small marks with whiskers: one scale for all claims, in multiples of the smallest effect that matters.

Plain boxes, because Streamlit takes drawings (SVG) out of a page's HTML; a chart for each row would be slow to open.
"""

from collections.abc import Sequence
from html import escape
from math import asinh

from mnist_core.claims.decision import Finding
from mnist_core.claims.wording import effect_text, finding_text
from mnist_core.ui.claims.claim_results import VERDICTS

_WIDTH_PX, _EDGE_PX, _MARK_PX = 150, 2, 9
_HEIGHT_PX = 26  # as high as a row of the page, so that the lines of all rows join
_MOST = 60.0  # multiples of the smallest effect that matters, at the ends of the scale; farther ones stand there


def effect_bars(findings: Sequence[Finding]) -> str:
    """The findings as HTML: a mark and its interval each, and the first one in words; all are said when pointed at."""
    first, *others = findings
    words = f"{first.metric.title}: {effect_text(first.effect, first.metric)}"
    more = f"; {len(others)} more" if others else ""
    said = [f"{VERDICTS[found.verdict].word}: {finding_text(found)}" for found in findings]
    step_px = (_HEIGHT_PX - 2 * _EDGE_PX) / len(findings)
    rows = "".join(
        _row(found, _EDGE_PX + step_px * place, step_px, text)
        for place, (found, text) in enumerate(zip(findings, said, strict=True))
    )
    band = _box("band", _x(-1), 0, _x(1) - _x(-1), _HEIGHT_PX, "background:currentColor; opacity:0.15")
    zero = _box("zero", _x(0), 0, 1, _HEIGHT_PX, "background:currentColor; opacity:0.6")
    return (
        '<div style="display:flex; align-items:center; gap:0.75rem; font-size:0.875rem; line-height:1.3">'
        f'<div role="img" aria-label="{escape("; ".join(said))}" '
        f'style="position:relative; flex:none; width:{_WIDTH_PX}px; height:{_HEIGHT_PX}px">{band}{zero}{rows}</div>'
        f'<span class="effect-words" title="{escape("; ".join(said))}">{escape(words + more)}</span></div>'
    )


def _row(found: Finding, top_px: float, height_px: float, said: str) -> str:
    """A mark with whiskers, filled where the claim holds; nothing where nothing was measured."""
    if found.effect.n < 2:
        return ""
    sign = 1 if found.comparison.direction == "higher" else -1
    effect = (found.effect.mean, found.effect.low, found.effect.high)
    mean, *ends = (_x(sign * value / found.comparison.min_effect) for value in effect)
    middle, size = top_px + height_px / 2, min(_MARK_PX, height_px)
    whiskers = _box("whiskers", min(ends), middle - 1, max(ends) - min(ends), 2, "background:currentColor", said)
    fill = "currentColor" if found.verdict == "holds" else "var(--st-background-color, Canvas)"
    look = f"box-sizing:border-box; border:2px solid; border-radius:50%; background:{fill}"
    return whiskers + _box("mark", mean - size / 2, middle - size / 2, size, size, look, said)


def _box(name: str, left: float, top: float, width: float, height: float, look: str, said: str = "") -> str:
    place = f"position:absolute; left:{left:.1f}px; top:{top:.1f}px; width:{width:.1f}px; height:{height:.1f}px"
    return f'<div class="{name}" title="{escape(said)}" style="{place}; {look}"></div>'


def _x(multiple: float) -> float:
    """Where a multiple of the smallest effect that matters stands, in pixels: linear up to about 1, then by factors."""
    half = (_WIDTH_PX - _MARK_PX) / 2
    return _WIDTH_PX / 2 + half * asinh(max(-_MOST, min(_MOST, multiple))) / asinh(_MOST)
