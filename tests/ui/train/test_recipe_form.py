import pytest

from mnist_core.fields import Field, Value
from mnist_core.recipe import FIELDS, GROUPS, SECTIONS, Recipe
from mnist_core.ui import services
from mnist_core.ui.train import recipe_form
from mnist_core.ui.train.form.controls import notches
from tests.ui.app import address, run, texts
from tests.ui.train.form.form import expander, open_form, press, tab_labels, values, widget

WITH_CONTROLS = [field for field in FIELDS.values() if field.kind != "indexes"]  # which are chosen on pictures
PARTS = sorted({(field.group, field.section) for field in FIELDS.values()})
USED_WITH = {
    "kernel": {"model": "svm"},
    "steps": {"optimizer": "nesterov"},
    "faults": {"label_noise": "0.2", "outliers": "0.1"},
    "warp": {"rotation_deg": "10"},
}
"""What makes all settings of a section useful."""


def fields_of(part: tuple[str, str]) -> list[str]:
    return [field.name for field in WITH_CONTROLS if (field.group, field.section) == part]


def another(field: Field) -> Value:
    """A value of the field that is not its default, and that its control can be moved to."""
    if field.kind == "switch":
        return not field.default
    if field.kind == "choice":
        still_useful = {"model": "net", "optimizer": "momentum"}
        return still_useful.get(field.name) or next(value for value in field.choices if value != field.default)
    if field.log or field.name in ("train_images", "epochs", "early_stopping"):
        return next(value for value in notches(field, field.default)[1:] if value != field.default)
    if field.name == "seed":
        return 77
    if field.kind == "indexes":
        return "3,41000"
    return 3 if field.kind == "whole" else 0.25 if field.high <= 1 else 1.0


def test_the_form_shows_the_defaults_and_says_so() -> None:
    app = open_form()
    assert values(app) == Recipe().as_dict()
    assert address(app) == {}
    assert "all defaults" in texts(app)
    assert tab_labels(app) == list(GROUPS.values())
    assert not [one for one in app.expander if one.proto.expanded]


@pytest.mark.parametrize("part", PARTS, ids=" ".join)
def test_every_field_is_set_by_its_control_and_lands_in_recipe_and_address(part: tuple[str, str]) -> None:
    names, useful = fields_of(part), USED_WITH.get(part[1], {})
    app = open_form(**useful)
    for name in names:
        assert not widget(app, name).disabled, name
        widget(app, name).set_value(another(FIELDS[name]))
    run(app)
    expected = Recipe.from_query(useful)[0].replace(**{name: another(FIELDS[name]) for name in names})
    assert address(app) == expected.to_query()
    assert values(app) == expected.as_dict()
    press(app, "Start training")
    (made,) = services.store().runs()
    assert made.recipe == expected


@pytest.mark.parametrize("group", list(GROUPS))
def test_every_field_comes_from_the_address_to_its_control_even_when_it_is_not_used(group: str) -> None:
    names = [name for name, field in FIELDS.items() if field.group == group]
    recipe = Recipe().replace(**{name: another(FIELDS[name]) for name in names})
    app = open_form(**recipe.to_query())
    assert values(app) == recipe.as_dict()
    assert address(app) == recipe.to_query()
    assert f"{GROUPS[group]} · {len(names)}" in tab_labels(app)
    for section in {FIELDS[name].section for name in names} - {"kernel"}:  # which is folded away
        changed = sum(FIELDS[name].section == section for name in names)
        assert f"{SECTIONS[section]} :gray[· {changed} changed]" in texts(app)


def test_no_rerun_can_make_a_control_fall_back_to_its_lowest_end() -> None:
    """A rerun may swallow the message that sets a control: then what it begins with is what people see."""
    app = run(open_form(learning_rate="0.1", rotation_deg="20", batch_norm="false", optimizer="adam", seed="5"))
    assert list(widget(app, "rotation_deg").proto.default) == [20]
    positions = widget(app, "learning_rate").options
    assert positions[int(widget(app, "learning_rate").proto.default[0])] == "0.1"
    assert widget(app, "batch_norm").proto.default is False
    assert widget(app, "optimizer").proto.default == list(FIELDS["optimizer"].choices).index("adam")
    assert widget(app, "seed").proto.default == 5


def test_every_control_has_its_unit_and_explains_itself() -> None:
    app = open_form()
    for field in WITH_CONTROLS:
        shown = widget(app, field.name)
        assert field.help in shown.proto.help
        assert field.expect in shown.proto.help
        if field.unit.startswith("of ") and not field.label.startswith(("Share of", "Fraction of")):
            assert f":gray[{field.unit}]" in shown.label


def test_the_tab_in_which_something_was_changed_is_the_one_that_stays_open() -> None:
    app = open_form()
    widget(app, "dense_dropout").set_value(0.25)
    run(app)
    assert "Model · 1" in tab_labels(app)
    (container,) = app.get("tab_container")
    assert container.proto.tab_container.default_tab_index == list(GROUPS).index("model")


def test_changed_settings_are_listed_with_their_values() -> None:
    said = texts(open_form(rotation_deg="12.5", label_noise="0.3", optimizer="sgd", batch_norm="false", epochs="7"))
    plain = said.replace("\\", "")
    for words in (
        "Rotation 12.5°",
        "Share of wrong labels 30 %",
        "Optimizer: SGD",
        "Batch normalisation off",
        "Epochs 7",
    ):
        assert words in plain


def test_rarer_settings_lie_open_when_one_of_them_is_changed_and_stay_open() -> None:
    app = open_form(l1="0.001")
    assert expander(app, "More: L1").proto.expanded
    assert "1 changed" in expander(app, "More: L1").label
    assert not expander(app, "More: shear").proto.expanded
    widget(app, "l1").set_value(0.0)
    assert expander(run(app), "More: L1").proto.expanded


def test_defaults_are_one_press_away() -> None:
    app = press(open_form(epochs="3", keep_4="0.1"), "Defaults")
    assert values(app) == Recipe().as_dict()
    assert address(app) == {}


# --- starting -------------------------------------------------------------------------------------------


def test_start_keeps_the_seed_and_a_new_start_draws_another() -> None:
    app = press(open_form(seed="5"), "Start training")
    press(app, "Train with a new seed")
    newest, first = services.store().runs()
    assert first.recipe.seed == 5
    assert newest.recipe.seed != 5
    assert newest.recipe.replace(seed=5) == first.recipe
    assert address(app)["seed"] == str(newest.recipe.seed)
    assert address(app)["run"] == newest.id


def test_a_new_start_never_draws_the_same_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Recipe] = []
    monkeypatch.setattr(recipe_form.secrets, "randbelow", lambda _: 5)
    monkeypatch.setattr(recipe_form.state, "use", lambda _: None)
    recipe_form.new_start(Recipe(seed=5), started.append)
    assert started[0].seed == 6
