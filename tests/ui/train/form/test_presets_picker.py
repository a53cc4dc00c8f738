import pytest

from mnist_core.presets import Correction, Preset
from mnist_core.recipe import Recipe
from mnist_core.ui.train.form import presets_picker
from tests.ui.app import address, run, texts
from tests.ui.train.form.form import labels, open_form, pills, press, values

GENTLE = Preset("augment_gentle", "augmentation", "Gentle", "A little of everything.", {"rotation_deg": 8.0})
COPIED = Preset(
    "svm_example",
    "literature",
    "StandardScaler + SVC",
    "A support vector machine.",
    {"model": "svm", "svm_c": 1.0, "svm_gamma": 0.1, "scaling": "per_pixel"},
    source="a well-known tutorial",
    code="SVC(kernel='rbf', C=1, gamma=0.1)",
    wrong="18 % of the test images are read right.",
    corrections=(
        Correction("svm_gamma", 0.001, "Images must be like others, too."),
        Correction("scaling", "unit", "Edges blow up."),
    ),
)
OVERFIT = Preset("overfit", "fault", "Overfitting", "Few images, many epochs.", {"train_images": 500, "epochs": 50})


@pytest.fixture(autouse=True)
def _presets(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {preset.key: preset for preset in (GENTLE, COPIED, OVERFIT)}
    monkeypatch.setattr(presets_picker, "PRESETS", made)


def test_a_way_to_augment_leaves_all_other_settings() -> None:
    app = press(open_form(epochs="3", shear_deg="20"), "Gentle")
    assert values(app) == Recipe(epochs=3, rotation_deg=8.0).as_dict()
    assert address(app) == {"rotation_deg": "8.0", "epochs": "3"}


def test_a_fault_is_a_whole_recipe() -> None:
    app = open_form(batch_norm="false", seed="4")
    pills(app, "preset_kind").set_value("fault")
    press(run(app), "Overfitting")
    assert address(app) == {"train_images": "500", "epochs": "50"}


def test_a_copied_example_is_shown_as_it_is_written_and_with_what_is_wrong() -> None:
    app = open_form()
    pills(app, "preset_kind").set_value("literature")
    run(app)
    assert COPIED.code in [code.value for code in app.code]
    assert COPIED.wrong in texts(app)
    assert "a well-known tutorial" in texts(app)
    shown = app.table[0].value
    assert list(shown["Setting"]) == ["Input scaling", "Gamma"]
    assert list(shown["Original"]) == ["Each pixel separately", "0.1"]
    assert list(shown["Fixed"]) == ["0 to 1", "0.001"]


@pytest.mark.parametrize(
    ("label", "recipe"), [("Use original", COPIED.recipe), ("Use the fixed version", COPIED.corrected)]
)
def test_a_copied_example_is_used_as_written_or_corrected(label: str, recipe: Recipe) -> None:
    app = open_form()
    pills(app, "preset_kind").set_value("literature")
    press(run(app), label)
    assert values(app) == recipe.as_dict()
    assert address(app) == recipe.to_query()


def test_what_is_set_already_says_so() -> None:
    app = open_form(rotation_deg="8")
    (button,) = (one for one in app.button if one.label == "Gentle")
    assert button.proto.icon == ":material/check:"


def test_without_presets_there_is_nothing_to_start_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presets_picker, "PRESETS", {})
    assert "Gentle" not in labels(open_form())
