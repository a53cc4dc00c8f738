"""The scripts that repeat claims from outside: on their own, short, and on the right side with few images."""

import ast
import contextlib
import io
import json
import runpy
import sys
import warnings
from pathlib import Path

import pytest
import torch

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.effect import Effect
from mnist_core.data.mnist_files import BUNDLED
from tests.replications.__main__ import FOLDER, Row, read_rows, table
from tests.replications.registry import REPLICATIONS, Replication

OURS = {"__init__", "__main__", "registry", "test_replications"}
SCRIPTS = sorted(path for path in FOLDER.glob("*.py") if path.stem not in OURS)
MOST_LINES = 80
every_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
every_replication = pytest.mark.parametrize("one", REPLICATIONS.values(), ids=REPLICATIONS.keys())


def test_each_script_has_its_record_and_its_claim() -> None:
    assert {path.stem for path in SCRIPTS} == set(REPLICATIONS)
    assert set(REPLICATIONS) <= set(CLAIMS)
    assert len(SCRIPTS) >= 10


@every_script
def test_it_is_short_and_stands_on_its_own(script: Path) -> None:
    text = script.read_text("utf-8")
    assert sum(bool(line.strip()) for line in text.splitlines()) < MOST_LINES
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module or "")
    outside = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names
    assert outside <= {"numpy", "sklearn", "torch"}


@every_replication
def test_its_records_point_to_what_the_claim_measures(one: Replication) -> None:
    claim = CLAIMS[one.claim]
    arms = {side.key for side in claim.sides}
    for record in one.repeated:
        if record.metric:
            assert {record.control, record.treatment} <= arms, record
            assert record.metric in claim.metrics, record


def run(one: Replication, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What its short form prints. It runs in this process, which has imported torch already: that takes seconds."""
    path = FOLDER / f"{one.claim}.py"
    monkeypatch.setattr(sys, "argv", [str(path), str(BUNDLED), "--seeds", "2", *one.short])
    with contextlib.redirect_stdout(io.StringIO()) as printed, torch.random.fork_rng(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a student's script may be warned of slow convergence
        runpy.run_path(str(path), run_name="__main__")
    return printed.getvalue().splitlines()


@every_replication
def test_its_short_form_is_on_the_right_side(one: Replication, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = run(one, monkeypatch)
    effects = {found["comparison"]: found["effect"] for found in map(json.loads, lines)}
    for record in one.repeated:
        effect = effects.get(record.comparison, 0.0)
        if record.side == "none":
            assert abs(effect) <= 2 * record.least, record
        elif record.side:
            assert (effect > 0) == (record.side == "higher"), (record, effect)
            assert effect, record
    # All that it says has a record, so that the table leaves nothing out.
    assert set(effects) <= {record.comparison for record in one.repeated}
    assert table(read_rows(one.claim, lines)).count("\n") == len(lines) + 1


def row(outside: tuple[float, float], inside: tuple[float, float] | None, least: float = 0.01) -> Row:
    """Each an effect and half the width of its interval."""
    here, there = (
        None if one is None else Effect(one[0], one[0] - one[1], one[0] + one[1], 5) for one in (outside, inside)
    )
    assert here is not None
    return Row("epochs", "made up", here, there, least)


@pytest.mark.parametrize(
    ("outside", "inside", "same_sign", "compatible"),
    [
        ((0.10, 0.01), (0.12, 0.02), True, True),
        ((0.10, 0.01), (0.29, 0.02), True, True),  # within three times
        ((0.10, 0.01), (0.40, 0.02), True, False),
        ((0.10, 0.01), (-0.10, 0.02), False, False),
        ((0.02, 0.20), (-0.02, 0.02), False, True),  # the intervals overlap
        ((0.004, 0.001), (-0.004, 0.001), True, False),  # neither matters
        ((0.0, 0.0), (0.0, 0.0), True, True),
        ((0.1, 0.0), None, None, None),
    ],
)
def test_agreement_is_by_the_rule(
    outside: tuple[float, float], inside: tuple[float, float] | None, same_sign: bool | None, compatible: bool | None
) -> None:
    found = row(outside, inside)
    assert found.has_same_sign is same_sign
    assert found.is_compatible is compatible


def test_the_table_says_what_was_found() -> None:
    assert table([row((0.1, 0.01), (0.4, 0.02)), row((0.1, 0.01), None)]).splitlines()[2:] == [
        "| epochs | made up | +0.1000 (+0.0900 to +0.1100), n=5 | +0.4000 (+0.3800 to +0.4200), n=5 | yes | no |",
        "| epochs | made up | +0.1000 (+0.0900 to +0.1100), n=5 | – | – | – |",
    ]
