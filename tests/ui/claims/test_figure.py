from dataclasses import replace
from math import nan

import plotly.graph_objects as go
import pytest

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.claim import Arm, FigureSpec
from mnist_core.claims.outcome import Outcome, Trial
from mnist_core.ui.claims import figure
from tests.claims.made_up import CLAIM, SMALL, outcome


def traces(drawn, kind: str) -> list[dict]:
    return [trace for trace in drawn["data"] if trace["type"] == kind]


def made_up_outcome(claim, seeds: int = 3) -> Outcome:
    trials = [
        Trial(arm.key, seed, dict.fromkeys(claim.metrics, 0.5 + 0.1 * place + 0.01 * seed))
        for seed in range(seeds)
        for place, arm in enumerate(claim.arms)
    ]
    return Outcome(claim.id, tuple(trials))


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_every_claim_has_a_figure_that_plotly_takes(claim) -> None:
    drawn = go.Figure(figure.figure(claim, made_up_outcome(claim)))
    assert len(drawn.data) >= len(claim.figure.metrics)
    assert figure.height_px(claim) >= 300
    assert figure.words(claim, made_up_outcome(claim)).startswith(claim.title)


def test_the_title_says_what_came_of_it() -> None:
    title = figure.figure(CLAIM, outcome())["layout"]["title"]
    assert title["text"] == "<b>Made up: confirmed</b>"
    assert "5.0 points higher" in title["subtitle"]["text"].replace("<br>", " ")
    assert max(map(len, title["subtitle"]["text"].split("<br>"))) < 60  # a line on a phone


def test_means_and_intervals_are_those_of_the_seeds() -> None:
    drawn = figure.figure(CLAIM, outcome(gain=0.05, spread=0.01))
    shown = next(trace for trace in drawn["data"] if "error_x" in trace)
    assert shown["x"] == pytest.approx([0.9, 0.95, 0.899])
    effect = outcome(gain=0.05, spread=0.01).effect(CLAIM.deciding[0])  # against arms that do not differ by seed
    assert shown["error_x"]["array"][1] == pytest.approx(effect.high - effect.mean)
    assert shown["error_x"]["array"][0] == pytest.approx(0)
    seeds = next(trace for trace in drawn["data"] if trace.get("marker", {}).get("size") == 5)
    assert len(seeds["x"]) == 15


def test_bars_begin_at_zero_and_what_hardly_differs_is_no_bar() -> None:
    bars = figure.figure(CLAIM, outcome(gain=-0.6))
    assert len(traces(bars, "bar")) == 1
    assert bars["layout"]["xaxis"]["range"][0] == 0
    marks = figure.figure(CLAIM, outcome(gain=0.05))
    assert not traces(marks, "bar")
    assert marks["layout"]["xaxis"]["range"][0] > 0.8


def test_lines_are_drawn_in_the_order_of_their_axis_without_what_was_not_measured() -> None:
    arms = tuple(Arm(f"a{x:g}", f"{x:g} px", SMALL, x, series) for series in ("one", "two") for x in (3.0, 1.0, 2.0))
    arms = tuple(replace(arm, key=f"{arm.series}{arm.x:g}") for arm in arms)
    claim = replace(CLAIM, arms=arms, comparisons=(replace(CLAIM.deciding[0], control="one1", treatment="one2"),),
                    figure=FigureSpec("lines", ("test_accuracy", "test_loss"), "Pixels"))  # fmt: skip
    trials = [
        Trial(arm.key, seed, {"test_accuracy": nan if arm.key == "one2" else 0.9, "test_loss": 0.1})
        for seed in (0, 1)
        for arm in arms
    ]
    drawn = figure.figure(claim, Outcome(claim.id, tuple(trials)))
    assert [trace["x"] for trace in drawn["data"]] == [[1, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]
    assert {trace["yaxis"] for trace in drawn["data"]} == {"y", "y2"}
    looks = {(trace["name"], trace["line"]["dash"], trace["marker"]["symbol"]) for trace in drawn["data"]}
    assert len(looks) == 2  # the same in both charts, and told apart without colours
    assert [trace["showlegend"] for trace in drawn["data"]] == [True, True, False, False]


def test_names_are_no_markup() -> None:
    claim = replace(CLAIM, title="a <b> & c", arms=(replace(CLAIM.arms[0], label="<i>x"), *CLAIM.arms[1:]))
    drawn = str(figure.figure(claim, outcome()))
    assert "<i>" not in drawn
    assert "a <b> &" not in drawn
