"""The short form of `python -m tests.faults.kills`."""

import pytest

from mnist_core.runs import kinds
from tests.faults.activities import ACTIVITIES
from tests.faults.kills import FAKE, Round, draw, play


@pytest.mark.parametrize(
    "planned",
    [
        Round("saving", "app", heard=30, delay_s=0.0),
        Round("importing", "app", heard=2, delay_s=0.02),
        Round("claim", "worker", heard=1, delay_s=0.1, choice=0.0),
        Round("training", "scheduler", heard=3, delay_s=0.01),
    ],
    ids=str,
)
def test_nothing_that_was_kept_is_lost(planned: Round, tmp_path) -> None:
    outcome = play(planned, tmp_path, **FAKE)
    assert outcome.lost == ()
    assert outcome.told >= planned.heard


def test_all_kinds_of_runs_are_cut_short() -> None:
    known = {kind.name for kind in vars(kinds).values() if isinstance(kind, kinds.RunKind)}
    assert {kind for activity in ACTIVITIES.values() for kind in activity.kinds} == known


def test_the_same_seed_draws_the_same_rounds() -> None:
    rounds = [draw(0, number) for number in range(200)]
    assert rounds == [draw(0, number) for number in range(200)]
    assert {planned.activity for planned in rounds} == set(ACTIVITIES)
    assert {planned.victim for planned in rounds} == {"app", "worker", "scheduler"}
