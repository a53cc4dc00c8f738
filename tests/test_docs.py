"""Documents and code agree: names, commands, files, links, and the parts that are generated."""

import ast
import importlib.util
import re
import shlex
import tomllib
from functools import cache
from pathlib import Path

import click
import pytest

from mnist_core.cli.main import ALIASES, cli
from mnist_core.diagnosis.causes import CAUSES
from mnist_core.export.files import FORMATS
from mnist_core.preprocessing.image_header import read_formats
from mnist_core.recipe import FIELDS
from tests import readme_claims, write_docs
from tests.benchmarks.__main__ import benchmarks

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs/ARCHITECTURE.md"
MEASUREMENTS = ROOT / "docs/MEASUREMENTS.md"
CHANGELOG = ROOT / "CHANGELOG.md"
HISTORY = (CHANGELOG, ROOT / "docs/LOG.md")  # they also name what is gone
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
CURRENT = [path for path in DOCUMENTS if path not in HISTORY]
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
every_current_document = pytest.mark.parametrize("path", CURRENT, ids=lambda path: path.stem)


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def quoted(path: Path) -> list[str]:
    """What stands between backticks in a line, and each line of a block of code."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text_of(path), re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```\w*\n.*?^```", "", text_of(path), flags=re.MULTILINE | re.DOTALL)
    return [" ".join(one.split()) for one in re.findall(r"`([^`]+)`", rest)] + "".join(blocks).splitlines()


# ---- what is generated ---------------------------------------------------------------------------------------------


def test_generated_parts_are_what_the_code_says() -> None:
    document = text_of(write_docs.REFERENCE)
    assert write_docs.text_with(document) == document, "`python -m tests.write_docs` writes it anew"


def test_only_what_stands_between_marks_is_drawn() -> None:
    mark, end = "<!-- {}: drawn by `python -m tests.write_docs` -->", "<!-- end of {} -->"
    drawn = write_docs.text_with(
        "@before" + "@between".join(f"{mark}@typed{end}".format(*2 * [name]) for name in write_docs.DRAWN) + "@after"
    )
    assert drawn.startswith("@before<!-- ")
    assert drawn.endswith(" -->@after")
    assert drawn.count("@between") == len(write_docs.DRAWN) - 1
    assert "@typed" not in drawn


def test_a_document_without_marks_is_an_error() -> None:
    with pytest.raises(ValueError, match="marks of panels"):
        write_docs.text_with("nothing here")


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}` | {FIELDS[name].label} |" in text_of(write_docs.REFERENCE)


# ---- commands ------------------------------------------------------------------------------------------------------

_PROGRAM = re.compile(r"(?:\.venv/bin/)?(?:python3? -m (mnist_core|tests(?:\.\w+)*)|(digit-clinic))((?: [^&|\n]+)?)")


def calls(path: Path) -> list[tuple[str, list[str]]]:
    """The calls of our programs that a document quotes: the module, and the words after it."""
    found = [_PROGRAM.search(line) for line in quoted(path)]
    return [(one[1] or "mnist_core", _words(one[3])) for one in found if one]


def _words(arguments: str) -> list[str]:
    return shlex.split(re.sub(r"[\[\]]|\.\.\.|#.*", " ", arguments))


@every_current_document
def test_quoted_commands_exist_with_their_options(path: Path) -> None:
    groups: dict[str, click.Group] = {"mnist_core": cli, "tests.benchmarks": benchmarks}
    for module, words in calls(path):
        assert importlib.util.find_spec(module) is not None, module
        if module in groups and words and not words[0].isupper():
            assert_is_a_command(groups[module], words)


def assert_is_a_command(group: click.Group, words: list[str]) -> None:
    command = group.get_command(click.Context(group), words[0])
    assert command is not None, words
    known = {name for one in command.params for name in one.opts} | {"--help"}
    used = {word for word in words[1:] if re.match(r"--\w", word)}
    assert used <= known, words


def test_readme_lists_all_commands_and_no_other() -> None:
    table = text_of(README).partition("## The command line")[2].partition("\n## ")[0]
    rows = [
        shlex.split(re.sub(r"[\[\]]|\.\.\.", " ", row)) for row in re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    ]
    for words in rows:
        assert_is_a_command(cli, words)
    assert {words[0] for words in rows} == set(cli.commands)
    assert not {words[0] for words in rows} & set(ALIASES)


def test_readme_lists_all_export_formats() -> None:
    row = next(line for line in text_of(README).splitlines() if line.startswith("| `export"))
    assert set(re.findall(r"`(\w+)`", row.split("|")[2])) == set(FORMATS)


def test_ci_finds_the_test_command() -> None:
    """As `.ci/run` looks for it."""
    for mark, program in (("app", ".venv/bin/streamlit run app.py"), ("test", ".venv/bin/python -m tests")):
        block = text_of(README).partition(f"<!-- {mark} command -->")[2].partition("\n```\n")[0]
        lines = [line for line in block.splitlines() if line.startswith("python3 ")]
        assert len(lines) == 1
        assert lines[0].endswith(f"&& {program}")


# ---- names ---------------------------------------------------------------------------------------------------------


def test_readme_lists_all_environment_variables() -> None:
    used = {
        name
        for path in (ROOT / "mnist_core").rglob("*.py")
        for name in re.findall(r"DIGIT_CLINIC_[A-Z]+", path.read_text("utf-8"))
    }
    assert set(re.findall(r"^\| `(DIGIT_CLINIC_\w+)` \|", text_of(README), re.MULTILINE)) == used


def test_readme_has_a_section_for_each_page() -> None:
    pages = {path.stem.capitalize() for path in (ROOT / "pages").glob("*.py")}
    part = text_of(README).partition("## The pages")[2].partition("\n## ")[0]
    assert set(re.findall(r"^### (.+)$", part, re.MULTILINE)) == pages
    for page in pages:
        assert f"\n| {page} | `/" in text_of(write_docs.REFERENCE)


def test_readme_names_all_panels_of_draw_and_mistakes() -> None:
    for page, panel in write_docs.panel_titles():
        section = text_of(README).partition(f"### {page}\n")[2].partition("\n### ")[0]
        assert page == "Data" or f"**{panel}**" in section, (page, panel)


def test_damages_that_were_measured_are_causes() -> None:
    table = text_of(MEASUREMENTS).partition("| damage |")[2].partition("\n\n")[0]
    codes = re.findall(r"^\| (\w+) \| \d", table, re.MULTILINE)
    assert len(codes) > 5
    assert set(codes) <= set(CAUSES)


@every_current_document
def test_named_files_exist(path: Path) -> None:
    ours = re.compile(r"(?:[\w.-]+/)*[\w.-]+\.(?:py|md|toml|txt|json|ini|yml)|(?:[\w.-]+/)+")
    for name in quoted(path):
        if ours.fullmatch(name) and not name.startswith(("http", "data/mnist")):
            assert any((folder / name).exists() for folder in (ROOT, ROOT / "mnist_core", ROOT / "tests")), name


@every_current_document
def test_named_modules_exist(path: Path) -> None:
    for name in re.findall(r"\b((?:mnist_core|tests|pages)(?:\.\w+)+)\b(?!/)", " \n".join(quoted(path))):
        if not name.endswith((".py", ".md", ".toml", ".txt")):
            assert is_there(name), name


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    module, _, rest = name.rpartition(".")
    try:
        if importlib.util.find_spec(name) is not None:
            return True
    except ModuleNotFoundError:
        pass
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.origin is not None and rest in names_in(Path(spec.origin))


@cache
def names_in(path: Path) -> frozenset[str]:
    """The functions, classes, methods (`Class.method`) and constants of a file."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        found |= defined_by(node)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for part in node.body for name in defined_by(part)}
    return frozenset(found)


