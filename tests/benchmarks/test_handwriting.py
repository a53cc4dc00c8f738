import io

import numpy as np
import pytest
from PIL import Image

from mnist_core.preprocessing.steps import MNIST_STEPS
from mnist_core.preprocessing.strokes import Drawing, Stroke
from mnist_core.runs.registry import load_model
from tests.benchmarks.handwriting import CONDITIONS, bench_pens, inverted, photographed
from tests.preprocessing.test_strokes import write

SEVEN = Drawing((Stroke(((70.0, 60.0), (200.0, 60.0), (120.0, 220.0)), 20.0),))


def test_every_model_reads_the_digits_drawn_in_every_way(tmp_path) -> None:
    models = {name: load_model(name).model for name in ("linear", "default")}
    rows = list(bench_pens(models, write(tmp_path / "strokes.npz"), limit=2))
    assert [(row.condition, row.model) for row in rows] == [(one.name, name) for one in CONDITIONS for name in models]
    for row in rows:
        assert row.count == 2
        assert row.error in (0, 0.5, 1)
        assert 0 <= row.low <= row.error <= row.high <= 1


def test_ways_to_show_a_drawing() -> None:
    drawn = SEVEN.render().astype(int)
    assert (inverted(0, SEVEN) + drawn == 255).all()
    photo = photographed(0, SEVEN)
    levels = np.asarray(Image.open(io.BytesIO(photo)).convert("L"), float)
    assert Image.open(io.BytesIO(photo)).format == "JPEG"
    assert levels[drawn == 255].mean() < levels[drawn == 0].mean() - 100
    paper = levels[drawn == 0]
    assert paper.std() > 5  # lit from one side
    assert photographed(0, SEVEN) == photo != photographed(1, SEVEN)


@pytest.mark.parametrize("condition", [one for one in CONDITIONS if one.steps == MNIST_STEPS], ids=lambda one: one.name)
def test_a_seven_is_read_in_every_way(condition, tmp_path) -> None:
    points = np.array([[70, 60], [200, 60], [120, 220]], np.float32)
    path = tmp_path / "seven.npz"
    np.savez(path, labels=np.array([7]), points=points, stroke=np.zeros(3, int), digit=np.zeros(3, int))
    (row,) = bench_pens({"default": load_model("default").model}, path, conditions=(condition,))
    assert row.error == 0
