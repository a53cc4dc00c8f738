"""The real code as a script has it: functions, and all that they need of this program, as they stand in their files.

What a run does and what its script does is equal by construction. A function that is to be lifted may use whatever its
module defines or imports by name; what it uses of this program comes with it.
"""

import ast
import builtins
import importlib.util
import io
import keyword
import re
import symtable
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

OURS = "mnist_core"

Import = tuple[str, str]
"""A module, and the name that is imported from it; without a name, the module itself."""


@dataclass(frozen=True, slots=True)
class Module:
    """What stands at the top level of one of our modules, by the names that it binds."""

    lines: list[str]
    statements: dict[str, ast.stmt]
    imports: dict[str, Import]

    def text_of(self, name: str) -> str:
        """The statement that binds the name, with its decorators and the comment right above it."""
        statement = self.statements[name]
        first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", []))]) - 1
        while first and self.lines[first - 1].startswith("#"):
            first -= 1
        return "\n".join(self.lines[first : statement.end_lineno])


@dataclass(slots=True)
class Lifted:
    """What one script takes from this program: every statement once, what is needed before what needs it.

    Attributes:
        imports: What the lifted code imports from elsewhere, by the name that it is used under.
        names: What the lifted code defines.
    """

    imports: dict[str, Import] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    _lifted: set[str] = field(default_factory=set)

    def lift(self, piece: Callable[..., Any] | type) -> str:
        """The text of a function or class and of all that it needs, without what was lifted before.

        Raises:
            ValueError: When two things would have one name, or something of ours is imported in a way that a script
                cannot have.
        """
        return joined(self._definitions(piece.__module__, piece.__name__))

    def _definitions(self, module_name: str, name: str) -> Iterator[str]:
        module = module_of(module_name)
        if name in module.imports:
            source, original = module.imports[name]
            if source.split(".")[0] != OURS:
                self.imports[name] = module.imports[name]
            elif original == name:
                yield from self._definitions(source, name)
            else:
                raise ValueError(f"{module_name} imports {original} of {source} as {name}: a script cannot have that")
        elif name in module.statements:
            text = module.text_of(name)
            if self.names.setdefault(name, text) != text:
                raise ValueError(f"two things in one script would be called {name}")
            if text not in self._lifted:
                self._lifted.add(text)
                for needed in _globals_in(text):
                    yield from self._definitions(module_name, needed)
                yield text


@cache
def module_of(name: str) -> Module:
    """One of our modules, parsed."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text(encoding="utf-8")
    statements: dict[str, ast.stmt] = {}
    imports: dict[str, Import] = {}
    for statement in ast.parse(source).body:
        match statement:
            case ast.ImportFrom(module=str(module), names=aliases):
                imports |= {alias.asname or alias.name: (module, alias.name) for alias in aliases}
            case ast.Import(names=aliases):
                imports |= {alias.asname or alias.name: (alias.name, "") for alias in aliases}
            case ast.FunctionDef(name=bound) | ast.ClassDef(name=bound) | ast.AnnAssign(target=ast.Name(id=bound)):
                statements[bound] = statement
            case ast.Assign(targets=[target]):
                statements |= {each.id: statement for each in ast.walk(target) if isinstance(each, ast.Name)}
    return Module(source.splitlines(), statements, imports)


def joined(texts: Iterator[str]) -> str:
    """Statements with as many empty lines between them as is usual: none between two constants."""
    code, was_constant = "", True
    for text in texts:
        is_constant = re.match(r"(@|def |class )", re.sub(r"(?m)^#.*\n", "", text)) is None
        gap = "\n" if was_constant and is_constant else "\n\n\n"
        code, was_constant = f"{code}{gap}{text}" if code else text, is_constant
    return code


def without_underscores(code: str, names: Iterable[str]) -> str:
    """The code with those names public that are private in our modules, unless something else is called so."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    taken = {token.string for token in tokens if token.type == tokenize.NAME} | {*dir(builtins), *keyword.kwlist}
    for name in names:
        public = name.lstrip("_")
        if public != name and public not in taken:
            code = re.sub(rf"\b{name}\b", public, code)
    return code


def _globals_in(text: str) -> list[str]:
    """The names that a statement uses and does not bind itself, in the order in which it mentions them."""
    found: set[str] = set()
    tables = [symtable.symtable(text, "lifted", "exec")]
    while tables:
        table = tables.pop()
        is_top = table.get_type() == "module"
        found |= {one.get_name() for one in table.get_symbols() if one.is_referenced() and (is_top or one.is_global())}
        tables += table.get_children()
    mentioned = list(dict.fromkeys(re.findall(r"\w+", text)))
    return sorted(found, key=mentioned.index)