def defined_by(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {node.target.id} if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else set()


def test_every_function_that_architecture_names_is_where_it_says() -> None:
    """A file and a name beside each other, each between backticks: the name is defined in the file."""
    pairs = re.findall(r"`([\w/.-]+\.py)` `([\w.]+)`", text_of(ARCHITECTURE))
    assert len(pairs) > 30
    for file, name in pairs:
        path = next(folder / file for folder in (ROOT, ROOT / "mnist_core") if (folder / file).exists())
        assert name in names_in(path), (file, name)


def test_each_walk_has_under_ten_stops() -> None:
    for walk in ("One drawing", "One run", "One claim"):
        part = text_of(ARCHITECTURE).partition(f"### {walk}")[2].partition("\n#")[0]
        stops = re.findall(r"^\| (\d+) \|", part, re.MULTILINE)
        assert stops == [str(1 + place) for place in range(len(stops))]
        assert 4 <= len(stops) < 10, walk


def test_architecture_names_all_rooms() -> None:
    part = text_of(ARCHITECTURE).partition("## The rooms")[2].partition("\n## ")[0]
    rooms = {path.parent.name for path in (ROOT / "mnist_core").glob("*/__init__.py")}
    assert rooms <= set(re.findall(r"`(\w+)/`", part))


def test_readme_lists_the_kinds_of_pictures_that_are_read() -> None:
    assert read_formats() in " ".join(text_of(README).split())


# ---- the documents themselves --------------------------------------------------------------------------------------


def test_readme_is_short() -> None:
    assert len(text_of(README).splitlines()) <= 200


def test_the_changelog_begins_with_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert re.findall(r"^## (\S+)", text_of(CHANGELOG), re.MULTILINE)[0] == project["version"]


@every_document
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", text_of(path)):
        file, _, anchor = target.partition("#")
        if "://" not in target:
            aimed_at = (path.parent / file) if file else path
            assert aimed_at.exists(), target
            assert not anchor or anchor in anchors(aimed_at), target


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_document
def test_no_document_names_a_package_registry(path: Path) -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted\.org|download\.pytorch\.org|npmjs\.(com|org)|anaconda\.org|conda-forge")
    assert not hosts.search(text_of(path))


def test_claims_are_drawn_into_their_document() -> None:
    assert readme_claims.DOCUMENT in DOCUMENTS
