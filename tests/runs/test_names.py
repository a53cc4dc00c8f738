import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.presets import PRESETS
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.runs.names import clean_name, longer_name, name_of


@given(st.text(alphabet=st.characters(), max_size=300))
def test_a_name_is_one_short_printable_line(text):
    name = clean_name(text)
    assert len(name) <= 80
    assert name == name.strip()
    assert not {unicodedata.category(character) for character in name} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert name.encode("utf-8").decode() == name
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("plain", "plain"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("nul\0 and \u202ertl\u202c and \x1b[31mred", "nul and rtl and [31mred"),
        ("  two\n\tlines  ", "two lines"),
        ("Zürich 数字 🙂", "Zürich 数字 🙂"),
        ("\0\u200f\n", ""),
    ],
)
def test_names_are_kept_as_text(text, name):
    assert clean_name(text) == name


@pytest.mark.parametrize(
    ("name", "longer"),
    [
        ("mine", "mine · longer"),
        ("mine · longer", "mine · longer"),
        ("x" * 80, "x" * 71 + " · longer"),
        (f"Two-layer network · {'y' * 40} · Batch size 100", f"Two-layer network · {'y' * 40} · longer"),
    ],
)
def test_a_run_that_goes_on_is_called_longer_and_no_setting_is_cut_in_half(name, longer):
    assert longer_name(name) == longer


def test_a_long_name_is_cut():
    assert clean_name("x" * 10_000) == "x" * 80


@pytest.mark.parametrize(
    ("recipe", "name"),
    [
        (Recipe(), "Small CNN"),
        (Recipe(model="linear"), "Linear"),
        (Recipe(activation="tanh", learning_rate=0.1), "Small CNN · Activation: tanh · Learning rate 0.1"),
        (
            Recipe(activation="none", batch_norm=False, rotation_deg=15),
            "Small CNN · Rotation 15° · Activation: None · Batch normalisation off",
        ),
        (Recipe(train_images=1_000, epochs=3), "Small CNN · Training images 1,000 · Epochs 3"),
        (Recipe(elastic_px=2, thickness_px=0.5), "Small CNN · Elastic distortion 2 px · Stroke width 0.5 px"),
        (
            Recipe(label_noise=0.4, cleaning=True),
            "Small CNN · Share of wrong labels 40 % · Remove suspected label errors on",
        ),
        (Recipe(model="svm", svm_c=1, svm_gamma=0.1), "Support vector machine · C 1 · Gamma 0.1"),
        (Recipe(keep_4=0.05, balance="resample"), "Small CNN · 4s kept 5 % · Class balancing: Oversample rare digits"),
        (Recipe(left_out="3,41000"), "Small CNN · Manually excluded 2 images"),
        (Recipe(keep_1=0, keep_7=0), "Small CNN · 1s and 7s kept 0 %"),
        (Recipe(keep_1=0.125, keep_4=0.5, keep_7=0.125), "Small CNN · 1s and 7s kept 12.5 % · 4s kept 50 %"),
        (Recipe(**{f"keep_{digit}": 0.1 for digit in range(9)}), "Small CNN · 9 digits kept 10 %"),
        (Recipe(**{f"keep_{digit}": digit / 10 for digit in range(10)}), "Small CNN · 10 digits rarer"),
        (PRESETS["fault_overfit"].recipe, "Overfitting"),
    ],
)
def test_a_run_without_a_name_is_called_by_its_preset_or_its_differences_in_the_words_of_the_form(recipe, name):
    assert name_of(recipe) == name


def test_a_name_of_many_differences_says_how_many_more():
    last = {name: list(field.choices)[-1] for name, field in FIELDS.items() if field.kind == "choice"}
    high = {name: field.high for name, field in FIELDS.items() if field.kind in ("whole", "real")}
    name = name_of(Recipe(**last, **high, batch_norm=False))
    assert 40 <= len(name) <= 80
    assert name.endswith(" more")
