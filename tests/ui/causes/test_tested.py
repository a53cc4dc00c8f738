from dataclasses import replace
from pathlib import Path

import pytest

from mnist_core.evidence.claims import outcome as outcomes
from mnist_core.evidence.claims.catalog import CLAIMS
from mnist_core.ui.causes import tested
from mnist_core.ui.causes.tested import KINDS, NOT_TESTED
from mnist_core.ui.causes.verdicts import VERDICTS
from tests.evidence.claims.made_up import CLAIM, outcome


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shipped = outcomes.shipped
    monkeypatch.setattr(outcomes, "shipped", lambda claim_id: shipped(claim_id, tmp_path))
    return tmp_path / f"{CLAIM.id}.json"


def test_a_claim_with_a_result_has_its_verdict(results: Path) -> None:
    assert tested.tested(CLAIM).verdict == NOT_TESTED
    results.write_text(outcome().to_json())
    assert tested.tested(CLAIM).verdict == "confirmed"
    results.write_text(outcome(gain=-0.05).to_json())
    assert tested.tested(CLAIM).verdict == "refuted"


def test_a_damaged_result_is_an_error_and_not_a_verdict(results: Path) -> None:
    results.write_text("{")
    found = tested.tested(CLAIM)
    assert (found.verdict, found.error.code) == (NOT_TESTED, "result_damaged")


def test_a_result_of_another_experiment_does_not_count(results: Path) -> None:
    results.write_text(outcome().to_json())
    changed = replace(CLAIM, arms=(CLAIM.arms[0], replace(CLAIM.arms[1], recipe=CLAIM.arms[2].recipe), CLAIM.arms[2]))
    found = tested.tested(changed)
    assert (found.verdict, found.error.code) == (NOT_TESTED, "result_outdated")


def test_every_claim_is_of_a_kind_and_every_verdict_has_words() -> None:
    assert {tested.Tested(claim).kind for claim in CLAIMS.values()} <= set(KINDS)
    assert tested.Tested(CLAIM).kind == "augmentation"
    same = replace(CLAIM.arms[1], recipe=CLAIM.arms[0].recipe)
    assert tested.Tested(replace(CLAIM, arms=(CLAIM.arms[0], same, CLAIM.arms[2]))).kind == ""
    words = [(look.word, look.icon) for look in VERDICTS.values()]
    assert len(set(words)) == len({icon for _, icon in words}) == 5


def test_an_unknown_claim_is_none() -> None:
    assert tested.find("nobody said this") is None
    assert tested.find("centring").claim.title == "Centring"
