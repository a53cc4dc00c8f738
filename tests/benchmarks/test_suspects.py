from tests.benchmarks.suspects import KINDS, bench_suspects


def test_each_kind_of_wrong_labels_is_ranked_with_several_seeds() -> None:
    rows = list(bench_suspects([1_000], seeds=2))
    assert [(row.images, row.kind, row.seeds) for row in rows] == [(1_000, kind, 2) for kind in KINDS]
    assert all(0.7 < row.lowest <= row.mean <= 1 for row in rows)
