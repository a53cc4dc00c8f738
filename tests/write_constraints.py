"""The exact versions that are installed here: `python -m tests.write_constraints` writes docs/deploy/constraints.txt.

Of each package that the requirements ask for, and of all that those need in turn. To be run where all checks have
passed; `pip install -r requirements.txt -c docs/deploy/constraints.txt` then installs the very same ones elsewhere.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "tests/requirements.txt")
CONSTRAINTS = ROOT / "docs/deploy/constraints.txt"

_HEAD = """\
# The versions that this was developed and tried with: pip install -r requirements.txt -c docs/deploy/constraints.txt
# Written by `python -m tests.write_constraints`.
"""


def requirements() -> list[Requirement]:
    """What requirements.txt and tests/requirements.txt ask for."""
    lines = [line.partition("#")[0].strip() for file in REQUIREMENTS for line in file.read_text("utf-8").splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def installed() -> dict[str, str]:
    """The version of each package that the requirements bring here, by its name, in alphabetical order.

    Raises:
        PackageNotFoundError: When one of the requirements is not installed.
    """
    found: dict[str, str] = {}
    waiting = [(each, False) for each in requirements()]
    while waiting:
        asked, may_be_missing = waiting.pop()
        name = canonicalize_name(asked.name)
        if name in found and not asked.extras:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            if may_be_missing:
                continue
            raise
        found[name] = package.version
        extras = asked.extras or {""}
        needs = [Requirement(text) for text in package.requires or []]
        waiting += [
            (each, True)
            for each in needs
            if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras)
        ]
    return dict(sorted(found.items()))


def main() -> None:
    """Write the file anew."""
    pins = "".join(f"{name}=={version}\n" for name, version in installed().items())
    CONSTRAINTS.write_text(_HEAD + pins, "utf-8")


if __name__ == "__main__":
    main()
