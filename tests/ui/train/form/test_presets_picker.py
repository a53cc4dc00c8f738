import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.presets import Correction, Preset
from mnist_core.recipe import Recipe
from mnist_core.ui.train.form import presets_picker
from tests.ui.app import address, run, texts
from tests.ui.train.form.form import labels, open_form, press, values

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
OVERFIT = Preset(
    "overfit", "fault", "Overfitting", "Few images, many epochs.", {"train_images": 500, "epochs": 50},
    shows="the curves part", wrong="87 % of the test images are read right.",
)  # fmt: skip


CARD = "**Overfitting:** the curves part"


def examples() -> AppTest:
    """The form with the tutorial examples open."""
    app = open_form()
    app.session_state["presets"] = True
    return run(app)


@pytest.fixture(autouse=True)
def _presets(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {preset.key: preset for preset in (GENTLE, COPIED, OVERFIT)}
    monkeypatch.setattr(presets_picker, "PRESETS", made)


def test_a_card_says_what_will_be_seen_and_is_a_whole_recipe() -> None:
    app = open_form(batch_norm="false", seed="4")
    assert OVERFIT.wrong not in texts(app)
    press(app, CARD)
    assert address(app) == {"train_images": "500", "epochs": "50"}
    assert r"Few images, many epochs\." in texts(app)
    assert r"87 % of the test images are read right\." in texts(app)
    assert next(one for one in app.button if one.label == CARD).proto.icon == ":material/check:"


def test_what_has_nothing_to_show_is_no_card() -> None:
    assert not [label for label in labels(open_form()) if "Gentle" in label or "StandardScaler" in label]


def test_a_copied_example_is_shown_as_it_is_written_and_with_what_is_wrong() -> None:
    app = examples()
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
    app = press(examples(), label)
    assert values(app) == recipe.as_dict()
    assert address(app) == recipe.to_query()


def test_without_presets_there_is_nothing_to_start_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presets_picker, "PRESETS", {})
    assert CARD not in labels(open_form())
    assert not examples().code
