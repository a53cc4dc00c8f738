"""Testing claims: what is missing is tried, what is done is kept and gone on from."""

from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import distributed
import pytest
from distributed.scheduler import KilledWorker

from mnist_core.claims.outcome import Outcome, Trial
from mnist_core.errors import UserError
from mnist_core.runs import claim_runner
from mnist_core.runs.claim_runner import Plan, run_claims
from tests.claims.made_up import CLAIM


def pretend(arm, seed, metrics):
    """A trial at once: light helps by five points."""
    return Trial(arm.key, seed, dict.fromkeys(metrics, 0.9 + 0.05 * (arm.key == "with") + 0.001 * seed))


class Cluster:
    """One whose tasks are done in this process, by threads."""

    def __init__(self) -> None:
        self.client = distributed.Client(
            processes=False, n_workers=1, threads_per_worker=1, dashboard_address=None, set_as_default=False
        )

    def close(self) -> None:
        """Several tests of claims share it."""


@contextmanager
def here(monkeypatch, trial=pretend):
    """Trials in this process."""
    cluster = Cluster()
    monkeypatch.setattr(claim_runner, "run_trial", trial)
    monkeypatch.setattr(claim_runner, "connector", lambda url, plan: lambda: cluster)
    try:
        yield
    finally:
        cluster.client.close()


@pytest.fixture
def pretending(monkeypatch):
    with here(monkeypatch):
        yield


def run(plan, claim=CLAIM):
    """The outcome, and which trials were done for it."""
    done = []
    (found,) = run_claims([claim], plan, lambda _, trial, number, count: done.append((trial.arm, trial.seed)))
    return found, sorted(done)


def kept(folder) -> Outcome:
    return Outcome.from_json((folder / "made_up.json").read_text("utf-8"))


@pytest.mark.usefixtures("pretending")
class TestTrying:
    def test_all_arms_are_tried_with_all_seeds_and_kept(self, tmp_path):
        numbers = []
        told = lambda claim, trial, done, count: numbers.append((done, count))  # noqa: E731
        (found,) = run_claims([CLAIM], Plan((0, 1), folder=tmp_path), told)
        assert found.verdict(CLAIM) == "confirmed"
        assert [(trial.arm, trial.seed) for trial in found.trials] == [
            ("without", 0), ("with", 0), ("dark", 0), ("without", 1), ("with", 1), ("dark", 1),
        ]  # fmt: skip
        assert numbers == [(number, 6) for number in range(1, 7)]
        assert kept(tmp_path).fits(CLAIM)
        assert kept(tmp_path).seeds == (0, 1)
        assert kept(tmp_path).versions["python"]
        assert "cores" in kept(tmp_path).machine

    def test_it_goes_on_from_what_is_kept(self, tmp_path):
        run(Plan((0,), folder=tmp_path))
        found, done = run(Plan((0, 1), folder=tmp_path))
        assert done == [("dark", 1), ("with", 1), ("without", 1)]
        assert found.seeds == (0, 1)

    def test_what_is_complete_starts_no_worker(self, tmp_path, monkeypatch):
        first, _ = run(Plan((0, 1), folder=tmp_path))
        monkeypatch.setattr(claim_runner, "connector", None)
        again, done = run(Plan((0, 1), folder=tmp_path))
        assert done == []
        assert again.to_json() == first.to_json()

    def test_results_of_another_experiment_count_for_nothing(self, tmp_path):
        run(Plan((0,), folder=tmp_path))
        arms = tuple(replace(arm, recipe=arm.recipe.replace(epochs=3)) for arm in CLAIM.arms)
        found, done = run(Plan((0,), folder=tmp_path), replace(CLAIM, arms=arms))
        assert len(done) == len(found.trials) == 3

    def test_a_damaged_file_is_replaced(self, tmp_path):
        (tmp_path / "made_up.json").write_text('{"claim": ', "utf-8")
        run(Plan((0,), folder=tmp_path))
        assert kept(tmp_path).seeds == (0,)

    def test_afresh_starts_over(self, tmp_path):
        run(Plan((0,), folder=tmp_path))
        _, done = run(Plan((0,), folder=tmp_path, overwrite=True))
        assert len(done) == 3

    def test_quick_tries_what_decides_and_keeps_nothing(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        found, _ = run(Plan((0, 1), quick=True, folder=None))
        assert found.quick
        assert {trial.arm for trial in found.trials} == {"without", "with"}
        assert list(tmp_path.iterdir()) == []

    def test_an_interruption_loses_nothing_that_was_done(self, tmp_path):
        def interrupt(claim, trial, done, count):
            if done == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            list(run_claims([CLAIM], Plan((0, 1), folder=tmp_path), interrupt))
        assert len(kept(tmp_path).trials) == 2

    def test_a_folder_that_cannot_be_written_is_told(self, tmp_path):
        (tmp_path / "file").write_text("no folder")
        with pytest.raises(UserError) as error:
            run(Plan((0,), folder=tmp_path / "file"))
        assert error.value.code == "results_unwritable"


def test_a_failure_says_why_and_keeps_what_was_done(monkeypatch, tmp_path):
    def failing(arm, seed, metrics):
        if arm.key == "dark":
            raise UserError("too_dark", "It is too dark.", "Turn the light on.")
        return pretend(arm, seed, metrics)

    with here(monkeypatch, failing), pytest.raises(UserError) as error:
        run(Plan((0,), folder=tmp_path))
    assert error.value.code == "too_dark"
    assert {trial.arm for trial in kept(tmp_path).trials} == {"without", "with"}


def test_a_lost_worker_is_told(monkeypatch, tmp_path):
    def lost(arm, seed, metrics):
        raise KilledWorker("task", SimpleNamespace(address="there"), 0)

    with here(monkeypatch, lost), pytest.raises(UserError) as error:
        run(Plan((0,), folder=tmp_path))
    assert error.value.code == "worker_lost"
