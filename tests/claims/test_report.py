"""What the command prints of a claim."""

import csv
import io
import json
import math

import pytest

from mnist_core.claims.outcome import Outcome, Trial
from mnist_core.claims.report import report, trials_csv
from tests.claims.made_up import CLAIM, outcome


def test_it_holds_what_decides_and_all_comparisons():
    found = report(CLAIM, outcome(gain=0.05, spread=0.001))
    assert {"id", "claim", "control", "treatment", "metric", "effect", "low", "high", "n", "verdict"} <= found.keys()
    assert (found["id"], found["control"], found["treatment"]) == ("made_up", "Without light", "With light")
    assert (found["effect"], found["n"], found["verdict"]) == (0.05, 5, "holds")
    assert found["low"] < 0.05 < found["high"]
    assert [one["decides"] for one in found["comparisons"]] == [True, False]
    assert found["seeds"] == [0, 1, 2, 3, 4]
    assert json.loads(json.dumps(found)) == found


def test_all_trials_are_a_table():
    found = outcome(seeds=2)
    rows = list(csv.DictReader(io.StringIO(trials_csv(CLAIM, found))))
    assert [(row["arm"], int(row["seed"])) for row in rows] == [(trial.arm, trial.seed) for trial in found.trials]
    assert rows[1]["label"] == "With light"
    assert float(rows[1]["test_accuracy"]) == pytest.approx(found.trials[1].values["test_accuracy"], abs=1e-6)
    lost = Outcome(CLAIM.id, (Trial("with", 0, {"test_accuracy": math.nan}),))
    assert next(csv.DictReader(io.StringIO(trials_csv(CLAIM, lost))))["test_accuracy"] == ""


def test_what_is_no_number_is_null():
    found = report(CLAIM, Outcome(CLAIM.id, ()))
    assert (found["effect"], found["low"], found["n"], found["verdict"]) == (None, None, 0, "undecided")
    assert "NaN" not in json.dumps(found)
