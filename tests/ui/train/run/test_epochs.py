import pytest

from mnist_core.ui.train.run.epochs import cell_words, figure_words
from tests.ui.train.run import made_up


def test_the_figures_of_an_epoch_say_which_training_images_they_are_of() -> None:
    row = made_up.epoch(2)
    assert figure_words(row, made_up.checked(2)).startswith("**Validation** 97.50 %, loss 0.140 · **Training** 97.00 %")
    assert "2,000 images" in figure_words(row, made_up.checked(2))
    assert "while training" in figure_words(row, None)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ((4, 9), "**A 4 predicted as 9:** 30 after epoch 2. Over the epochs: 60 → 30 → 20."),
        ((8, 3), "**An 8 predicted as 3:** 0 after epoch 2. Over the epochs: 0 → 0 → 0."),
        ((4, None), "**A 4 misclassified:** 30 after epoch 2. Over the epochs: 60 → 30 → 20."),
        ((None, 9), "**Predicted as 9 by mistake:** 30 after epoch 2. Over the epochs: 60 → 30 → 20."),
        ((1, 1), "**A 1 classified correctly:** 440 after epoch 2. Over the epochs: 380 → 440 → 460."),
    ],
)
def test_a_kind_of_mistake_is_followed_over_the_epochs(cell: tuple[int | None, int | None], said: str) -> None:
    assert cell_words(cell, tuple(made_up.checked(number) for number in (1, 2, 3)), 2) == said


def test_of_many_epochs_only_some_are_named() -> None:
    assert cell_words((4, 9), tuple(made_up.checked(number) for number in range(1, 51)), 50).count("→") < 8
