"""Testing claims: what is missing is tried, what is done is kept and gone on from."""

from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.outcome import Outcome
from mnist_core.errors import UserError
from mnist_core.runs import claim_runner
from mnist_core.runs.claim_runner import Plan, run_claims
from mnist_core.runs.queue.live import Live
from mnist_core.training.events import TrialDone
from tests.claims.made_up import CLAIM, SMALL


def pretend(arm, seed, metrics):
    """A trial at once: light helps by five points."""
    return dict.fromkeys(metrics, 0.9 + 0.05 * (arm.key == "with") + 0.001 * seed)


class EngineThatPretends:
    """Its runs have ended as soon as they are asked for, and never more than two wait."""

    def __init__(self, trial):
        self.trial, self.runs = trial, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """There is nothing to close."""

    def test_claim(self, claim, seeds, arms, quick):
        if len(self.runs) == 2:
            raise UserError("queue_full", "Two runs are waiting already.", "Try again.")
        run_id, trials, error = f"{seeds} {arms}", [], None
        chosen = [arm for arm in claim.arms_for(quick) if arm.key in arms]
        for arm in chosen:
            try:
                trials.append(TrialDone(1, claim.id, arm.key, seeds[0], self.trial(arm, seeds[0], claim.metrics)))
            except UserError as failure:
                error = failure
        state = "failed" if error else "finished"
        self.runs[run_id] = Live(run_id, state, trials=tuple(trials), error=error)
        return SimpleNamespace(id=run_id)

    def live(self, run_id):
        return self.runs.pop(run_id)


@contextmanager
def here(monkeypatch, trial=pretend):
    """Trials in this process."""
    engine = EngineThatPretends(trial)
    monkeypatch.setattr(claim_runner, "Engine", lambda store, **_: engine)
    yield


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
        assert found.verdict(CLAIM) == "holds"
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

    def test_what_is_complete_starts_no_engine(self, tmp_path, monkeypatch):
        first, _ = run(Plan((0, 1), folder=tmp_path))
        monkeypatch.setattr(claim_runner, "Engine", None)
        again, done = run(Plan((0, 1), folder=tmp_path))
        assert done == []
        assert again.to_json() == first.to_json()

    def test_trials_of_another_machine_stay_named_as_such(self, tmp_path, monkeypatch):
        monkeypatch.setattr(claim_runner, "_machine", lambda: "an abacus")
        run(Plan((0,), folder=tmp_path))
        monkeypatch.setattr(claim_runner, "_machine", lambda: "a slide rule")
        run(Plan((0, 1), folder=tmp_path))
        found, _ = run(Plan((0, 1, 2), folder=tmp_path))
        assert found.machine == kept(tmp_path).machine == "an abacus; a slide rule"

    def test_results_of_another_experiment_count_for_nothing(self, tmp_path):
        run(Plan((0,), folder=tmp_path))
        arms = tuple(replace(arm, recipe=arm.recipe.replace(epochs=3)) for arm in CLAIM.arms)
        found, done = run(Plan((0,), folder=tmp_path), replace(CLAIM, arms=arms))
        assert len(done) == len(found.trials) == 3

    def test_a_damaged_file_is_replaced(self, tmp_path):
        (tmp_path / "made_up.json").write_text('{"claim": ', "utf-8")
        run(Plan((0,), folder=tmp_path))
        assert kept(tmp_path).seeds == (0,)

    def test_overwrite_starts_over(self, tmp_path):
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
        raise UserError("worker_lost", "The process ended unexpectedly.", "Start it again.")

    with here(monkeypatch, lost), pytest.raises(UserError) as error:
        run(Plan((0,), folder=tmp_path))
    assert error.value.code == "worker_lost"


def test_arms_that_share_a_training_are_one_run(monkeypatch):
    asked = []
    moved = replace(CLAIM.arms[2], recipe=SMALL.replace(test_offset_px=2), test_inputs="centred")
    with here(monkeypatch):
        engine = claim_runner.Engine(None)
        test_claim = engine.test_claim
        engine.test_claim = lambda claim, seeds, arms, quick: (
            asked.append((seeds, arms)) or test_claim(claim, seeds, arms, quick)
        )
        run(Plan((0, 1), folder=None), replace(CLAIM, arms=(*CLAIM.arms[:2], moved)))
    once = list(dict.fromkeys(asked))  # what the queue had no place for was asked for again
    assert once == [((0,), ("without", "dark")), ((0,), ("with",)), ((1,), ("without", "dark")), ((1,), ("with",))]


def test_the_workers_of_a_real_engine_try_a_claim(tmp_path, monkeypatch):
    monkeypatch.delenv("DIGIT_CLINIC_SCHEDULER", raising=False)
    claim = CLAIMS["first_weights"]
    found, done = run(Plan((0, 1), quick=True, folder=tmp_path), claim)
    assert sorted(done) == sorted((arm.key, seed) for arm in claim.arms_for(quick=True) for seed in (0, 1))
    assert found.verdict(claim) != "not_measurable"
    assert np.mean(found.values("large", "test_accuracy")) > np.mean(found.values("small", "test_accuracy"))
    assert (tmp_path / "first_weights.json").is_file()
