"""Pen digits for networks, against each drawing digitized by itself."""

import numpy as np
import pytest
import torch

from mnist_core.evaluation.handwriting import count_misread, evaluate_digits, read_pen_digits
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.strokes import read_stroke_file
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import load_model
from mnist_core.training.models import build
from tests.preprocessing.test_strokes import write


def test_each_digit_is_prepared_as_a_drawing_of_its_own(tmp_path) -> None:
    path = write(tmp_path / "strokes.npz")
    images, labels = read_pen_digits(path, pen_px=12, small=True)
    drawings = [drawing for _, drawing in read_stroke_file(path, pen_px=12, small=True)]
    assert labels.tolist() == [4, 0, 1]
    for image, drawing in zip(images, drawings, strict=True):
        np.testing.assert_array_equal(image.numpy(), preprocess(drawing).pixels)


def test_what_is_shown_instead_of_the_drawing_is_prepared(tmp_path) -> None:
    path = write(tmp_path / "strokes.npz")
    asked = []

    def shown(number, drawing):
        asked.append(number)
        return 255 - drawing.render()

    as_drawn, _ = read_pen_digits(path, limit=2)
    images, labels = read_pen_digits(path, limit=2, shown=shown)
    assert asked == [0, 1]
    assert labels.tolist() == [4, 0]
    assert (images - as_drawn).abs().mean() < 0.01  # black on white is the same digit


def test_misread_ones_are_counted(tmp_path) -> None:
    model = load_model("linear").model
    images, _ = read_pen_digits(write(tmp_path / "strokes.npz"))
    with torch.no_grad():
        read = model(images.unsqueeze(1)).argmax(dim=1)
    assert count_misread(model, images, read) == 0
    assert count_misread(model, images, (read + 1) % 10) == len(images)


def test_the_evaluation_names_the_wrong_ones_as_the_network_itself_answers() -> None:
    torch.manual_seed(0)
    model = build(Recipe(model="linear")).eval()
    pixels = np.random.default_rng(0).random((12, 28, 28), np.float32)
    with torch.inference_mode():
        answers = model(torch.from_numpy(pixels).unsqueeze(1)).argmax(dim=1).tolist()
    labels = [*answers[:9], *((answer + 1) % 10 for answer in answers[9:])]
    evaluation = evaluate_digits(model, pixels, labels)
    assert evaluation.accuracy == 0.75
    assert sorted(evaluation.mistakes()) == [9, 10, 11]
    assert evaluation.predicted.tolist() == answers


def test_no_digits_are_no_test_set() -> None:
    with pytest.raises(ValueError, match="no digits"):
        evaluate_digits(build(Recipe(model="linear")), np.zeros((0, 28, 28), np.float32), [])
