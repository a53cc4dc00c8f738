"""How a script is put together from pieces of text."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import dedent, indent
from typing import Any

from mnist_core.export.script.lift import Import
from mnist_core.recipe import FIELDS, Recipe

WIDTH = 120  # columns of a line: those of this program's own files, out of which functions are lifted

Piece = str | Callable[..., Any] | type
"""Text, or a function or class of this program that is lifted."""

# What a script may import for what is written here; the code that is lifted brings its own.
_IMPORTS: dict[str, Import] = {
    **{name: (name, "") for name in ("argparse", "copy", "joblib", "math", "torch")},
    "Iterator": ("collections.abc", "Iterator"),
    "Path": ("pathlib", "Path"),
    "np": ("numpy", ""),
    "make_pipeline": ("sklearn.pipeline", "make_pipeline"),
    "StandardScaler": ("sklearn.preprocessing", "StandardScaler"),
    "SVC": ("sklearn.svm", "SVC"),
    **{name: ("torch", name) for name in ("Generator", "Tensor", "nn", "optim")},
    "F": ("torch.nn", "functional"),
    "datasets": ("torchvision", "datasets"),
}


class Code(str):
    """A constant's value that is not a number or a text, but the code for one."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A named number at the top of a script.

    Attributes:
        name: In capitals.
        value: As Python writes it.
        comment: What it is, when the name does not say it.
    """

    name: str
    value: object
    comment: str = ""

    def __str__(self) -> str:
        line = f"{self.name} = {_written(self.value)}"
        return f"{line}  # {self.comment}" if self.comment else line


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of a script brings: its constants, its functions and classes in the order of reading, and lines."""

    constants: tuple[Constant, ...] = ()
    blocks: tuple[Piece, ...] = ()
    lines: Sequence[str] = ()


def field_constant(recipe: Recipe, name: str) -> Constant:
    """A field of the recipe as a constant of the same name."""
    field = FIELDS[name]
    return Constant(name.upper(), getattr(recipe, name), ", ".join(filter(None, (field.label.lower(), field.unit))))


def block(template: str, **texts: Iterable[str] | str) -> str:
    """A template's text with each `{name}` replaced.

    A name that has a line to itself is replaced by lines at its indent; without any, the line goes.
    """
    text = dedent(template).strip("\n")
    for name, value in texts.items():
        new = value if isinstance(value, str) else "\n".join(value)
        text = re.sub(rf"^( *)\{{{name}\}}(?:\n|\Z)", partial(_indented, new), text, flags=re.M)
        text = text.replace(f"{{{name}}}", new)
    return text.rstrip("\n")


def call(start: str, arguments: Iterable[str], depth: int) -> str:
    """A call that begins so and stands at that indent, on one line if it fits."""
    inside = ", ".join(arguments)
    line = f"{start}({inside})"
    return line if depth + len(line) <= WIDTH else f"{start}(\n    {inside}\n)"


def imports_for(text: str, lifted: Mapping[str, Import]) -> str:
    """The import lines that the text needs, as isort has them: Python's own first."""
    code = re.sub(r'""".*?"""|#[^\n]*', "", text, flags=re.S)
    needed = {name: source for name, source in {**_IMPORTS, **lifted}.items() if _mentions(code, name)}
    plain: dict[str, list[str]] = {}
    lines = []
    for name, (module, original) in needed.items():
        if original == name:
            plain.setdefault(module, []).append(name)
        elif original:
            lines.append((True, module, f"from {module} import {original} as {name}"))
        else:
            lines.append((False, module, f"import {module}" if module == name else f"import {module} as {name}"))
    lines += [(True, module, f"from {module} import {', '.join(sorted(names))}") for module, names in plain.items()]
    groups = ["", ""]
    for _, module, line in sorted(lines):
        groups[module.split(".")[0] not in sys.stdlib_module_names] += f"{line}\n"
    return "\n".join(filter(None, groups)).rstrip()


def _mentions(code: str, name: str) -> bool:
    return re.search(rf"(?<![\w.\"]){name}\b(?!\")", code) is not None


def _indented(text: str, place: re.Match[str]) -> str:
    return indent(text, place[1]) + "\n" if text else ""


def _written(value: object) -> str:
    if isinstance(value, Code):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 10_000:
        return f"{value:_}"
    return repr(value).replace("'", '"') if isinstance(value, str) else repr(value)
