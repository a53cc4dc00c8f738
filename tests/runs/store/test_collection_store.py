import os
from pathlib import Path

import numpy as np
import pytest

from mnist_core.errors import UserError
from mnist_core.preprocessing.digit_collection import MAX_DIGITS, MyDigit, from_zip, to_zip
from mnist_core.recipe import Recipe
from mnist_core.runs.fine_tune_job import FineTuneJob
from mnist_core.runs.kinds import FINE_TUNING
from mnist_core.runs.run import Run
from mnist_core.runs.store.store import Store
from mnist_core.training.events import FineTuneResult
from mnist_core.training.fine_tuning import FineTuneSet
from tests.preprocessing.examples import SEVEN
from tests.runs.examples import epoch, finished, started

PICTURE = SEVEN.render()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite"


@pytest.fixture
def store(file: Path):
    store = Store(f"sqlite:///{file}", step_gap_s=0)
    yield store
    store.close()


def create(store: Store, job: FineTuneJob, name: str = "") -> Run:
    return store.create(Recipe(), name, "", FINE_TUNING, job.facts())


def bars(count: int) -> list[MyDigit]:
    """That many different pictures."""
    pictures = np.zeros((count, 28, 28), np.uint8)
    pictures[:, 5:20, 12:15] = 255
    pictures[:, 20, :2] = np.arange(count)[:, None] // [1, 256]
    return [MyDigit(picture, place % 10) for place, picture in enumerate(pictures)]


def lesson(digits: int = 6) -> FineTuneSet:
    return FineTuneSet(b"weights", np.zeros((digits, 28, 28), np.uint8), np.zeros(digits, np.int64))


def test_a_digit_is_kept_with_its_label_until_it_is_removed(store):
    store.my_digits.keep("ann", PICTURE, 7)
    store.my_digits.keep("ann", PICTURE.T, 2)
    store.close()
    first, second = store.my_digits.all("ann")
    np.testing.assert_array_equal(first.picture, PICTURE)
    np.testing.assert_array_equal(second.picture, PICTURE.T)
    assert (first.label, second.label) == (7, 2)
    assert first.kept_at <= second.kept_at
    store.my_digits.remove("ann", [first.id])
    assert [one.label for one in store.my_digits.all("ann")] == [2]
    store.my_digits.keep("ann", PICTURE, 7)
    assert store.my_digits.all("ann")[1].id > second.id


def test_a_set_is_its_owners_alone(store, file):
    store.my_digits.keep("ann", PICTURE, 7)
    store.my_digits.keep("bob", PICTURE, 1)
    (hers,) = store.my_digits.all("ann")
    store.my_digits.remove("bob", [hers.id])
    assert [one.label for one in store.my_digits.all("ann")] == [7]
    assert [one.label for one in store.my_digits.all("bob")] == [1]
    assert store.my_digits.all("") == store.my_digits.all("ANN") == ()
    store.close()
    assert b"ann" not in file.read_bytes()


@pytest.mark.parametrize("owner", ["\0", "x" * 100_000, "'; DROP TABLE my_digits; --", "\ud800", "名"])
def test_an_owner_may_be_any_text(store, owner):
    store.my_digits.keep(owner, PICTURE, 7)
    assert len(store.my_digits.all(owner)) == 1


def test_the_same_picture_is_kept_once_and_gets_the_last_label(store):
    store.my_digits.keep("ann", PICTURE, 1)
    (first,) = store.my_digits.all("ann")
    store.my_digits.keep("ann", PICTURE.copy(), 7)
    (again,) = store.my_digits.all("ann")
    assert (again.id, again.label, again.kept_at) == (first.id, 7, first.kept_at)


def test_a_blank_is_not_kept(store):
    with pytest.raises(UserError) as raised:
        store.my_digits.keep("ann", np.zeros((50, 50), np.uint8), 1)
    assert raised.value.code == "my_digits_blank"


def test_a_full_set_takes_no_more_and_loses_none(store):
    assert store.my_digits.add("ann", bars(MAX_DIGITS - 1)) == MAX_DIGITS - 1
    with pytest.raises(UserError) as raised:
        store.my_digits.add("ann", [*bars(3), MyDigit(PICTURE, 7), MyDigit(PICTURE.T, 7)])
    assert raised.value.code == "my_digits_full"
    assert "room for 1 more, not for 2" in raised.value.message
    assert len(store.my_digits.all("ann")) == MAX_DIGITS - 1
    store.my_digits.keep("ann", PICTURE, 7)
    with pytest.raises(UserError):
        store.my_digits.keep("ann", PICTURE.T, 7)
    assert len(store.my_digits.all("ann")) == MAX_DIGITS
    store.my_digits.keep("ann", PICTURE, 1)  # no new one
    assert store.my_digits.all("ann")[-1].label == 1
    store.my_digits.keep("bob", PICTURE.T, 7)  # another's set has room


def test_an_exported_set_comes_back_the_same(store):
    store.my_digits.add("ann", [*bars(3), MyDigit(PICTURE, 7)])
    kept = store.my_digits.all("ann")
    unpacked = from_zip(to_zip([one.as_my_digit() for one in kept]))
    assert store.my_digits.add("ann", unpacked.digits) == 0
    assert store.my_digits.all("ann") == kept
    assert store.my_digits.add("bob", unpacked.digits) == 4
    assert [(one.label, one.kept_at, one.png) for one in store.my_digits.all("bob")] == [
        (one.label, one.kept_at, one.png) for one in kept
    ]


def test_a_lesson_is_a_run_and_its_gain_is_kept(store):
    assert store.my_digits.newest_fine_tuning("ann") is None
    run = create(store, FineTuneJob("ann", "default", lesson(6)), "taught")
    waiting = store.my_digits.newest_fine_tuning("ann")
    assert (waiting.id, waiting.state, waiting.facts["parent"], waiting.facts["digits"]) == (
        run.id,
        "queued",
        "default",
        6,
    )
    assert (waiting.fine_tuned, waiting.test_accuracy) == (None, None)
    taught = FineTuneResult(6, right_before=2, gained=3, lost=1, test_accuracy_before=0.99)
    for event in (started(), epoch(1), taught, finished()):
        store.record(run.id, event)
    done = store.my_digits.newest_fine_tuning("ann")
    assert (done.state, done.fine_tuned, done.test_accuracy) == ("finished", taught, 0.8125)
    assert store.my_digits.newest_fine_tuning("bob") is None
    store.create(Recipe())
    assert store.my_digits.newest_fine_tuning("ann") == done
    second = create(store, FineTuneJob("ann", run.id, lesson(9)))
    assert store.my_digits.newest_fine_tuning("ann").id == second.id
    store.delete(run.id)
    store.record(second.id, finished())
    store.delete(second.id)
    assert store.my_digits.newest_fine_tuning("ann") is None


def test_what_a_plain_run_never_was_taught_is_passed_over(store):
    run = store.create(Recipe())
    store.record(run.id, FineTuneResult(6, 2, 3, 1, 0.99))
    store.record(run.id, finished())
    assert store.run(run.id).state == "finished"


def test_a_damaged_database_is_a_plain_error(store, file):
    store.my_digits.add("ann", bars(200))
    store.close()
    content = file.read_bytes()
    file.write_bytes(content[:100] + os.urandom(len(content) - 100))
    with pytest.raises(UserError) as raised:
        Store(f"sqlite:///{file}").my_digits.all("ann")
    assert raised.value.code == "database_damaged"
