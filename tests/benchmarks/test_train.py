from itertools import islice
from types import SimpleNamespace

import pytest

from mnist_core.presets import PRESETS
from mnist_core.recipe import Recipe
from mnist_core.training.models import build
from tests.benchmarks import race
from tests.benchmarks import train as bench
from tests.benchmarks.reference_loop import Net, UsualLoop, unpacked_mnist

pytestmark = pytest.mark.usefixtures("few_images")

FAST = PRESETS["fault_overfit"].recipe.replace(epochs=10)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recipe of a few steps instead of the preset, and a usual loop that stops after three of an epoch."""
    monkeypatch.setattr(race, "PRESETS", {"fast": SimpleNamespace(recipe=FAST)})
    epoch = UsualLoop.epoch
    monkeypatch.setattr(UsualLoop, "epoch", lambda loop: (images for images in islice(epoch(loop), 3)))


def test_the_usual_loop_trains_the_network_that_our_recipe_names() -> None:
    ours, theirs = build(bench.USUAL), Net()
    assert ours.parameter_count == sum(weights.numel() for weights in theirs.parameters()) == 1_199_882
    assert [tuple(weights.shape) for weights in ours.parameters()] == [tuple(w.shape) for w in theirs.parameters()]
    recipe = bench.USUAL
    assert (recipe.optimizer, recipe.learning_rate, recipe.schedule, recipe.weight_decay, recipe.precision) == (
        "adam", 1e-3, "constant", 0.0, "single",
    )  # fmt: skip


def test_the_usual_loop_learns_from_torchvisions_mnist() -> None:
    with unpacked_mnist() as folder:
        loop = UsualLoop(folder, seed=0)
        assert list(islice(loop.epoch(), 30)) == [64] * 30
        assert loop.test_accuracy() > 0.5
    assert not folder.exists()


def test_rows_are_ratios_of_things_measured_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_TRAINED", {name: bench._TRAINED[name] for name in ("net", "net, mixed precision")})
    monkeypatch.setattr(bench, "_WARM_UP_STEPS", 1)
    rows = list(bench.bench_train(rounds=3, steps=1))
    assert [row.unit for row in rows] == ["images/s"] * 2 + ["billion multiply-adds/s"] * 2 + ["s"] * 2
    for row in rows:
        assert row.rounds == 3
        assert row.low <= row.ratio <= row.high
    for row in rows[:4]:
        assert row.ours > 0 < row.theirs


def test_a_race_names_every_seed(short: None) -> None:
    usual, fast = race.bench_race(seeds=2, usual_seeds=1, wanted=0.2)
    assert (usual.loop, fast.loop) == ("usual", "fast")
    assert len(usual.seconds) == len(usual.accuracies) == 1
    assert len(fast.seconds) == len(fast.accuracies) == 2
    assert usual.epochs[0] >= 1
    assert fast.epochs == (FAST.epochs,) * 2
    assert all(accuracy > 0.7 for accuracy in fast.accuracies)
    assert usual.times is None
    assert fast.times == pytest.approx(usual.seconds[0] / (sum(fast.seconds) / 2))


def test_the_usual_loop_gives_up_at_last(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UsualLoop, "test_accuracy", lambda _: 0.1)
    monkeypatch.setattr(race, "MOST_EPOCHS", 2)
    usual, _ = race.bench_race(seeds=1, usual_seeds=1)
    assert usual.epochs == (2,)


def test_the_preset_that_is_raced_is_quick_and_short() -> None:
    recipe = PRESETS["fast"].recipe
    assert (recipe.model, recipe.epochs, recipe.precision) == ("quick", 1, "mixed")
    assert recipe.replace(learning_rate=0.01) != Recipe()
