"""`export`: a run or a shipped model as a file."""

from pathlib import Path

import click

from mnist_core.cli.options import json_option, say, store_for
from mnist_core.errors import UserError
from mnist_core.export.files import FORMATS, format_of


@click.command()
@click.argument("name", metavar="RUN_OR_MODEL")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--format", "wanted", required=True, help=f"One of {', '.join(FORMATS)}.")
@json_option
def export(name: str, out: Path, wanted: str, as_json: bool) -> None:
    """Export a run or a shipped model to the file OUT, or into the folder OUT."""
    from mnist_core.runs.export_facts import facts_of

    chosen = format_of(wanted)
    facts = facts_of(name, store_for(name))
    path = out / chosen.file_name(facts) if out.is_dir() else out
    content = chosen.make(facts)
    try:
        path.write_bytes(content)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name cannot be that of a file"
        raise UserError(
            "file_unwritable", f"{path} cannot be written: {reason}.", "Choose another folder or file name."
        ) from None
    written = {"file": str(path), "format": wanted, "bytes": len(content)}
    say(written, f"{chosen.label}: {path} ({len(content):,} bytes)", as_json)
