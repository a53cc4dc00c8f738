"""The formats in which a model is taken away, each with what makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mnist_core.errors import UserError

if TYPE_CHECKING:
    from mnist_core.export.facts import Facts


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        label: What it is chosen by.
        about: What it is good for, in a sentence.
        suffix: What its name ends with.
        mime: What browsers call it.
        make: Its bytes; raises `UserError` when what is known of the model is not enough for it.
    """

    label: str
    about: str
    suffix: str
    mime: str
    make: "Callable[[Facts], bytes]"

    def file_name(self, facts: "Facts") -> str:
        """What the file is called."""
        return f"{facts.name}{self.suffix}"


# What makes the files is loaded when it is needed: the command line only names the formats.


def _script(facts: "Facts") -> bytes:
    from mnist_core.export.script.compose import script_of

    by_hand = "While the run went on, settings were changed by hand. This script trains without that:"
    notes = [*([by_hand] if facts.changes else []), *facts.change_words, *facts.notes]
    return script_of(facts.recipe, f"{facts.name}.py", notes).encode()


def _onnx(facts: "Facts") -> bytes:
    from mnist_core.export.onnx_file import export_onnx

    return export_onnx(facts.model(), facts.recipe)


def _safetensors(facts: "Facts") -> bytes:
    from mnist_core.export.card import card_of
    from mnist_core.export.safetensors_file import export_safetensors

    return export_safetensors(facts.model(), facts.recipe, card_of(facts))


def _card(facts: "Facts") -> bytes:
    from mnist_core.export.card import card_of

    return card_of(facts).encode()


def _csv(facts: "Facts") -> bytes:
    from mnist_core.export.curve_csv import curve_csv

    return curve_csv(facts)


FORMATS: dict[str, Format] = {
    "script": Format(
        "PyTorch script",
        "One file that trains this model again, anywhere: it needs only PyTorch and torchvision.",
        ".py", "text/x-python", _script,
    ),
    "onnx": Format(
        "ONNX", "The trained model, for other programs and languages.", ".onnx", "application/octet-stream", _onnx
    ),
    "safetensors": Format(
        "safetensors", "The trained weights, for Python.", ".safetensors", "application/octet-stream",
        _safetensors,
    ),
    "card": Format(
        "Model card", "What the model is, its accuracy and its limitations.", ".md", "text/markdown",
        _card,
    ),
    "csv": Format(
        "Curve (CSV)", "Loss and accuracy of each epoch, for a spreadsheet.", ".csv", "text/csv", _csv
    ),
}  # fmt: skip


def format_of(name: str) -> Format:
    """The format that is called so.

    Raises:
        UserError: `format_unknown`.
    """
    if name in FORMATS:
        return FORMATS[name]
    raise UserError(
        "format_unknown", f"There is no format “{name[:40]}”.", "The formats are: " + ", ".join(FORMATS) + "."
    )
