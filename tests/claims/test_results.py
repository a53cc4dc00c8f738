"""The shipped results: of the experiments as they stand, whole, and their verdicts recomputed by scipy."""

import math

import pytest
from scipy import stats

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.claim import Claim, Comparison
from mnist_core.claims.decision import LOOKS, combine
from mnist_core.claims.metrics import METRICS
from mnist_core.claims.outcome import RESULTS, Outcome, missing, next_trials, shipped
from mnist_core.claims.wording import answer, conclude


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
    assert set(outcome.seeds_per_arm) <= set(LOOKS)
    assert missing(claim, outcome.trials, range(LOOKS[0]), quick=False) == []
    assert len({(trial.arm, trial.seed) for trial in outcome.trials}) == len(outcome.trials)
    assert next_trials(claim, outcome) == []
    assert outcome.date
    assert outcome.machine
    assert {"python", "torch"} <= outcome.versions.keys()


def gains(claim: Claim, outcome: Outcome, one: Comparison) -> list[float]:
    """Of each seed, how much more than the smallest effect that matters, on the claimed side."""
    pairs = zip(*(outcome.values_of(claim, side, one.metric) for side in (one.control, one.treatment)), strict=True)
    sign = 1 if one.direction == "higher" else -1
    return [sign * (after - before) - one.min_effect for before, after in pairs if math.isfinite(after - before)]


def p_value(above: list[float]) -> tuple[float, bool]:
    """Of no more and no less than the smallest effect, by scipy; and whether it is more."""
    if len(set(above)) == 1:
        return 0.0, above[0] >= 0
    return float(stats.ttest_1samp(above, 0).pvalue), sum(above) > 0


@pytest.mark.filterwarnings("ignore:Precision loss")
def test_its_verdicts_follow_from_its_numbers(claim, outcome):
    """By Holm's rule on p-values of scipy, where the program compares intervals; but of what is so or not so."""
    counted = [one for one in claim.primary if METRICS[one.metric].kind == "yes_no"]
    if counted:
        pytest.skip("its verdicts are of shares of runs; see test_decision")
    found = {one: p_value(gains(claim, outcome, one)) for one in claim.primary}
    decided, left = {}, len(found)
    for one in sorted(found, key=lambda one: found[one][0]):
        if found[one][0] > 0.05 / len(LOOKS) / left:
            break
        decided[one] = "holds" if found[one][1] else "does_not_hold"
        left -= 1
    expected = [decided.get(one, "undecided") for one in claim.primary]
    assert [finding.verdict for finding in outcome.primary_findings(claim)] == expected
    assert outcome.verdict(claim) == combine(expected)


def test_it_can_be_told_and_has_an_answer_of_its_own(claim, outcome):
    assert "seeds, with intervals in brackets that hold together" in conclude(claim, outcome)
    assert answer(claim, outcome) in claim.answers.values()


def test_its_file_is_what_it_writes(claim, outcome):
    """So that whoever runs it on changes nothing of what was measured before."""
    assert outcome.to_json() == (RESULTS / f"{claim.id}.json").read_text("utf-8")


def test_there_is_nothing_else_in_the_folder():
    assert {path.name for path in RESULTS.iterdir()} == {f"{claim_id}.json" for claim_id in CLAIMS}
