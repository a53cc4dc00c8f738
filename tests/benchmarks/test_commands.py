import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


def run(*words: str) -> tuple[int, list[dict], str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *words, "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture
def stroke_file(tmp_path: Path) -> Path:
    """Two drawings: a one (a bar) and a seven (a roof and a bar), in a pen's own units."""
    points = np.array([[5, -90], [5, 10], [0, 0], [60, 0], [20, 100]], np.float32)
    path = tmp_path / "strokes.npz"
    np.savez(
        path, points=points, stroke=np.zeros(5, np.int16), digit=np.array([0, 0, 1, 1, 1], np.int32),
        labels=np.array([1, 7], np.uint8), donor=np.array(["a", "a"]),
    )  # fmt: skip
    return path


def test_the_diagnosis_is_benched(stroke_file) -> None:
    code, rows, _ = run("diagnose", "--strokes", str(stroke_file), "--misread", "1")
    assert code == 0
    assert [row["damage"] for row in rows][:2] == ["off_center", "too_small"]
    assert all(0 <= row["first"] <= row["among_three"] <= 1 for row in rows)


def test_the_verdict_is_benched(stroke_file) -> None:
    code, rows, _ = run("verdict", "--strokes", str(stroke_file), "--scribbles", "2")
    assert code == 0
    assert {"scribble", "blank", "pen digit"} <= {row["kind"] for row in rows}
