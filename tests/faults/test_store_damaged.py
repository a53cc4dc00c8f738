import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.kinds import LR_FINDER
from mnist_core.runs.store.store import Store
from mnist_core.training.events import Paused, Resumed, Suspended
from tests.runs.examples import checked, epoch, finished, measured, started, step


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[bytes, str]:
    """A database file with some runs in it, and the id of the last one."""
    file = tmp_path_factory.mktemp("whole") / "runs.sqlite"
    store = Store(f"sqlite:///{file}", step_gap_s=0)
    for _ in range(5):
        run = store.create(Recipe(), drawing=np.zeros((28, 28), np.uint8))
        past = [
            started(),
            step(1),
            measured(1, b"ab"),
            checked(1, 1),
            epoch(1, resume=b"r" * 500),
            Paused(1),
            Resumed(1),
        ]
        for event in [*past, step(2), measured(2), epoch(2, resume=b"r" * 500), finished()]:
            store.record(run.id, event)
    waits = store.create(Recipe())
    store.record(waits.id, Suspended(1, 1, 0.5, b"w" * 500, b"r" * 500))
    store.close()
    return file.read_bytes(), run.id


def ask_for_everything(file: Path, run_id: str) -> None:
    store = Store(f"sqlite:///{file}")
    asks = [
        lambda: [run.as_dict() for run in store.runs()],
        lambda: store.find(run_id),
        lambda: store.curve(run_id),
        lambda: store.weights(run_id),
        lambda: store.test_probabilities(run_id),
        lambda: store.insight(run_id),
        lambda: store.drawing(run_id),
        lambda: store.checkpoint(run_id),
        lambda: store.suspension(store.runs()[0].id),
        lambda: store.kept_epoch(run_id),
        lambda: store.epochs_with_weights(run_id),
        lambda: store.run(run_id).continues,
        lambda: store.run(run_id).lr_range,
        lambda: store.create_longer(run_id, Recipe(epochs=9)),
        lambda: store.create(Recipe(), kind=LR_FINDER),
        lambda: store.record(store.create(Recipe()).id, epoch(1)),
        store.recover,
    ]
    for ask in asks:
        with suppress(UserError):
            ask()
    store.close()


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_damaged_nothing_but_plain_errors_come_out(tmp_path, whole, seed):
    content, run_id = bytearray(whole[0]), whole[1]
    chance = random.Random(seed)
    for _ in range(chance.choice([1, 5, 50, 500])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    file = tmp_path / "runs.sqlite"
    file.write_bytes(content)
    ask_for_everything(file, run_id)
