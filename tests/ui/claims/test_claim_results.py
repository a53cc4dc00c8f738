from dataclasses import replace
from pathlib import Path

import pytest

from mnist_core.claims import outcome as outcomes
from mnist_core.claims.catalog import CLAIMS
from mnist_core.ui.claims import claim_results
from mnist_core.ui.claims.claim_results import KINDS, NOT_TESTED, VERDICTS
from tests.claims.made_up import CLAIM, outcome


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shipped = outcomes.shipped
    monkeypatch.setattr(outcomes, "shipped", lambda claim_id: shipped(claim_id, tmp_path))
    return tmp_path / f"{CLAIM.id}.json"


def test_a_claim_with_a_result_has_its_verdict(results: Path) -> None:
    assert claim_results.tested(CLAIM).verdict == NOT_TESTED
    results.write_text(outcome().to_json())
    assert claim_results.tested(CLAIM).verdict == "holds"
    results.write_text(outcome(gain=-0.05).to_json())
    assert claim_results.tested(CLAIM).verdict == "does_not_hold"


def test_a_damaged_result_is_an_error_and_not_a_verdict(results: Path) -> None:
    results.write_text("{")
    found = claim_results.tested(CLAIM)
    assert (found.verdict, found.error.code) == (NOT_TESTED, "result_damaged")


def test_a_result_of_another_experiment_does_not_count(results: Path) -> None:
    results.write_text(outcome().to_json())
    changed = replace(CLAIM, arms=(CLAIM.arms[0], replace(CLAIM.arms[1], recipe=CLAIM.arms[2].recipe), CLAIM.arms[2]))
    found = claim_results.tested(changed)
    assert (found.verdict, found.error.code) == (NOT_TESTED, "result_outdated")


def test_every_claim_is_of_a_kind_and_every_verdict_has_words() -> None:
    assert {claim_results.Tested(claim).kind for claim in CLAIMS.values()} <= set(KINDS)
    assert claim_results.Tested(CLAIM).kind == "augmentation"
    same = replace(CLAIM.arms[1], recipe=CLAIM.arms[0].recipe)
    assert claim_results.Tested(replace(CLAIM, arms=(CLAIM.arms[0], same, CLAIM.arms[2]))).kind == ""
    words = [(look.word, look.icon) for look in VERDICTS.values()]
    assert len(set(words)) == len({icon for _, icon in words}) == len({look.sign for look in VERDICTS.values()}) == 5


def test_an_unknown_claim_is_none() -> None:
    assert claim_results.find("nobody said this") is None
    assert claim_results.find("centring").claim.title == "Centring"
