from dataclasses import replace
from xml.etree import ElementTree

import pytest

from mnist_core.claims.decision import Finding
from mnist_core.claims.effect import Effect
from mnist_core.ui.claims.effect_bars import effect_bars
from tests.claims import made_up
from tests.claims.made_up import CLAIM, outcome

HIGHER, LOWER = CLAIM.comparisons


def marks(*findings: Finding) -> list[dict[str, float | bool]]:
    """Of each finding the middle of its mark and the ends of its whiskers, in pixels right of zero."""
    boxes = [box for box in ElementTree.fromstring(effect_bars(findings)).iter("div") if box.get("class")]
    styles = [(box.get("class"), dict(one.strip().split(":") for one in box.get("style").split(";"))) for box in boxes]
    (zero,) = (pixels(style, "left") for name, style in styles if name == "zero")
    whiskers = [style for name, style in styles if name == "whiskers"]
    return [
        {
            "mean": pixels(mark, "left") + pixels(mark, "width") / 2 - zero,
            "low": pixels(one, "left") - zero,
            "high": pixels(one, "left") + pixels(one, "width") - zero,
            "filled": mark["background"] == "currentColor",
        }
        for one, mark in zip(whiskers, (style for name, style in styles if name == "mark"), strict=True)
    ]


def pixels(style: dict[str, str], name: str) -> float:
    return float(style[name].removesuffix("px"))


def finding(comparison, mean: float, reach: float = 0.001, n: int = 5) -> Finding:
    return Finding(comparison, Effect(mean, mean - reach, mean + reach, n))


def test_right_is_as_the_claim_says_whichever_way_that_is() -> None:
    higher, lower, opposite = marks(finding(HIGHER, 0.01), finding(LOWER, -0.01), finding(LOWER, 0.01))
    assert higher == pytest.approx(lower, abs=0.11)
    assert 0 < higher["low"] < higher["mean"] < higher["high"]
    assert opposite["mean"] == pytest.approx(-higher["mean"], abs=0.11)
    assert higher["filled"]
    assert not opposite["filled"]  # whether it holds is no matter of colour


def test_all_effects_have_one_scale_in_what_matters() -> None:
    coarse = replace(HIGHER, min_effect=0.05)
    (fine,), (rough,) = marks(finding(HIGHER, 0.01, 0.001)), marks(finding(coarse, 0.1, 0.01))
    assert fine == pytest.approx(rough, abs=0.11)
    far, farther = marks(finding(HIGHER, 0.4), finding(HIGHER, 0.9))
    assert far["mean"] == farther["mean"] < 75  # both stand at the end


def test_what_was_not_measured_has_no_mark_and_all_is_said() -> None:
    shown = effect_bars([made_up.finding(HIGHER, outcome(seeds=1))])
    assert 'class="mark"' not in shown
    assert "one seed, no interval" in shown
    said = effect_bars(outcome().findings(CLAIM))
    assert "Holds: With light: test accuracy 5.0 points higher (4.7 to 5.3)" in said
    assert "Does not hold: In the dark: test accuracy" in said


def test_words_are_no_markup() -> None:
    shown = effect_bars([made_up.finding(replace(HIGHER, label='<script>"'))])
    assert "<script" not in shown
    ElementTree.fromstring(shown)
