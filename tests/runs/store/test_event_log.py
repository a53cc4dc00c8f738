import math
import sqlite3
from itertools import pairwise, zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.run import Insight
from mnist_core.runs.store import event_log
from mnist_core.runs.store.event_log import evenly
from mnist_core.runs.store.store import Store
from mnist_core.training.events import PairFitted, Paused, Resumed, SettingChanged
from tests.runs.examples import checked, epoch, finished, measured, started, step


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite", step_gap_s=0)
    yield store
    store.close()


@pytest.fixture
def run_id(store) -> str:
    run = store.create(Recipe())
    store.record(run.id, started())
    return run.id


def test_details_come_back_as_they_went(store, run_id):
    events = {
        "measured": (measured(1, b"\x00\x3c\x00\x3d", drawing=[0.5, 0.25, *[0.03125] * 8]), measured(9)),
        "checked": (checked(1, 4), checked(2, 8)),
        "changed": (SettingChanged(3, "learning_rate", 0.01, 0.001), SettingChanged(5, "dense_dropout", 0.0, 0.5)),
        "paused": (Paused(3), Paused(7)),
        "resumed": (Resumed(3),),
        "fitted": (PairFitted(1, 45, [0, 1]), PairFitted(2, 45, [0, 2])),
    }
    for each in zip_longest(*events.values()):
        for event in filter(None, each):
            store.record(run_id, event)
    found = store.insight(run_id)
    assert found == Insight(**events)
    assert math.isinf(found.measured[0].gradient_norms["output"])


def test_without_details_there_are_none(store, run_id):
    assert store.insight(run_id) == Insight()
    with pytest.raises(UserError) as raised:
        store.insight("00000000")
    assert raised.value.code == "run_unknown"


def test_a_detail_writes_the_steps_that_came_before_it(store, run_id):
    for number in range(1, 4):
        store.record(run_id, step(number))
    store.record(run_id, Paused(3))
    assert store.run(run_id).steps_done == 3


def test_few_looks_are_asked_for_and_evenly_chosen(store, run_id):
    for number in range(1, 301):
        store.record(run_id, measured(number))
    found = [look.step for look in store.insight(run_id, max_points=50).measured]
    assert 45 <= len(found) <= 50
    assert (found[0], found[-1]) == (1, 300)
    assert {later - earlier for earlier, later in pairwise(found)} <= {6, 7}
    assert len(store.insight(run_id, max_points=400).measured) == 300


def test_a_long_run_keeps_some_looks_and_fewer_filters(store, run_id, monkeypatch):
    most, most_filters, count = 60, 12, 600
    monkeypatch.setattr(event_log, "MOST_PROBES", most)
    monkeypatch.setattr(event_log, "MOST_FILTERS", most_filters)
    for number in range(1, count + 1):
        store.record(run_id, measured(number, filters=number.to_bytes(2) * 10))
    kept = store.insight(run_id, max_points=10_000).measured
    steps = [look.step for look in kept]
    assert most / 3 <= len(kept) <= most
    assert (steps[0], steps[-1]) == (1, count)
    gaps = [later - earlier for earlier, later in pairwise(steps)]
    assert max(gaps) <= 3 * count / (most / 2)  # even, though old looks were thinned out again and again

    pictured = [look for look in kept if look.filters]
    assert most_filters / 4 <= len(pictured) <= most_filters
    assert (pictured[0].step, pictured[-1].step) == (1, count)
    assert all(look.filters == look.step.to_bytes(2) * 10 and look.filters_shape == [1, 1, 10] for look in pictured)
    assert {tuple(look.filters_shape) for look in kept if not look.filters} == {()}


def test_details_go_with_their_run(store, run_id, tmp_path):
    other = store.create(Recipe())
    for each in (run_id, other.id):
        for event in [started(), measured(1, b"ab"), checked(1, 2), epoch(1, resume=b"r"), finished()]:
            store.record(each, event)
    store.delete(run_id)
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        for table, count in (("details", 2), ("blobs", 2), ("runs", 1)):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (count,)
    connection.close()
    assert len(store.insight(other.id).measured) == 1


@given(st.sets(st.integers(0, 10_000), max_size=300), st.integers(2, 50))
def test_a_few_in_order_with_both_ends(places, count):
    rising = sorted(places)
    chosen = evenly(rising, count)
    assert len(chosen) == len(set(chosen)) <= count
    assert chosen == sorted(chosen)
    assert len(chosen) == len(rising) or (chosen[0], chosen[-1]) == (0, len(rising) - 1)
    assert set(chosen) <= set(range(len(rising)))


def test_places_are_chosen_evenly_however_they_lie():
    crowded = [*range(0, 1_000, 100), *range(1_000, 2_001)]
    chosen = [crowded[index] for index in evenly(crowded, 21)]
    assert chosen == list(range(0, 2_001, 100))
