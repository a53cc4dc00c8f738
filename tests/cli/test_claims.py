"""`claims`, with a made-up claim: what it prints, where it keeps results, and what it refuses."""

import json

import pytest
from click.testing import CliRunner

from mnist_core.claims import catalog
from mnist_core.claims.outcome import RESULTS
from mnist_core.cli.claims import claims
from mnist_core.errors import UserError
from mnist_core.runs import claim_runner
from tests.claims.made_up import CLAIM, outcome


@pytest.fixture
def plans(monkeypatch):
    """The plans that the command makes."""
    plans = []

    def run_claims(claims, plan, tell):
        plans.append(plan)
        for claim in claims:
            found = outcome(seeds=len(plan.seeds or range(5)), quick=plan.quick)
            tell(claim, found.trials[0], 1, 1)
            yield found

    monkeypatch.setattr(catalog, "CLAIMS", {CLAIM.id: CLAIM})
    monkeypatch.setattr(claim_runner, "run_claims", run_claims)
    return plans


def run(*words):
    return CliRunner().invoke(claims, words, catch_exceptions=False)


def test_an_object_a_claim_and_progress_on_stderr(plans):
    done = run("made_up", "--json")
    (found,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (found["id"], found["verdict"], found["n"]) == ("made_up", "holds", 5)
    assert done.stderr == "made_up: 1 of 1 trials (without, seed 0)\n"
    assert plans == [claim_runner.Plan(None, False, RESULTS, False)]


def test_people_get_the_conclusion_and_all_comparisons(plans):
    done = run()
    assert done.stdout.startswith("made_up: holds\n  “More light makes models read better.”\n  Over 5 seeds, ")
    assert "* With light" in done.stdout
    assert "In the dark" in done.stdout


def test_quick_takes_three_seeds_and_keeps_nothing(plans):
    run("made_up", "--quick")
    assert plans == [claim_runner.Plan((0, 1, 2), True, None, False)]


@pytest.mark.parametrize("overwrite", ["--overwrite", "--afresh"])
def test_seeds_and_folder_are_as_asked(plans, tmp_path, overwrite):
    run("made_up", "made_up", "--quick", "--seeds", "4", "--out", str(tmp_path), overwrite)
    assert plans == [claim_runner.Plan((0, 1, 2, 3), True, tmp_path, True)]


def test_quick_results_do_not_replace_the_shipped_ones(plans):
    done = CliRunner().invoke(claims, ["--quick", "--out", str(RESULTS)])
    assert done.exit_code == 2
    assert plans == []


def test_one_seed_has_no_interval(plans):
    assert CliRunner().invoke(claims, ["--seeds", "1"]).exit_code == 2


def test_a_claim_that_nobody_makes(plans):
    with pytest.raises(UserError) as error:
        run("flat_earth")
    assert error.value.code == "claim_unknown"
    assert "made_up" in error.value.fix
