"""What the command prints of a claim."""

import json

from mnist_core.claims.outcome import Outcome
from mnist_core.claims.report import report
from tests.claims.made_up import CLAIM, outcome


def test_it_holds_what_decides_and_all_comparisons():
    found = report(CLAIM, outcome(gain=0.05, spread=0.001))
    assert {"id", "claim", "control", "treatment", "metric", "effect", "low", "high", "n", "verdict"} <= found.keys()
    assert (found["id"], found["control"], found["treatment"]) == ("made_up", "Without light", "With light")
    assert (found["effect"], found["n"], found["verdict"]) == (0.05, 5, "confirmed")
    assert found["low"] < 0.05 < found["high"]
    assert [one["decides"] for one in found["comparisons"]] == [True, False]
    assert found["seeds"] == [0, 1, 2, 3, 4]
    assert json.loads(json.dumps(found)) == found


def test_what_is_no_number_is_null():
    found = report(CLAIM, Outcome(CLAIM.id, ()))
    assert (found["effect"], found["low"], found["n"], found["verdict"]) == (None, None, 0, "not_measurable")
    assert "NaN" not in json.dumps(found)
