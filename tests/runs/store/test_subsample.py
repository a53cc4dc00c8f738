from hypothesis import given
from hypothesis import strategies as st

from mnist_core.runs.store.subsample import evenly


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
