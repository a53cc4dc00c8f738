"""Pen digits for networks, against each drawing digitized by itself."""

import numpy as np
import torch

from mnist_core.evaluation.handwriting import count_misread, read_pen_digits
from mnist_core.preprocessing.pipeline import digitize
from mnist_core.preprocessing.strokes import read_stroke_file
from mnist_core.runs.registry import load_model
from tests.preprocessing.test_strokes import write


def test_each_digit_is_prepared_as_a_drawing_of_its_own(tmp_path) -> None:
    path = write(tmp_path / "strokes.npz")
    images, labels = read_pen_digits(path, pen_px=12, small=True)
    drawings = [drawing for _, drawing in read_stroke_file(path, pen_px=12, small=True)]
    assert labels.tolist() == [4, 0, 1]
    for image, drawing in zip(images, drawings, strict=True):
        np.testing.assert_array_equal(image.numpy(), digitize(drawing).pixels)


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
