import pytest

from mnist_core import setting_words
from mnist_core.fields import Value
from mnist_core.recipe import FIELDS


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("keep_4", 0.05, "5 %"), ("rotation_deg", 12.5, "12.5°"), ("train_images", 55_000, "55,000"),
        ("cleaning", True, "on"), ("model", "svm", "Support vector machine"), ("elastic_px", 2.0, "2 px"),
        ("width", 0.5, "0.5 ×"), ("learning_rate", 1e-5, "1e-05"),
        ("left_out", "7", "1 image"), ("left_out", "3,7", "2 images"),
    ],
)  # fmt: skip
def test_values_in_words(name: str, value: Value, text: str) -> None:
    assert setting_words.value_text(FIELDS[name], value) == text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("rotation_deg", 12.5, "Rotation 12.5°"), ("label_noise", 0.3, "Share of wrong labels 30 %"),
        ("optimizer", "sgd", "Optimizer: SGD"), ("epochs", 7, "Epochs 7"),
        ("batch_norm", False, "Batch normalisation off"),
    ],
)  # fmt: skip
def test_settings_in_words(name: str, value: Value, text: str) -> None:
    assert setting_words.setting_text(FIELDS[name], value) == text


@pytest.mark.parametrize(
    ("number", "text"), [(820, "820"), (7_850, "7,850"), (55_050, "55 thousand"), (1_234_567, "1.23 million")]
)
def test_large_numbers_in_words(number: int, text: str) -> None:
    assert setting_words.large_number(number) == text
