from dataclasses import replace
from math import nan

import numpy as np
import pytest
from scipy import stats

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.claim import Arm, Claim, FigureSpec
from mnist_core.claims.outcome import Outcome, Trial
from mnist_core.ui.claims import figure
from mnist_core.ui.claims.claim_results import VERDICTS
from tests.claims.made_up import CLAIM, SMALL, outcome


def made_up_outcome(claim, seeds: int = 3) -> Outcome:
    trials = [
        Trial(arm.key, seed, dict.fromkeys(claim.metrics, 0.5 + 0.1 * place + 0.01 * seed))
        for seed in range(seeds)
        for place, arm in enumerate(claim.arms)
    ]
    return Outcome(claim.id, tuple(trials))


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_every_claim_has_a_figure_that_plotly_takes(claim) -> None:
    drawn = figure.figure(claim, made_up_outcome(claim))
    assert len(drawn.data) >= len(claim.figure.metrics)
    assert drawn.layout.height >= 300
    assert figure.alt_text(claim, made_up_outcome(claim)).startswith(claim.title)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
def test_a_title_is_one_line_whatever_the_verdict(claim: Claim) -> None:
    assert max(len(f"{claim.title}: {look.word}") for look in VERDICTS.values()) <= 40


def test_the_title_says_what_came_of_it() -> None:
    title = figure.figure(CLAIM, outcome()).layout.title
    assert title.text == "<b>Made up: holds</b>"
    assert "5.0 points higher" in title.subtitle.text.replace("<br>", " ")
    assert max(map(len, title.subtitle.text.split("<br>"))) < 60  # a line on a phone


def test_means_and_intervals_are_those_of_the_seeds() -> None:
    drawn = figure.figure(CLAIM, outcome(gain=0.05, spread=0.01))
    seeds, values, marks = drawn.data
    assert marks.x == pytest.approx([0.9, 0.95, 0.899])
    accuracies = np.array(
        [trial.values["test_accuracy"] for trial in outcome(spread=0.01).trials if trial.arm == "with"]
    )
    low, high = stats.ttest_1samp(np.log(accuracies / (1 - accuracies)), 0).confidence_interval(0.95)
    assert marks.error_x.array[1] == pytest.approx(1 / (1 + np.exp(-high)) - 0.95)  # of log odds: never above 100 %
    assert marks.error_x.arrayminus[1] == pytest.approx(0.95 - 1 / (1 + np.exp(-low)))
    assert marks.error_x.array[0] == pytest.approx(0)  # the control does not differ by seed
    assert len(seeds.x) == 15
    assert [text.strip() for text in values.text] == ["<b>90.0 %</b>", "<b>95.0 %</b>", "<b>89.9 %</b>"]


def test_arms_stand_from_top_to_bottom_each_with_its_name_above_its_marks() -> None:
    claim = replace(CLAIM, figure=FigureSpec("forest", ("test_accuracy", "gap", "test_loss")))
    drawn = figure.figure(claim, made_up_outcome(claim))
    axis = drawn.layout.yaxis
    assert axis.range[0] > axis.range[1]  # upside down: row 0 is on top
    assert list(axis.ticktext) == ["Without light", "With light", "In the dark"]
    for marks in drawn.data:
        assert all(name < mark < name + 0.8 for name, mark in zip(axis.tickvals, marks.y, strict=True))
    looks = {(marks.marker.symbol, marks.marker.color) for marks in drawn.data}
    assert len({symbol for symbol, _ in looks}) == len(looks) == 3  # told apart without colours, too


def test_lines_are_drawn_in_the_order_of_their_axis_without_what_was_not_measured() -> None:
    arms = tuple(Arm(f"a{x:g}", f"{x:g} px", SMALL, x, series) for series in ("one", "two") for x in (3.0, 1.0, 2.0))
    arms = tuple(replace(arm, key=f"{arm.series}{arm.x:g}") for arm in arms)
    claim = replace(CLAIM, arms=arms, secondary=(),
                    primary=(replace(CLAIM.primary[0], control="one1", treatment="one2"),),
                    figure=FigureSpec("lines", ("test_accuracy", "test_loss"), "Pixels"))  # fmt: skip
    trials = [
        Trial(arm.key, seed, {"test_accuracy": nan if arm.key == "one2" else 0.9, "test_loss": 0.1})
        for seed in (0, 1)
        for arm in arms
    ]
    drawn = figure.figure(claim, Outcome(claim.id, tuple(trials)))
    assert [list(line.x) for line in drawn.data] == [[1, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]
    assert [line.yaxis for line in drawn.data] == ["y", "y", "y2", "y2"]
    looks = {(line.name, line.line.dash, line.marker.symbol) for line in drawn.data}
    assert len(looks) == 2  # the same in both charts, and told apart without colours
    assert [line.showlegend for line in drawn.data] == [True, True, False, False]


def test_names_are_no_markup() -> None:
    claim = replace(CLAIM, title="a <b> & c", arms=(replace(CLAIM.arms[0], label="<i>x"), *CLAIM.arms[1:]))
    drawn = figure.figure(claim, outcome()).to_json()
    assert "<i>" not in drawn
    assert "a <b> &" not in drawn
