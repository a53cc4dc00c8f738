import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.recipe import FIELDS, Recipe
from mnist_core.runs.names import clean_name, name_of


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


def test_a_long_name_is_cut():
    assert clean_name("x" * 10_000) == "x" * 80


@pytest.mark.parametrize(
    ("recipe", "name"),
    [
        (Recipe(), "cnn"),
        (Recipe(model="linear"), "linear"),
        (Recipe(activation="tanh", learning_rate=0.1), "cnn · tanh · lr 0.1"),
        (
            Recipe(activation="none", batch_norm=False, rotation_deg=15),
            "cnn · rotation 15° · no activation · no batch norm",
        ),
        (Recipe(train_images=1_000, epochs=3), "cnn · images 1000 · epochs 3"),
        (Recipe(train_images=12_345, seed=2**31 - 1), "cnn · images 12345 · seed 2147483647"),
        (
            Recipe(elastic_px=2, thickness_px=0.5, train_offset_px=3),
            "cnn · training moved 3 px · elastic 2 px · stroke 0.5 px",
        ),
        (Recipe(balance="loss_weights", initialization="small"), "cnn · balance loss weights · init small"),
        (Recipe(scaling="none", flip="both", l1=0.001), "cnn · scaling none · flip both · L1 0.001"),
        (
            Recipe(label_noise=0.4, label_noise_kind="confusing", cleaning=True),
            "cnn · wrong labels 0.4 · wrong labels confusing · cleaned",
        ),
        (Recipe(model="svm", svm_c=1, svm_gamma=0.1), "svm · C 1 · gamma 0.1"),
        (Recipe(optimizer="nesterov", early_stopping=3, gradient_clip=1), "cnn · nesterov · clip 1 · patience 3"),
        (Recipe(keep_4=0.05, balance="resample"), "cnn · 4s kept 5 % · balance resample"),
        (Recipe(left_out="3,41000"), "cnn · 2 excluded"),
        (Recipe(keep_1=0, keep_7=0), "cnn · 1s and 7s kept 0 %"),
        (Recipe(keep_1=0.125, keep_4=0.5, keep_7=0.125), "cnn · 1s and 7s kept 12.5 % · 4s kept 50 %"),
        (Recipe(**{f"keep_{digit}": 0.1 for digit in range(9)}), "cnn · 9 digits kept 10 %"),
        (Recipe(**{f"keep_{digit}": digit / 10 for digit in range(10)}), "cnn · 10 digits rarer"),
    ],
)
def test_a_run_without_a_name_is_called_by_its_differences(recipe, name):
    assert name_of(recipe) == name


def test_a_name_of_many_differences_says_how_many_more():
    last = {name: list(field.choices)[-1] for name, field in FIELDS.items() if field.kind == "choice"}
    high = {name: field.high for name, field in FIELDS.items() if field.kind in ("whole", "real")}
    name = name_of(Recipe(**last, **high, batch_norm=False))
    assert 60 <= len(name) <= 80
    assert name.rsplit(" · ", 1)[1].startswith("+")
