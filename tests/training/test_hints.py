"""Each hint has a real run that shows it, and healthy runs do not."""

from functools import cache

import pytest

from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.events import Epoch, EpochCheck, ProbeResult, Step
from mnist_core.training.hints import Hint, RunHistory, hints
from mnist_core.training.loop import train

PLAIN = Recipe(model="mlp", train_images=2_000, epochs=3, batch_size=64)
RESTLESS = {"batch_norm": False, "schedule": "constant"}

SHOWN = {
    "diverged": PLAIN.replace(**RESTLESS, optimizer="sgd", learning_rate=5.0, initialization="large"),
    "learning_rate_too_high": PLAIN.replace(**RESTLESS, optimizer="adam", learning_rate=0.5),
    "learning_rate_too_low": PLAIN.replace(**RESTLESS, optimizer="sgd", learning_rate=1e-3),
    "vanishing_gradient": PLAIN.replace(**RESTLESS, activation="sigmoid", initialization="small", extra_layers=2,
                                        optimizer="adam", learning_rate=1e-3),
    "dead_units": PLAIN.replace(**RESTLESS, optimizer="adam", learning_rate=0.05, initialization="large"),
    "label_noise": PLAIN.replace(train_images=5_000, label_noise=0.3, dense_dropout=0.3),
    "label_noise ": PLAIN.replace(train_images=3_000, epochs=4, label_noise=0.3, dense_dropout=0.3),
    "class_imbalance": PLAIN.replace(train_images=5_000, keep_4=0.02),
    "overfit": PLAIN.replace(train_images=200, epochs=15),
    "underfit": PLAIN.replace(dense_dropout=0.9, width=0.125),
    "bad_kernel_width": Recipe(model="svm", train_images=1_000, scaling="per_pixel", svm_c=1, svm_gamma=0.1),
    "off_center": PLAIN.replace(model="cnn", test_offset_px=6),
}  # fmt: skip

HEALTHY = {
    "cnn": Recipe(train_images=10_000, epochs=2),
    "mlp": Recipe(model="mlp", train_images=20_000, epochs=2, dense_dropout=0.2),
    "svm": Recipe(model="svm", train_images=2_000),
}


@cache
def story_of(recipe: Recipe) -> RunHistory:
    return RunHistory.of(list(train(recipe)))


def codes(recipe: Recipe) -> list[str]:
    return [hint.code for hint in hints(recipe, story_of(recipe))]


@pytest.mark.parametrize("code", SHOWN)
def test_a_run_that_shows_it_is_told_so(code: str) -> None:
    assert codes(SHOWN[code])[0] == code.strip()


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_is_told_nothing(name: str) -> None:
    assert codes(HEALTHY[name]) == []


@pytest.mark.parametrize("code", SHOWN)
def test_its_mend_is_a_change_that_the_recipe_takes(code: str) -> None:
    for hint in hints(SHOWN[code], story_of(SHOWN[code])):
        assert hint.change
        assert SHOWN[code].replace(**hint.change) != SHOWN[code]
        assert all(name in FIELDS for name in hint.change)
        assert hint.text.endswith(".")


@pytest.mark.parametrize("code", ["learning_rate_too_low", "vanishing_gradient", "underfit", "bad_kernel_width"])
def test_its_mend_helps(code: str) -> None:
    recipe = SHOWN[code]
    first: Hint = hints(recipe, story_of(recipe))[0]
    mended = recipe.replace(**first.change)
    assert right(mended) > right(recipe) + 0.03
    assert code not in codes(mended)


def right(recipe: Recipe) -> float:
    return story_of(recipe).epochs[-1].validation_accuracy


def test_a_run_that_has_hardly_begun_is_told_nothing() -> None:
    assert hints(PLAIN, RunHistory()) == ()
    assert hints(PLAIN, RunHistory(steps=[Step(1, 0.01, 2.3, 0.01), Step(2, 0.02, 900.0, 0.01)])) == ()


def test_early_stopping_is_worth_it_where_the_loss_has_risen_again() -> None:
    recipe = SHOWN["overfit"]
    story = story_of(recipe)
    best = min(story.epochs, key=lambda row: row.validation_loss)
    found = [hint for hint in hints(recipe, story) if "early_stopping" in hint.change]
    rose = story.epochs[-1].validation_loss >= 1.1 * best.validation_loss and best.epoch <= recipe.epochs - 3
    assert bool(found) == rose
    assert all(str(best.epoch) in hint.text for hint in found)


def test_no_two_hints_of_a_run_share_a_code() -> None:
    epochs = [Epoch(number, 0.01, 1.0, 0.3 + 0.1 * number, 0.9, 1.0, b"") for number in range(1, 7)]
    confusion = [[90 if read == true else 1 for read in range(10)] for true in range(10)]
    checked = EpochCheck(6, 60, confusion, 0.001, 1.0, 0.0, 500)
    found = [hint.code for hint in hints(PLAIN.replace(epochs=6), RunHistory(epochs=epochs, checked=[checked]))]
    assert found == ["overfit", "trained_too_long"]


def test_every_number_in_a_hint_is_the_runs_own() -> None:
    story = story_of(SHOWN["label_noise"])
    (hint,) = (hint for hint in hints(SHOWN["label_noise"], story) if hint.code == "label_noise")
    assert f"{story.checked[-1].contradicted:.1%}" in hint.text
    assert f"{story.checked[-1].images:,}" in hint.text


def test_without_looks_inside_nothing_is_said_about_the_inside() -> None:
    blind = RunHistory(steps=story_of(SHOWN["dead_units"]).steps)
    assert "dead_units" not in [hint.code for hint in hints(SHOWN["dead_units"], blind)]
    lively = [ProbeResult(step, 1.0, {"dense 1": 1.0}, {"dense 1": 0.1}, {}, {}) for step in (1, 2, 3)]
    assert hints(PLAIN, RunHistory(measured=lively)) == ()


def test_a_run_that_diverged_at_the_lowest_learning_rate_is_told_so() -> None:
    lowest = FIELDS["learning_rate"].low
    steps = [Step(1, 0.1, 2.3, lowest)]
    [hint] = hints(PLAIN.replace(learning_rate=lowest), RunHistory(steps=steps, diverged_at=2))
    assert (hint.code, hint.change) == ("diverged", {"learning_rate": lowest})
