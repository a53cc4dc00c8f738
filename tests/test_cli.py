"""The command line as its users run it: in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_core.data.mnist_files import load_mnist
from tests.forked import ROOT, run_command, run_fresh_command


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "DIGIT_CLINIC_DATABASE": f"sqlite:///{tmp_path / 'runs.sqlite'}"}


@pytest.fixture
def run(environment):
    def run(*words: str, fresh: bool = False) -> tuple[int, list[dict], str]:
        done = (run_fresh_command if fresh else run_command)([*words, "--json"], environment)
        assert "Traceback" not in done.stderr
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    return run


@pytest.fixture
def seven(tmp_path: Path) -> Path:
    """The first test image, a seven, as somebody might scan it: large, black on white, as a JPEG."""
    pixels = 255 - load_mnist().test_images[0].numpy()
    path = tmp_path / "seven.jpg"
    Image.fromarray(pixels).resize((300, 300), Image.Resampling.BICUBIC).save(path)
    return path


def test_several_digits_in_one_image_are_read_one_by_one(run, tmp_path) -> None:
    images = load_mnist().test_images
    picture = np.zeros((60, 120), np.uint8)
    picture[16:44, 10:38], picture[16:44, 70:98] = images[0], images[1]  # a 7 and a 2
    path = tmp_path / "two.png"
    Image.fromarray(255 - picture).resize((480, 240), Image.Resampling.BICUBIC).save(path)
    code, (line,), _ = run("predict", str(path))
    assert code == 0
    assert [part["digit"] for part in line["several"]] == [7, 2]
    assert line["verdict"] == "not_a_digit"
    _, (found,), _ = run("diagnose", str(path), "--label", "7")
    assert [cause["code"] for cause in found["causes"]] == ["several_shapes"]


def test_a_scribble_is_no_digit(run, tmp_path) -> None:
    image = Image.new("L", (280, 280), 255)
    zigzag = [(40 + 20 * n, 60 if n % 2 else 220) for n in range(11)]
    ImageDraw.Draw(image).line(zigzag, fill=0, width=10)
    image.save(tmp_path / "scribble.png")
    _, (line,), _ = run("predict", str(tmp_path / "scribble.png"))
    assert line["verdict"] in ("not_a_digit", "unsure")


def test_images_are_read_in_order_and_a_bad_one_does_not_stop_the_rest(run, seven, tmp_path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not an image")
    code, lines, errors = run("predict", str(seven), str(broken), str(tmp_path / "missing.png"), str(seven), fresh=True)
    assert code == 1
    assert [Path(line["file"]).name for line in lines] == ["seven.jpg", "broken.png", "missing.png", "seven.jpg"]
    assert [line["digit"] for line in lines] == [7, None, None, 7]
    assert lines[0]["verdict"] == "digit"
    assert lines[0]["confidence"] == max(lines[0]["probabilities"]) > 0.5
    assert sum(lines[0]["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert [line["error"] and line["error"]["code"] for line in lines] == [
        None, "image_unreadable", "image_unreadable", None,
    ]  # fmt: skip
    assert len(errors.strip().splitlines()) == 2


def test_an_empty_picture_is_blank_and_no_digit(run, tmp_path) -> None:
    path = tmp_path / "empty.png"
    Image.new("L", (100, 100), 255).save(path)
    code, (line,), _ = run("predict", str(path))
    assert code == 0
    assert (line["digit"], line["verdict"]) == (None, "blank")


def test_strokes_end_with_a_summary_that_counts(run, stroke_file) -> None:
    code, lines, _ = run("predict", "--strokes", str(stroke_file))
    assert code == 0
    readings, summary = lines[:-1], lines[-1]["summary"]
    assert [(line["index"], line["label"]) for line in readings] == [(0, 1), (1, 7)]
    right = sum(line["digit"] == line["label"] for line in readings)
    assert summary == {"n": 2, "accuracy": right / 2, "error_rate": 1 - right / 2}
    assert right == 2
    assert run("predict", "--strokes", str(stroke_file), "--limit", "1")[1][-1]["summary"]["n"] == 1


def test_small_drawings_are_read_as_well_but_not_by_a_plain_resize(run, stroke_file) -> None:
    small = ["predict", "--strokes", str(stroke_file), "--drawn", "small", "--model", "net"]
    assert run(*small)[1][-1]["summary"]["accuracy"] == 1
    assert run(*small, "--raw")[1][-1]["summary"]["accuracy"] < 1


def test_steps_change_what_is_read(run, seven) -> None:
    _, (usual,), _ = run("predict", str(seven))
    _, (raw,), _ = run("predict", str(seven), "--raw")
    _, (same,), _ = run("predict", str(seven), "--steps", "normalize")
    assert raw["probabilities"] == same["probabilities"] != usual["probabilities"]


def test_a_mirrored_digit_is_diagnosed(run, tmp_path) -> None:
    path = tmp_path / "mirrored.png"
    Image.fromarray(load_mnist().test_images[1].numpy()[:, ::-1]).resize((280, 280)).save(path)
    code, (found,), _ = run("diagnose", str(path), "--label", "2")
    assert code == 0
    assert found["correct"] is False
    assert found["predicted"] != found["label"] == 2
    assert found["causes"][0]["code"] == "mirrored"
    assert found["minimal_fix"] == ["mirror it"]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["predict"], 2, "usage"),
        (["predict", "x.png", "--steps", "blur"], 2, "usage"),
        (["predict", "x.png", "--model", "none-such"], 1, None),
        (["predict", "--strokes", "none.npz"], 1, "strokes_unreadable"),
        (["train", "epochs=0"], 2, "recipe_invalid"),
        (["train", "speed=9"], 2, "recipe_invalid"),
        (["predict", "--strokes", "/dev/zero"], 1, "strokes_unreadable"),
        (["predict", "/dev/zero"], 1, "image_too_large"),
        (["train", "--recipe", "none.json"], 1, "recipe_unreadable"),
        (["train", "--recipe", "/dev/zero"], 1, "recipe_unreadable"),
        (["evaluate", "none-such"], 1, "run_unknown"),
        (["dance"], 2, "usage"),
    ],
)
def test_what_cannot_be_done_says_why(run, words, code, error) -> None:
    returned, lines, errors = run(*words)
    assert returned == code
    assert errors
    said = lines[-1]["error"]
    assert set(said) == {"code", "message", "fix"}
    assert error in (None, said["code"])


def test_a_run_is_trained_listed_evaluated_and_asked(run, seven) -> None:
    code, lines, _ = run("train", "train_images=2000", "model=mlp", "epochs=2", "--run-name", "mine <b>")
    assert code == 0
    assert [line["event"] for line in lines if line["event"] not in ("step", "measured")] == [
        "started",
        "checked",
        "epoch",
        "checked",
        "epoch",
        "finished",
    ]
    finished = lines[-1]
    assert finished["epochs"] == 2
    assert finished["wall_s"] > 0
    _, listed, _ = run("runs")
    assert [(one["id"], one["name"], one["state"]) for one in listed] == [(finished["run"], "mine <b>", "finished")]
    _, (evaluation,), _ = run("evaluate", finished["run"])
    assert evaluation["accuracy"] == pytest.approx(finished["test_accuracy"], abs=2e-4)
    assert np.sum(evaluation["confusion"]) == 10_000
    assert len(evaluation["mistakes"]) == 10_000 - np.trace(evaluation["confusion"])
    _, (reading,), _ = run("predict", str(seven), "--model", finished["run"])
    assert reading["digit"] == 7


def test_events_stream_while_training_and_ctrl_c_ends_in_order(environment) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mnist_core", "train", "model=linear", "epochs=200", "--json"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["event"] == "started"
        assert json.loads(process.stdout.readline())["event"] == "step"
        process.send_signal(signal.SIGINT)
        last = json.loads(process.stdout.read().splitlines()[-1])
    assert last["event"] == "stopped"
    assert process.returncode == 1
