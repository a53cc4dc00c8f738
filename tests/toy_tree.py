"""A copy of this program in which a contributor has added something: files as they are, but for a few lines."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.forked import run_copy

ROOT = Path(__file__).parents[1]

Edit = tuple[str, str]
"""A text that stands in a file once, and what is written before it."""

_COPIED = {".py", ".js", ".css", ".html", ".toml"}


def grow(folder: Path, edits: Mapping[str, Sequence[Edit]]) -> Path:
    """The program in that folder, with lines added to some of its files, by their paths.

    What is no source text is linked to, not copied: MNIST and the shipped weights.
    """
    for root in ("mnist_core", "pages", ".streamlit"):
        for file in (ROOT / root).rglob("*"):
            if file.is_dir() or "__pycache__" in file.parts:
                continue
            copy = folder / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if file.suffix in _COPIED:
                copy.write_bytes(file.read_bytes())
            else:
                copy.symlink_to(file)
    (folder / "app.py").write_bytes((ROOT / "app.py").read_bytes())
    for path, lines in edits.items():
        text = (folder / path).read_text(encoding="utf-8")
        for anchor, added in lines:
            assert text.count(anchor) == 1, (path, anchor)
            text = text.replace(anchor, added + anchor)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def python(tree: Path, *words: str) -> str:
    """What this program in that folder says to these words, as `forked.run_copy`; its runs are kept in the folder."""
    environment = {**os.environ, "DIGIT_CLINIC_DATABASE": f"sqlite:///{tree / 'runs.sqlite'}", "PYTHONPATH": str(tree)}
    done = run_copy(tree, words, environment)
    assert done.returncode == 0, done.stderr
    return done.stdout
