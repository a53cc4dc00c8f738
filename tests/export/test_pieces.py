"""What a script does in parts, against the rooms that do it in a run: the same numbers from the same dice."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Generator

from mnist_core.data.dataset import build_dataset, class_weights_of, order_of_epoch
from mnist_core.data.mnist_files import load_mnist
from mnist_core.export.script.compose import script_of
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.augmentation.augment import augment
from mnist_core.training.models import build, fit_scaling
from mnist_core.training.optimizers import Schedule, make_optimizer
from tests.export.small_mnist import write_small_mnist

RECIPES = [
    "",
    "model=svm",
    "model=svm balance=loss_weights rotation_deg=5 scaling=per_pixel",
    "model=svm pen_habits=0.3",
    "model=svm balance=resample scaling=none train_images=5000 keep_3=0.1 cleaning=true",
    "model=linear optimizer=sgd schedule=constant weight_decay=0 label_smoothing=0 scaling=unit",
    "model=mlp initialization=small activation=sigmoid batch_norm=false width=0.5 extra_layers=2 optimizer=nesterov "
    "schedule=step balance=loss_weights l1=1e-5 gradient_clip=1 scaling=per_pixel",
    "model=net conv_dropout=0.25 dense_dropout=0.5 optimizer=adam schedule=cosine early_stopping=3 balance=resample "
    "keep_8=0.05 scaling=none",
    "flip=both thickness_px=1 rotation_deg=10 shift_x=.1 shift_y=.1 shear_deg=10 zoom=.1 elastic_px=1 pixel_noise=0.1 "
    "fill=nearest schedule=plateau optimizer=rmsprop",
    "shift_x=0.1 outliers=0.1 outlier_kind=shapes label_noise=0.1 label_noise_kind=confusing train_offset_px=3 "
    "test_offset_px=2 initialization=large",
    "elastic_px=2 fill=reflect outliers=0.1 outlier_kind=noise optimizer=momentum initialization=kaiming "
    "batch_norm=false weight_decay=0 cleaning=true",
    "shear_deg=2 zoom=0.1 outliers=0.1 outlier_kind=inverted optimizer=momentum momentum=0 initialization=xavier "
    "test_offset_px=2 width=4 extra_layers=10",
    "rotation_deg=20 outliers=0.1 outlier_kind=blank optimizer=adamw weight_decay=0 activation=none model=mlp "
    "initialization=kaiming label_noise=0.2 "
    "keep_4=0.3 left_out=" + ",".join(map(str, range(100, 60_000, 120))),
    "model=linear initialization=xavier optimizer=nesterov momentum=0 thickness_px=2 scaling=none flip=vertical "
    "left_out=3",
    "pen_habits=0.25 shift_x=0.1",
]


def script_for(text: str) -> tuple[Recipe, dict[str, Any]]:
    """The recipe, and what its script defines."""
    recipe = Recipe.from_text(text.split())
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(script_of(recipe), "train.py", "exec"), names)
    return recipe, names


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> Path:
    return write_small_mnist(tmp_path_factory.mktemp("mnist") / "raw")


@pytest.fixture
def few_images(raw, monkeypatch) -> Path:
    monkeypatch.setenv("DIGIT_CLINIC_MNIST", str(raw))
    return raw


@pytest.mark.parametrize(
    "faults",
    [
        "train_images=3300",
        "train_images=700 seed=3",
        "keep_3=0.1 keep_4=0 keep_9=0.001 seed=2",
        "outliers=0.1 outlier_kind=noise",
        "outliers=0.1 outlier_kind=inverted",
        "outliers=0.1 outlier_kind=blank",
        "outliers=0.1 outlier_kind=shapes seed=9",
        "label_noise=0.3 label_noise_kind=random seed=4",
        "label_noise=0.3 label_noise_kind=confusing",
        "train_offset_px=3 seed=5",
        "train_offset_px=9 test_offset_px=4 seed=6",
        "cleaning=true label_noise=0.2 outliers=0.2 outlier_kind=blank train_images=2000",
        "cleaning=true keep_2=0.1 label_noise=0.2 outliers=0.1 outlier_kind=inverted train_offset_px=2 seed=8",
    ],
)
def test_the_images_are_those_of_the_lesson(faults, few_images) -> None:
    recipe, script = script_for(faults)
    takes_seed = len(inspect.signature(script["load_data"]).parameters) == 2
    training, validation, test = script["load_data"](few_images, *[recipe.seed] * takes_seed)
    lesson = build_dataset(recipe)
    ours = (*training, *validation, *test)
    theirs = (
        lesson.train_images, lesson.train_labels, lesson.validation_images, lesson.validation_labels,
        lesson.test_images, lesson.test_labels,
    )  # fmt: skip
    for mine, wanted in zip(ours, theirs, strict=True):
        assert mine.shape == wanted.shape
        assert bool((mine == wanted).all())


@pytest.mark.parametrize("fill", ["constant", "nearest", "reflect"])
@pytest.mark.parametrize(
    "ranges",
    [
        "rotation_deg=30",
        "shift_x=0.2",
        "shift_y=0.2",
        "shear_deg=20",
        "zoom=0.3",
        "elastic_px=2",
        "rotation_deg=20 zoom=0.2",
        "shear_deg=20 shift_y=0.1 elastic_px=1",
        "rotation_deg=10 shift_x=0.1 shift_y=0.1 shear_deg=10 zoom=0.1",
        "thickness_px=1.5",
        "pixel_noise=0.3",
        "pen_habits=1",
        "pen_habits=0.4 thickness_px=0.5 rotation_deg=10",
        "flip=horizontal",
        "flip=vertical",
        "flip=both thickness_px=1 rotation_deg=10 shift_x=0.1 shift_y=0.1 shear_deg=10 zoom=0.1 elastic_px=1 "
        "pixel_noise=0.1",
    ],
)
def test_the_augmentation_is_that_of_the_run(ranges, fill) -> None:
    recipe, script = script_for(f"{ranges} fill={fill}")
    mnist = load_mnist()
    images, labels = mnist.train_images[:50].float() / 255, mnist.train_labels[:50]
    if "warp" in script:
        _give_it_the_draws_of_a_run(recipe, script)
    takes_labels = [labels] * bool(recipe.pen_habits)
    ours = script["augment"](images, *takes_labels, Generator().manual_seed(3))
    theirs = augment(images, labels, recipe, Generator().manual_seed(3))
    assert not torch.equal(theirs, images)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-5)


WARPS = ("rotation_deg", "shift_x", "shift_y", "shear_deg", "zoom")


def _give_it_the_draws_of_a_run(recipe: Recipe, script: dict[str, Any]) -> None:
    """A run draws for all five warps, also for those that are closed; a script only for those that are open."""
    warp, either_way = script["warp"], script.get("either_way")

    def warp_as_a_run(images, dice):
        drawn = torch.rand(len(WARPS), len(images), generator=dice) * 2 - 1
        rows = iter([row for row, name in zip(drawn, WARPS, strict=True) if getattr(recipe, name)])
        script["either_way"] = lambda count, dice: next(rows)
        try:
            return warp(images, dice)
        finally:
            script["either_way"] = either_way

    script["warp"] = warp_as_a_run


@pytest.mark.parametrize("text", [text for text in RECIPES if "svm" not in text])
def test_the_network_is_that_of_the_run(text) -> None:
    recipe, script = script_for(text)
    images = load_mnist().train_images[:300]
    torch.manual_seed(recipe.seed)
    ours = script["Classifier"](*[images] * (recipe.scaling == "per_pixel"))
    torch.manual_seed(recipe.seed)
    theirs = build(recipe)
    fit_scaling(theirs, images)
    batch = images.unsqueeze(1).float() / 255
    torch.testing.assert_close(ours.eval()(batch), theirs.eval()(batch), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("text", [text for text in RECIPES if "svm" not in text])
def test_the_optimizer_is_that_of_the_run(text) -> None:
    recipe, script = script_for(text)
    model = build(recipe)
    ours, theirs = script["make_optimizer"](model), make_optimizer(model, recipe)
    assert type(ours) is type(theirs)
    assert _settings(ours) == _settings(theirs)


def _settings(optimizer: torch.optim.Optimizer) -> dict[int, dict[str, Any]]:
    """The settings of each parameter that matter to how it is moved."""
    kept = ("lr", "momentum", "nesterov", "weight_decay", "betas", "alpha", "eps")
    settings = {}
    for group in optimizer.param_groups:
        values = {name: group[name] for name in kept if name in group}
        settings |= {id(parameter): values for parameter in group["params"]}
    return settings


@pytest.mark.parametrize("schedule", FIELDS["schedule"].choices)
def test_the_learning_rate_moves_as_in_the_run(schedule) -> None:
    recipe, script = script_for(f"schedule={schedule} epochs=6 batch_size=8 model=linear")
    losses = iter([1.0, 0.9, 1.1, 0.95, 0.94, 0.93])
    heard = [1.0, 0.9, 1.1, 0.95, 0.94, 0.93]
    images = torch.zeros(80, 28, 28, dtype=torch.uint8)
    part = (images, torch.arange(80) % 10)
    rates = []
    optimizer = script["make_optimizer"](model := script["Classifier"]())
    optimizer.register_step_pre_hook(lambda *_: rates.append(optimizer.param_groups[0]["lr"]))
    script["make_optimizer"] = lambda _: optimizer
    script["evaluate"] = lambda *_: (next(losses), 0.5)
    script["train"](model, part, part, Generator().manual_seed(0))
    wanted, rule = [], Schedule(recipe)
    for epoch in range(6):
        wanted += [rule.rate(step / 60) for step in range(10 * epoch, 10 * epoch + 10)]
        rule.hear(heard[epoch])
    assert rates == pytest.approx(wanted, rel=1e-6, abs=1e-12)


def test_rare_digits_are_balanced_as_in_the_run() -> None:
    labels = torch.tensor([0] * 50 + [1] * 7 + [4] * 20)
    recipe, script = script_for("balance=resample")
    dice = [Generator().manual_seed(1) for _ in range(2)]
    assert torch.equal(script["class_balanced_order"](labels, dice[0]), order_of_epoch(labels, recipe, dice[1]))
    recipe, script = script_for("balance=loss_weights")
    torch.testing.assert_close(script["weights_of_digits"](labels), class_weights_of(labels, recipe))


def test_ruff_has_nothing_to_say(tmp_path) -> None:
    for number, text in enumerate(RECIPES):
        script = script_of(Recipe.from_text(text.split()), notes=["Somebody stopped it."])
        (tmp_path / f"script_{number}.py").write_text(script, encoding="utf-8")
    for command in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


# Where a field has a say only beside others.
BESIDE = {
    "label_noise_kind": "label_noise=0.1",
    "outlier_kind": "outliers=0.1",
    "fill": "rotation_deg=5",
    "momentum": "optimizer=momentum",
    "svm_c": "model=svm",
    "svm_gamma": "model=svm",
}


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_a_say(name) -> None:
    base = Recipe.from_text(BESIDE.get(name, "").split())
    other = base.replace(**{name: _another(base, name)})
    assert ast.dump(_code(base)) != ast.dump(_code(other))


def _another(recipe: Recipe, name: str) -> Any:
    field, value = FIELDS[name], getattr(recipe, name)
    if field.kind == "choice":
        return next(choice for choice in field.choices if choice != value)
    if field.kind == "switch":
        return not value
    if field.kind == "indexes":
        return "3,41000"
    return field.low if value != field.low else field.high


def _code(recipe: Recipe) -> ast.Module:
    tree = ast.parse(script_of(recipe))
    tree.body = tree.body[1:]  # the recipe itself stands in the docstring
    return tree


@pytest.mark.parametrize("text", RECIPES)
def test_nothing_is_defined_that_is_not_used(text) -> None:
    tree = ast.parse(script_of(Recipe.from_text(text.split())))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assigned = {node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert defined | assigned <= used
