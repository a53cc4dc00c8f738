"""What a script says: no more than it uses, and in a form that ruff has nothing against."""

import ast
import subprocess
import sys
from typing import Any

import pytest

from mnist_core.export.script.compose import script_of
from mnist_core.recipe import FIELDS, Recipe

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


def test_ruff_has_nothing_to_say(tmp_path) -> None:
    for number, text in enumerate(RECIPES):
        script = script_of(Recipe.from_text(text.split()), notes=["Somebody stopped it."])
        (tmp_path / f"script_{number}.py").write_text(script, encoding="utf-8")
    for command in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length=120", "--no-cache", str(tmp_path)],
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
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    assigned = {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert defined | assigned <= used
