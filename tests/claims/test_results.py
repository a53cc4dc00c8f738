"""The shipped results: of the experiments as they stand, whole, and their verdicts recomputed by scipy."""

import math

import pytest
from scipy import stats

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.claim import Comparison
from mnist_core.claims.outcome import RESULTS, Outcome, missing, shipped
from mnist_core.claims.wording import conclude

SEEDS = range(5)


@pytest.fixture(params=CLAIMS.values(), ids=CLAIMS.keys())
def claim(request):
    return request.param


@pytest.fixture
def outcome(claim) -> Outcome:
    found = shipped(claim.id)
    assert found is not None
    return found


def test_it_is_of_this_experiment_and_whole(claim, outcome):
    assert outcome.fits(claim)
    assert not outcome.quick
    assert missing(claim, outcome.trials, SEEDS, quick=False) == []
    assert len(outcome.trials) == len(claim.arms) * len(SEEDS)
    assert outcome.date
    assert outcome.machine
    assert {"python", "torch"} <= outcome.versions.keys()


def by_scipy(outcome: Outcome, one: Comparison) -> str:
    """The verdict on a comparison, by another way than the program's."""
    pairs = zip(outcome.values(one.control, one.metric), outcome.values(one.treatment, one.metric), strict=True)
    sign = 1 if one.direction == "higher" else -1
    gains = [sign * (after - before) for before, after in pairs if math.isfinite(after - before)]
    if len(gains) < 2:
        return "not_measurable"
    if len(set(gains)) == 1:
        low = high = gains[0]
    else:
        low, high = stats.ttest_1samp(gains, 0).confidence_interval(0.95)
    if low > 0 and sum(gains) / len(gains) >= one.min_effect:
        return "confirmed"
    return "refuted" if high < one.min_effect else "mixed"


@pytest.mark.filterwarnings("ignore:Precision loss")
def test_its_verdict_follows_from_its_numbers(claim, outcome):
    verdicts = {by_scipy(outcome, one) for one in claim.primary}
    assert outcome.verdict(claim) == (verdicts.pop() if len(verdicts) == 1 else "mixed")


def test_it_can_be_told(claim, outcome):
    assert conclude(claim, outcome).startswith("Over 5 seeds, with 95 % confidence intervals in brackets: ")


def test_its_file_is_what_it_writes(claim, outcome):
    """So that whoever runs it on changes nothing of what was measured before."""
    assert outcome.to_json() == (RESULTS / f"{claim.id}.json").read_text("utf-8")


def test_there_is_nothing_else_in_the_folder():
    assert {path.name for path in RESULTS.iterdir()} == {f"{claim_id}.json" for claim_id in CLAIMS}
