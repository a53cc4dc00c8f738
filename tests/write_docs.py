"""The generated parts of the documents: `python -m tests.write_docs` writes them from the code.

A generated part stands between two marks that name it: `<!-- settings: drawn by ... -->`, `<!-- end of settings -->`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import click

from mnist_core.claims import setting_effects
from mnist_core.claims.catalog import CLAIMS
from mnist_core.cli.main import ALIASES, cli
from mnist_core.code_bugs.catalog import BUGS
from mnist_core.diagnosis.causes import CAUSES
from mnist_core.export.files import FORMATS
from mnist_core.fields import Field
from mnist_core.preprocessing.steps import STEPS
from mnist_core.presets import PRESETS
from mnist_core.recipe import FIELDS, GROUPS, SECTIONS
from mnist_core.runs.cards import shipped
from mnist_core.training.hints import RULES
from mnist_core.ui.data import panels as data_panels
from mnist_core.ui.draw import digit_panels
from mnist_core.ui.mistakes import panels as mistakes_panels
from tests import readme_claims
from tests.benchmarks.__main__ import NAMES
from tests.benchmarks.__main__ import benchmarks as measured

REFERENCE = Path(__file__).parents[1] / "docs/REFERENCE.md"


def settings() -> str:
    """All fields of a recipe, a table for each section of the form."""
    sections = dict.fromkeys((field.group, field.section) for field in FIELDS.values())
    return "\n".join(
        f"### {GROUPS[group]}: {SECTIONS[section].lower()}\n\n"
        + _table(
            ("name", "label", "default", "takes", "what it is"),
            (_setting(each) for each in FIELDS.values() if (each.group, each.section) == (group, section)),
        )
        for group, section in sections
    )


def _setting(field: Field) -> tuple[str, ...]:
    unit = f" {field.unit}" if field.unit else ""
    default = f"`{field.write(field.default)}`" if field.write(field.default) else "none"
    return f"`{field.name}`", field.label, default, field.accepts() + unit, f"{field.help} *{field.expect}*"


def steps() -> str:
    """The preprocessing steps in their order."""
    rows = ((f"`{one.name}`", one.title, "on" if one.by_mnist else "off", one.help, one.without) for one in STEPS)
    return _table(("name", "title", "default", "what it does", "without it"), rows)


def causes() -> str:
    """What a diagnosis can name."""
    return _table(("code", "title", "text"), ((f"`{code}`", one.title, one.text) for code, one in CAUSES.items()))


def hints() -> str:
    """What a run's events can show."""
    return _table(("name", "what is seen"), ((f"`{name}`", find.__doc__ or "") for name, (find, _) in RULES.items()))


def bugs() -> str:
    """The bugs of the code around a model."""
    return _table(("code", "title", "what is wrong"), ((f"`{one.code}`", one.title, one.story) for one in BUGS))


def presets() -> str:
    """The recipes with a name."""
    rows = ((one.title, one.kind, " ".join(filter(None, (one.about, one.wrong)))) for one in PRESETS.values())
    return _table(("preset", "kind", "about"), rows)


def formats() -> str:
    """What a run or a model is exported as."""
    rows = ((f"`{name}`", one.label, f"`{one.suffix}`", one.about) for name, one in FORMATS.items())
    return _table(("format", "label", "file", "what it is"), rows)


def models() -> str:
    """The shipped models."""
    return _table(("name", "title", "about"), ((f"`{card.name}`", card.title, card.about) for card in shipped()))


def claims() -> str:
    """The claims that were tested."""
    rows = ((f"`{one.id}`", one.title, one.statement) for one in CLAIMS.values())
    return _table(("id", "title", "claim"), rows)


def panels() -> str:
    """The panels of the pages, by their names in the address."""
    rows = ((page, f"`{name}`", title) for page, known in _panels().items() for name, title in known.items())
    return _table(("page", "`look=`", "panel"), rows)


def panel_titles() -> list[tuple[str, str]]:
    """The page and the title of each panel."""
    return [(page, title) for page, known in _panels().items() for title in known.values()]


def _panels() -> dict[str, dict[str, str]]:
    return {
        "Draw": {panel.name: panel.title for panel in digit_panels.PANELS},
        "Mistakes": {panel.name: panel.title for panel in mistakes_panels.PANELS},
        "Data": {panel.name: panel.title for panel in data_panels.PANELS},
    }


def commands() -> str:
    """The commands of the program and their options."""
    others = {name: alias for alias, name in ALIASES.items()}
    return "\n".join(_command("python -m mnist_core", one, others.get(name, "")) for name, one in cli.commands.items())


def benchmarks() -> str:
    """The measurements that can be run again."""
    found = (measured.get_command(click.Context(measured), name) for name in NAMES)
    return "\n".join(_command("python -m tests.benchmarks", command) for command in found if command)


def _command(program: str, command: click.Command, alias: str = "") -> str:
    shown = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
    arguments = [one.make_metavar(click.Context(command)) for one in command.params if isinstance(one, click.Argument)]
    usage = " ".join([program, str(command.name), *arguments])
    head = f"### `{usage}`\n\n{_one_line(command.help or '')}" + (f" Also called `{alias}`." if alias else "") + "\n\n"
    return head + _table(("option", "what it does"), map(_option, shown))


def _option(option: click.Option) -> tuple[str, str]:
    record = option.get_help_record(click.Context(click.Command("any")))
    names, text = record or ("", "")
    return f"`{names}`", _one_line(text)


DRAWN: Mapping[str, Callable[[], str]] = {
    each.__name__: each
    for each in (panels, commands, benchmarks, settings, steps, causes, hints, bugs, presets, formats, models, claims)
}
"""What is generated in docs/REFERENCE.md, by the name in its marks."""


def text_with(document: str) -> str:
    """The document with all its generated parts as the code has them.

    Raises:
        ValueError: When marks of one are missing.
    """
    for name, draw in DRAWN.items():
        begin, end = f"<!-- {name}: drawn by `python -m tests.write_docs` -->", f"<!-- end of {name} -->"
        before, found, rest = document.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"the marks of {name} are missing")
        document = f"{before}{begin}\n{draw()}{end}{after}"
    return document


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    """Write all generated parts of the documents."""
    REFERENCE.write_text(text_with(REFERENCE.read_text("utf-8")), "utf-8")
    setting_effects.write()
    readme_claims.DOCUMENT.write_text(readme_claims.text_with(readme_claims.DOCUMENT.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
