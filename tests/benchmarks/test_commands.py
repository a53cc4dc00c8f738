"""The benchmarks as they are asked for: on the command line, by their names and their old ones."""

import json

import pytest
from click.testing import CliRunner

from mnist_core.errors import UserError
from tests.benchmarks.__main__ import ALIASES, NAMES, benchmarks


def run(*words: str) -> list[dict]:
    done = CliRunner().invoke(benchmarks, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_diagnosis_is_benched(stroke_file) -> None:
    hardware, *rows = run("diagnose", "--strokes", str(stroke_file), "--misread", "1")
    assert hardware["hardware"]["cores"] >= 1
    assert [row["damage"] for row in rows][:2] == ["off_center", "too_small"]
    assert all(0 <= row["first"] <= row["among_three"] <= 1 for row in rows)


def test_lines_for_people_hold_every_number(stroke_file) -> None:
    words = ["handwriting", "--strokes", str(stroke_file), "--model", "linear", "--limit", "1"]
    said = CliRunner().invoke(benchmarks, words, catch_exceptions=False).stdout.splitlines()
    assert said[0].startswith("hardware processor ")
    assert said[1].startswith("condition in the middle  model linear  count 1  error ")
    assert len(said) == len(run(*words))


@pytest.mark.parametrize("name", [*NAMES, *ALIASES])
def test_every_name_explains_itself(name: str) -> None:
    done = CliRunner().invoke(benchmarks, [name, "--help"])
    assert done.exit_code == 0
    assert "--json" in done.stdout


def test_all_names_are_listed_and_no_other_is_known() -> None:
    listed = CliRunner().invoke(benchmarks, ["--help"]).stdout
    assert all(f"\n  {name} " in listed for name in NAMES)
    assert CliRunner().invoke(benchmarks, ["bench"]).exit_code == 2


def test_what_is_no_stroke_file_is_an_error(tmp_path) -> None:
    with pytest.raises(UserError) as raised:
        run("pens", "--strokes", str(tmp_path / "none.npz"), "--model", "linear")
    assert raised.value.code == "strokes_unreadable"
