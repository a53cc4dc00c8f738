import pytest

from mnist_core.runs.queue.live import Live, Waiting
from mnist_core.runs.run import State
from mnist_core.training.events import PairFitted
from mnist_core.ui.common.words import share_done
from mnist_core.ui.train.run.controls import progress_words


def live(state: State = "running", **facts) -> Live:
    return Live("0" * 8, state, **facts)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"position": 1, "waiting": Waiting(1)}, "Waiting: 1 run ahead of yours"),
        ({"position": 3, "waiting": Waiting(3, 95.0)}, "Waiting: 3 runs ahead of yours · starts in about 2 min"),
        ({"position": 2, "waiting": Waiting(1, 8.0, is_own=True)}, "Waiting: your other run comes first · starts in"),
        ({"position": 1, "waiting": Waiting(0)}, "Starting worker"),
        ({"position": 2, "steps": 430, "steps_done": 9, "waiting": Waiting(2)}, "Waiting: 2 runs ahead of yours"),
        ({"position": 0}, "Starting worker"),
        ({"steps": 430}, "Starting worker"),
        ({"steps": 430, "state": "paused"}, "Paused before the first step"),
        ({"steps": 1_430, "steps_done": 120}, "Step 120 of 1,430 · epoch 1 of 5"),
        ({"steps": 430, "steps_done": 120, "remaining_s": 31.2}, "Step 120 of 430 · epoch 2 of 5 · about 31 s left"),
        ({"steps": 430, "steps_done": 120, "state": "paused"}, "Paused after step 120 of 430 · epoch 2 of 5"),
        ({"steps": 430, "steps_done": 430}, "Step 430 of 430 · epoch 5 of 5"),
        ({"steps": 0}, "Fitting 45 one-vs-one SVMs"),
        ({"steps": 0, "fitted": PairFitted(17, 45, [3, 8])}, "Fitted 17 of 45 SVMs · newest: 3 against 8"),
        ({"steps": 0, "fitted": PairFitted(17, 45, [3, 8]), "state": "paused"}, "Paused after 17 of 45 SVMs"),
    ],
)
def test_how_far_a_run_is_is_said_in_words(facts: dict, said: str) -> None:
    assert progress_words(live(**facts), epochs=5).startswith(said)


def test_the_bar_follows_the_steps_or_the_borders() -> None:
    assert share_done(live()) == share_done(live(steps=0)) == 0
    assert share_done(live(steps=400, steps_done=100)) == 0.25
    assert share_done(live(steps=400, steps_done=500)) == 1
    assert share_done(live(steps=0, fitted=PairFitted(9, 45, [0, 1]))) == 0.2
