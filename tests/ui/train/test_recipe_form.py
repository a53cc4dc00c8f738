import pytest

from mnist_core.fields import Field, Value
from mnist_core.presets import PRESETS
from mnist_core.recipe import FIELDS, GROUPS, SECTIONS, Recipe
from mnist_core.ui import services
from mnist_core.ui.train import recipe_form
from mnist_core.ui.train.form import levers
from mnist_core.ui.train.form.controls import notches
from tests.ui.app import address, run, texts
from tests.ui.train.form.form import (
    chips,
    choose,
    expander,
    open_form,
    pills,
    press,
    shown_names,
    tab_labels,
    values,
    widget,
)

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
    assert "All defaults" in texts(app)
    assert tab_labels(app) == list(GROUPS.values())
    assert [one.label for one in app.expander if one.proto.expanded] == ["All settings"]
    assert not chips(app)


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
    in_drawer = [name for name in names if name not in levers.NAMES]
    assert f"{GROUPS[group]} · {len(in_drawer)}" in tab_labels(app)
    assert len(chips(app)) == len(names)
    for section in {FIELDS[name].section for name in in_drawer} - {"kernel"}:  # which is folded away
        changed = sum(FIELDS[name].section == section for name in in_drawer)
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
        if field.name in levers.NAMES:
            assert field.label == shown.label
        elif field.unit.startswith("of ") and not field.label.startswith(("Share of", "Fraction of")):
            assert f":gray[{field.unit}]" in shown.label


def test_the_tab_in_which_something_was_changed_is_the_one_that_stays_open() -> None:
    app = open_form()
    widget(app, "batch_norm").set_value(False)
    run(app)
    assert "Model · 1" in tab_labels(app)
    (container,) = app.get("tab_container")
    assert container.proto.tab_container.default_tab_index == list(GROUPS).index("model")


def test_changed_settings_are_chips_with_their_values_that_set_them_back() -> None:
    app = open_form(rotation_deg="12.5", label_noise="0.3", optimizer="sgd", epochs="7")
    assert chips(app) == ["Share of wrong labels 30 %", "Rotation 12.5°", "Optimizer: SGD", "Epochs 7"]
    choose(app, "changed_settings", ["label_noise", "rotation_deg", "epochs"])
    assert address(app) == {"label_noise": "0.3", "rotation_deg": "12.5", "epochs": "7"}
    assert widget(app, "optimizer").value == FIELDS["optimizer"].default
    choose(app, "changed_settings", ["label_noise", "rotation_deg"])
    assert chips(app) == ["Share of wrong labels 30 %", "Rotation 12.5°"]


# --- the levers and the drawer --------------------------------------------------------------------------


def test_the_page_opens_on_the_levers_and_the_drawer_holds_the_rest() -> None:
    app = open_form(drawer=False)
    assert shown_names(app) == set(levers.NAMES)
    assert address(app) == {}
    app.session_state["all_settings"] = True
    assert shown_names(run(app)) == {field.name for field in WITH_CONTROLS}


def test_what_is_set_in_the_drawer_stays_when_it_closes_and_when_it_opens_again() -> None:
    app = open_form(epochs="3")
    widget(app, "batch_size").set_value(64)
    app.session_state["all_settings"] = False
    assert address(run(app)) == {"batch_size": "64", "epochs": "3"}
    widget(app, "activation").set_value("tanh")
    app.session_state["all_settings"] = True
    assert values(run(app)) == Recipe(batch_size=64, epochs=3, activation="tanh").as_dict()


def test_augmentation_is_a_lever_that_leaves_everything_else() -> None:
    app = open_form(drawer=False, epochs="3", shear_deg="20")
    assert pills(app, "augmentation").value is None
    for key in ("augment_gentle", "augment_strong", "none"):
        choose(app, "augmentation", key)
        expected = PRESETS[key].changes if key in PRESETS else {}
        assert address(app) == Recipe().replace(**expected, epochs=3).to_query()
    choose(app, "augmentation", "augment_gentle")
    choose(app, "augmentation", None)  # pressing it once more
    assert pills(app, "augmentation").value == "none"
    assert address(app) == {"epochs": "3"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("epochs", "epochs"), ("batch", "batch_size"), ("NOISE", "pixel_noise"), ("weight decay", "weight_decay"),
        ("memorises", "label_noise"), ("nesterov", "optimizer"), ("svm_gamma", "svm_gamma"), ("seed", "seed"),
    ],
)  # fmt: skip
def test_a_setting_is_found_by_its_name_and_by_what_it_is_for(text: str, name: str) -> None:
    app = open_form()
    app.text_input(key="find_setting").set_value(text)
    found = shown_names(run(app)) - set(levers.NAMES)
    assert name in found
    assert len(found) < len(WITH_CONTROLS) / 2
    assert not tab_labels(app)
    if not widget(app, name).disabled:
        widget(app, name).set_value(another(FIELDS[name]))
        assert set(address(run(app))) == {name}


def test_a_search_without_a_result_says_so_and_a_lever_is_above() -> None:
    app = open_form()
    app.text_input(key="find_setting").set_value("*no* such thing")
    assert r"No setting matches “\*no\* such thing”" in texts(run(app))
    app.text_input(key="find_setting").set_value("activation")
    assert "Above: Activation" in texts(run(app))
    app.text_input(key="find_setting").set_value("")
    assert tab_labels(run(app)) == list(GROUPS.values())


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
