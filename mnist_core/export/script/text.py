"""How a script is put together from pieces of text."""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from textwrap import dedent, indent
from typing import Any

WIDTH = 88  # columns of a line, as ruff and Black format one

# What a script imports is what its text mentions: modules and names, in the order in which isort has them.
_STANDARD = (
    ("import argparse", ("argparse",)),
    ("import copy", ("copy",)),
    ("import math", ("math",)),
    ("import os", ("os",)),
    ("from collections.abc import {names}", ("Callable", "Iterator", "Mapping")),
    ("from pathlib import {names}", ("Path",)),
)
_OTHERS = (
    ("import joblib", ("joblib",)),
    ("import numpy as np", ("np",)),
    ("import torch", ("torch",)),
    ("from PIL import {names}", ("Image", "ImageDraw")),
    ("from sklearn.model_selection import {names}", ("StratifiedKFold",)),
    ("from sklearn.pipeline import {names}", ("make_pipeline",)),
    ("from sklearn.preprocessing import {names}", ("StandardScaler",)),
    ("from sklearn.svm import {names}", ("SVC",)),
    ("from torch import {names}", ("Generator", "Tensor", "nn", "optim")),
    ("from torch.nn import functional as F", ("F",)),
    ("from torchvision import datasets", ("datasets",)),
)


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
    """What one part of a script brings: its constants, and its functions or classes in the order of reading."""

    constants: tuple[Constant, ...] = ()
    blocks: tuple[str, ...] = ()


def block(template: str, **texts: Iterable[str] | str) -> str:
    """A template's text with each `{name}` replaced.

    A name that has a line to itself is replaced by lines at its indent; without any, the line goes.
    """
    text = dedent(template).strip("\n")
    for name, value in texts.items():
        new = value if isinstance(value, str) else "\n".join(value)
        text = re.sub(rf"^( *)\{{{name}\}}\n?", partial(_indented, new), text, flags=re.M)
        text = text.replace(f"{{{name}}}", new)
    return text.rstrip("\n")


def source(piece: Callable[..., Any] | type) -> str:
    """The text of a function or class, as it stands in its file."""
    return inspect.getsource(piece).rstrip("\n")


def call(start: str, arguments: Iterable[str], depth: int) -> str:
    """A call that begins so and stands at that indent, on one line if it fits."""
    inside = ", ".join(arguments)
    line = f"{start}({inside})"
    return line if depth + len(line) <= WIDTH else f"{start}(\n    {inside}\n)"


def imports_for(text: str) -> str:
    """The import lines that the text needs."""
    code = re.sub(r'""".*?"""|#[^\n]*', "", text, flags=re.S)
    groups = []
    for group in (_STANDARD, _OTHERS):
        found = ((line, [name for name in names if _mentions(code, name)]) for line, names in group)
        groups.append("\n".join(line.format(names=", ".join(names)) for line, names in found if names))
    return "\n\n".join(group for group in groups if group)


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
