"""The loop on small slices of real MNIST; how fast it is stands in the benchmark, not here."""

import json
import math

import pytest
import torch
from torch.nn import functional as F

from mnist_core.data.dataset import build_dataset
from mnist_core.data.mnist_files import FOLDER_VARIABLE, load_mnist
from mnist_core.data.splits import split
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.recipe import Recipe
from mnist_core.training import events
from mnist_core.training.control import stop_if
from mnist_core.training.events import Diverged, Epoch, Failed, Finished, Started, Step, Stopped
from mnist_core.training.loop import train
from mnist_core.training.weights import from_bytes

pytestmark = pytest.mark.usefixtures("few_images")

SMALL = Recipe(train_images=1000, epochs=2)


@pytest.fixture(scope="module")
def small_run(few_images) -> list[events.Event]:
    return list(train(SMALL))


def kinds(run: list[events.Event]) -> list[str]:
    return [events.kind_of(event) for event in run]


def of_kind(run, kind):
    return [event for event in run if isinstance(event, kind)]


def test_a_run_tells_its_story_in_order(small_run) -> None:
    steps = math.ceil(1000 / SMALL.batch_size)
    epoch = ["step"] * steps + ["checked", "epoch"]
    told = [kind for kind in kinds(small_run) if kind != "measured"]
    assert told == ["started", *epoch, *epoch, "finished"]
    assert small_run[0].steps == 2 * steps
    assert [event.step for event in of_kind(small_run, Step)] == list(range(1, 2 * steps + 1))
    assert small_run[-2].epoch == 2


def test_it_learns(small_run) -> None:
    first, last = of_kind(small_run, Epoch)
    assert last.training_loss < first.training_loss
    assert small_run[-1].test_accuracy > 0.8


def test_the_same_recipe_is_the_same_curve_and_another_seed_is_not(small_run) -> None:
    losses = [event.loss for event in of_kind(small_run, Step)]
    again = [event.loss for event in train(SMALL) if isinstance(event, Step)]
    other = [event.loss for event in train(SMALL.replace(seed=1)) if isinstance(event, Step)]
    assert again == losses
    assert other != losses


def test_what_it_reports_is_what_its_weights_do(small_run) -> None:
    epoch, finished = of_kind(small_run, Epoch)[-1], small_run[-1]
    model = from_bytes(SMALL, epoch.weights)
    data = split(load_mnist())
    with torch.no_grad():
        validation = model(data.validation_images.float().unsqueeze(1) / 255)
        test = model(data.test_images.float().unsqueeze(1) / 255)
    assert float(F.cross_entropy(validation, data.validation_labels)) == pytest.approx(epoch.validation_loss, rel=1e-3)
    right = (test.argmax(1) == data.test_labels).double().mean()
    assert finished.test_accuracy == pytest.approx(float(right), abs=2e-4)
    kept = Evaluation.from_bytes(data.test_labels.numpy(), finished.test_probabilities)
    assert kept.accuracy == pytest.approx(finished.test_accuracy, abs=2e-4)


def test_the_first_step_is_what_plain_torch_does() -> None:
    recipe = Recipe(
        model="linear", train_images=100, batch_size=100, optimizer="sgd", momentum=0.0, learning_rate=0.1,
        schedule="constant", weight_decay=0.0, label_smoothing=0.0,
    )  # fmt: skip
    data = split(load_mnist(), 100)
    torch.manual_seed(recipe.seed)
    layer = torch.nn.Linear(784, 10)
    pixels = (data.train_images.float().flatten(1) / 255 - 0.1307) / 0.3081
    loss = F.cross_entropy(layer(pixels), data.train_labels)
    loss.backward()
    expected = layer.weight - 0.1 * layer.weight.grad
    run = list(train(recipe))
    assert of_kind(run, Step)[0].loss == pytest.approx(loss.item(), rel=1e-5)
    model = from_bytes(recipe, of_kind(run, Epoch)[0].weights)
    assert torch.allclose(next(model.parameters()), expected, atol=1e-6)


def test_reported_loss_leaves_label_smoothing_out() -> None:
    smooth = next(event for event in train(SMALL.replace(label_smoothing=0.5)) if isinstance(event, Step))
    plain = next(event for event in train(SMALL.replace(label_smoothing=0.0)) if isinstance(event, Step))
    assert smooth.loss == plain.loss  # before the first step, both are the same network


def test_a_stop_is_the_last_word() -> None:
    asked = iter([False, False, True])
    run = list(train(SMALL, stop_if(lambda: next(asked))))
    assert [kind for kind in kinds(run) if kind != "measured"] == ["started", "step", "step", "stopped"]
    assert isinstance(run[-1], Stopped)
    assert run[-1].step == 2


def test_a_loss_that_is_no_number_ends_the_run_as_diverged() -> None:
    recipe = SMALL.replace(model="mlp", optimizer="sgd", learning_rate=10.0, batch_norm=False, schedule="constant",
                           momentum=0.99, activation="none", epochs=30)  # fmt: skip
    run = list(train(recipe))
    assert isinstance(run[-1], Diverged)
    assert kinds(run).count("finished") == 0
    assert all(math.isfinite(event.loss) for event in of_kind(run, Step))


def test_damaged_data_is_a_failure_with_its_mend(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    (failed,) = train(SMALL)
    assert isinstance(failed, Failed)
    assert failed.code == "mnist_missing"


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "sgd"},
        {"optimizer": "adam", "schedule": "cosine"},
        {"model": "net", "conv_dropout": 0.25, "dense_dropout": 0.5},
        {"model": "mlp", "activation": "tanh", "schedule": "step"},
        {"rotation_deg": 10, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 5, "zoom": 0.1, "fill": "nearest"},
        {"train_images": 129, "batch_size": 128},  # a left-over batch of one would break batch normalisation
    ],
    ids=str,
)
def test_every_lever_reaches_the_end(settings) -> None:
    run = list(train(SMALL.replace(**{"train_images": 300, "epochs": 1, **settings})))
    assert isinstance(run[0], Started)
    assert isinstance(run[-1], Finished)


def test_events_survive_the_wire_and_json(small_run) -> None:
    for event in small_run:
        assert events.from_message(events.to_message(event)) == event
        line = json.loads(events.to_json(event, run="abc"))
        assert line["event"] == events.kind_of(event)
        assert line["run"] == "abc"
        assert "weights" not in line


def test_only_training_labels_are_ever_wrong() -> None:
    clean, noisy = build_dataset(SMALL), build_dataset(SMALL.replace(label_noise=0.3))
    assert int((clean.train_labels != noisy.train_labels).sum()) == 300
    for part in ("train_images", "validation_labels", "validation_images", "test_labels", "test_images"):
        assert torch.equal(getattr(clean, part), getattr(noisy, part))


def test_wrong_labels_are_what_it_learns_from(small_run) -> None:
    noisy = [event for event in train(SMALL.replace(label_noise=0.9)) if isinstance(event, Epoch)]
    clean = of_kind(small_run, Epoch)
    assert noisy[-1].validation_accuracy < 0.5 < clean[-1].validation_accuracy
