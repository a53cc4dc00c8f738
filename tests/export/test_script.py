"""Scripts against the runs of the same recipes, in processes of their own that know nothing of this project."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from mnist_core.data.dataset import build_dataset
from mnist_core.export.script.compose import script_of
from mnist_core.recipe import Recipe
from mnist_core.training.events import Epoch, Finished
from mnist_core.training.loop import train
from mnist_core.training.weights import from_bytes
from tests.forked import run_python
from tests.processors import PROCESSORS, as_processor, code_as_processor

FEW = "train_images=600 batch_size=64"

# A script has the functions of a run and draws the same random numbers: it must come to what the run comes to, up to
# rounding.
NETWORKS = {
    "usual": f"{FEW} epochs=2",
    "linear": f"{FEW} model=linear optimizer=rmsprop learning_rate=0.001 schedule=constant weight_decay=0 "
    "label_smoothing=0 scaling=unit",
    "mlp": f"{FEW} model=mlp initialization=small activation=sigmoid batch_norm=false width=0.5 extra_layers=2 "
    "optimizer=nesterov schedule=step balance=loss_weights keep_3=0.2 l1=1e-5 gradient_clip=1 scaling=per_pixel "
    "epochs=3 left_out=" + ",".join(map(str, range(0, 900, 2))),
    "net": "train_images=300 model=net width=0.25 conv_dropout=0.25 dense_dropout=0.5 optimizer=adam schedule=cosine "
    "early_stopping=1 epochs=3 learning_rate=0.03 balance=resample keep_8=0.05 scaling=none initialization=xavier",
    "quick": f"{FEW} model=quick epochs=2 precision=mixed",
    "cleaned": f"{FEW} model=mlp label_noise=0.2 outliers=0.2 outlier_kind=blank cleaning=true",
    "deep": "train_images=300 batch_size=64 model=deep width=0.25 conv_dropout=0.1 optimizer=nesterov "
    "learning_rate=0.05",
    "warped": f"{FEW} pen_habits=0.3 elastic_px=1 flip=both thickness_px=1 rotation_deg=10 shift_x=0.1 shift_y=0.1 "
    "shear_deg=10 zoom=0.1 pixel_noise=0.1 fill=nearest schedule=plateau optimizer=sgd learning_rate=0.01",
    "confusing labels and shapes": f"{FEW} label_noise=0.3 label_noise_kind=confusing initialization=large "
    "activation=leaky_relu train_offset_px=3 test_offset_px=2 outliers=0.1 outlier_kind=shapes seed=3",
    "random labels and noise": f"{FEW} model=mlp label_noise=0.2 outliers=0.2 outlier_kind=noise optimizer=momentum "
    "initialization=kaiming activation=tanh weight_decay=0 learning_rate=0.05 seed=7 "
    "left_out=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,59999",
}

MACHINES = {
    "machine": "model=svm train_images=500",
    "machine, weighed": "model=svm train_images=500 scaling=per_pixel svm_c=1 svm_gamma=0.001 balance=loss_weights "
    "keep_1=0.3",
    "machine, warped": "model=svm train_images=500 scaling=none svm_gamma=1e-6 balance=resample keep_1=0.3 "
    "pixel_noise=0.1",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a training said of itself, and the numbers that it found."""

    images: int
    losses: list[float]
    test_accuracy: float
    weights: list[torch.Tensor]


@pytest.fixture(scope="session")
def mnist(small_mnist) -> Path:
    return small_mnist


def run_script(recipe: Recipe, mnist: Path, folder: Path, *options: str, processor: str | None = None) -> str:
    """What the script says, in a forked process; as a processor, in an interpreter that has imported nothing yet."""
    (folder / "train.py").write_text(script_of(recipe), encoding="utf-8")
    words = ["--data", str(mnist), *options]
    if processor is None:
        done = run_python(folder / "train.py", words)
    else:
        environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
        command = [sys.executable, "-I", "-W", "error", "-c", code_as_processor(processor, "train.py"), *words]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def outcome_of_script(recipe: Recipe, mnist: Path, folder: Path, processor: str | None = None) -> Outcome:
    said = run_script(recipe, mnist, folder, processor=processor)
    weights = torch.load(folder / "digits.pt", weights_only=True)
    return Outcome(
        images=int(re.search(r"([\d,]+) training images", said)[1].replace(",", "")),
        losses=[float(text) for text in re.findall(r"loss ([\d.]+)", said)],
        test_accuracy=float(re.search(r"test accuracy ([\d.]+)%", said)[1]) / 100,
        weights=[numbers for name, numbers in weights.items() if name.startswith("layers.")],
    )


def outcome_of_run(recipe: Recipe) -> Outcome:
    events = list(train(recipe))
    end = events[-1]
    assert isinstance(end, Finished)
    epochs = [event for event in events if isinstance(event, Epoch)]
    kept = from_bytes(recipe, epochs[end.kept_epoch - 1].weights)
    return Outcome(
        images=len(build_dataset(recipe).train_labels),
        losses=[loss for epoch in epochs for loss in (epoch.training_loss, epoch.validation_loss)],
        test_accuracy=end.test_accuracy,
        weights=list(kept.layers.state_dict().values()),
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_comes_to_what_its_run_comes_to(name, mnist, few_images, tmp_path) -> None:
    recipe = Recipe.from_text(NETWORKS[name].split())
    expect_the_same(outcome_of_script(recipe, mnist, tmp_path), outcome_of_run(recipe))


@pytest.mark.parametrize("processor", PROCESSORS)
def test_a_script_and_its_run_decide_alike_on_any_processor(
    processor, mnist, few_images, tmp_path, monkeypatch
) -> None:
    recipe = Recipe.from_text(NETWORKS["quick"].split())
    as_processor(processor, monkeypatch)
    script, run = outcome_of_script(recipe, mnist, tmp_path, processor), outcome_of_run(recipe)
    expect_the_same(script, run)
    is_mixed = outcome_of_run(recipe.replace(precision="single")).losses != run.losses
    assert is_mixed == (processor == "with bfloat16")


def expect_the_same(script: Outcome, run: Outcome) -> None:
    assert script.images == run.images
    assert script.losses == pytest.approx(run.losses, rel=5e-4, abs=1e-4)
    assert script.test_accuracy == pytest.approx(run.test_accuracy, abs=2e-3)  # two images
    assert [tuple(numbers.shape) for numbers in script.weights] == [tuple(numbers.shape) for numbers in run.weights]
    for ours, theirs in zip(script.weights, run.weights, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_reads_as_its_run_reads(name, mnist, few_images, tmp_path) -> None:
    recipe = Recipe.from_text(MACHINES[name].split())
    said = run_script(recipe, mnist, tmp_path)
    *_, epoch, end = train(recipe)
    assert isinstance(epoch, Epoch)
    assert isinstance(end, Finished)
    shares = [float(text) / 100 for text in re.findall(r"accuracy ([\d.]+)%", said)]
    assert shares == pytest.approx([epoch.training_accuracy, epoch.validation_accuracy, end.test_accuracy], abs=2e-3)
    assert (tmp_path / "digits.joblib").stat().st_size > 1000


def test_another_seed_is_another_start(mnist, tmp_path) -> None:
    recipe = Recipe.from_text(NETWORKS["linear"].split())
    usual, same, other = (
        run_script(recipe, mnist, tmp_path, *words) for words in ((), ("--seed", "0"), ("--seed", "1"))
    )
    assert usual == same != other
