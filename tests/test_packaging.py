"""What an installed Digit Clinic needs: packages that its requirements name, and files that its wheel takes along."""

import ast
import sys
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mnist_core import APP_FOLDER
from tests.write_constraints import CONSTRAINTS, installed, requirements

ROOT = Path(__file__).parents[1]
LINES = [line for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if line[:1] != "#"]
REQUIRED = [Requirement(line.partition("#")[0]) for line in LINES]
NAMES = {required.name for required in REQUIRED}
PINS = dict(line.split("==") for line in CONSTRAINTS.read_text("utf-8").splitlines() if line[:1] != "#")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def imported(file: Path) -> set[str]:
    """The packages that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("folder", ["mnist_core", "pages"])
def test_what_is_imported_is_required(folder: str) -> None:
    own = {"mnist_core", "pages", "tests", *sys.stdlib_module_names}
    names = {name for file in (ROOT / folder).rglob("*.py") for name in imported(file)} - own
    made_by = packages_distributions()
    missing = {name for name in names if not NAMES & {maker.lower() for maker in made_by.get(name, [])}}
    assert not missing


def test_each_requirement_has_a_lower_bound_and_says_what_it_is_for() -> None:
    for line, required in zip(LINES, REQUIRED, strict=True):
        bounds = sorted(bound.operator for bound in required.specifier)
        assert bounds in ([">="], ["<", ">="]), line
        assert "#" in line, line
    assert len(NAMES) == len(REQUIRED)


def test_each_requirement_is_pinned_within_its_bounds_for_an_exact_set_up() -> None:
    asked = requirements()
    assert len(asked) > len(REQUIRED)
    for required in asked:
        assert required.specifier.contains(PINS[canonicalize_name(required.name)]), required


def test_what_the_requirements_need_in_turn_is_pinned_too() -> None:
    missing = set(installed()) - set(PINS)
    assert not missing, "`python -m tests.write_constraints` writes the file anew"


def test_the_wheel_takes_along_what_streamlit_runs() -> None:
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {(ROOT / source).exists() for source in included} == {True}
    assert included["app.py"] == "mnist_core/_app/app.py"
    assert ROOT == APP_FOLDER  # in a checkout they are used where they are


def test_the_command_is_a_function() -> None:
    module, _, name = PROJECT["project"]["scripts"]["digit-clinic"].partition(":")
    assert callable(getattr(import_module(module), name))
