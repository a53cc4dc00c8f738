"""Hundreds of sessions opened and closed: what they held is let go of.

`python -m tests.load.sessions --count 500` opens them in lots, each draws a stroke, uploads a picture and looks at
other pages; it prints what the server holds and takes, a line a lot, and exits with 1 when something is left.
"""

import asyncio
import json
import secrets
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from tests.browser.server import Server, start
from tests.event_loop import run_apart
from tests.load.process_use import Taken
from tests.load.visitor import Visitor, visit
from tests.patience import PATIENCE_S

PATH = "/watched/sessions"
"""Where a watched server tells what it holds: as JSON, the fields of `Held`."""

PAGES = ("train", "mistakes", "data", "claims")
_KEPT_S = 2  # how long the server keeps a session for whoever comes back; 15 minutes in an app of one's own
_UPLOAD_BYTES = 300_000
_LOOK_S = 0.25
_MOST_MB_A_SESSION = 0.05


@dataclass(frozen=True, slots=True)
class Held:
    """What a server holds of its sessions.

    Attributes:
        connected: Sessions that somebody has open.
        in_memory: Sessions that are there at all: connected, kept for those who come back, or forgotten by nobody.
        upload_bytes, media_bytes: Files that sessions uploaded, and that they show or offer for download.
        script_threads: Threads that run a session's script.
    """

    connected: int
    in_memory: int
    upload_bytes: int
    media_bytes: int
    script_threads: int

    @property
    def is_nothing(self) -> bool:
        """Whether all are forgotten, but for the one that Streamlit's loop looked at last."""
        return replace(self, in_memory=0) == Held(0, 0, 0, 0, 0) and self.in_memory <= 1


@dataclass(frozen=True, slots=True)
class Moment:
    """What a server holds and takes when so many sessions have come and gone."""

    gone: int
    held: Held
    taken: Taken

    def __str__(self) -> str:
        held, taken = self.held, self.taken
        files = (held.upload_bytes + held.media_bytes) / 1e6
        return (
            f"{self.gone:>4} sessions gone: {held.in_memory} in memory ({held.connected} connected), their files "
            f"{files:.1f} MB, {held.script_threads} scripts; the app takes {taken.resident_mb:.0f} MB, "
            f"{taken.handles} handles, {taken.threads} threads"
        )


@contextmanager
def watched(folder: Path) -> Iterator[Server]:
    """A server that tells what it holds, and soon forgets who has left."""
    with start(folder, "--server.disconnectedSessionTTL", str(_KEPT_S), script="tests/load/watched_app.py") as server:
        yield server


def held_by(server: Server) -> Held:
    """What it holds of its sessions now."""
    with urllib.request.urlopen(server.address + PATH, timeout=PATIENCE_S) as answer:
        return Held(**json.load(answer))


def open_and_close(server: Server, count: int, at_once: int, pages: tuple[str, ...] = PAGES) -> Iterator[Moment]:
    """Open so many sessions, in lots, and close them; after each lot, when the server has forgotten it, the moment.

    Args:
        server: As `watched` starts it.
        count, at_once: How many sessions there are in all, and in a lot.
        pages: Those that they look at, each another one, beside drawing.
    """
    for gone in range(0, count, at_once):
        lot = [pages[place % len(pages)] for place in range(gone, min(count, gone + at_once))]
        run_apart(_visit_all(server, lot))
        yield Moment(gone + len(lot), _when_forgotten(server), Taken.by(server.process_id, "sessions"))


async def _visit_all(server: Server, pages: list[str]) -> None:
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(visit(server.address)) for _ in pages]
        await asyncio.gather(*map(_look_around, visitors, pages))


async def _look_around(visitor: Visitor, page: str) -> None:
    await visitor.draw()
    await visitor.upload("digit.png", secrets.token_bytes(_UPLOAD_BYTES))
    await visitor.look_at(page)


def _when_forgotten(server: Server) -> Held:
    """What is held when everything is gone that will go: nothing, or what is there after a long time."""
    held, give_up_at_s = held_by(server), time.monotonic() + PATIENCE_S
    while not held.is_nothing and time.monotonic() < give_up_at_s:
        time.sleep(_LOOK_S)
        held = held_by(server)
    return held


def left_over(moments: list[Moment]) -> list[str]:
    """What the sessions left behind, in words; the first moment is when everything has been loaded once."""
    first, last = moments[0], moments[-1]
    found = [] if last.held.is_nothing else [f"of the sessions {last.held}"]
    sessions = last.gone - first.gone
    grown = {
        "handles": last.taken.handles - first.taken.handles,
        "threads": last.taken.threads - first.taken.threads,
    }
    found += [f"{more} more {what}" for what, more in grown.items() if more > 0.02 * sessions]
    more_mb = last.taken.resident_mb - first.taken.resident_mb
    if more_mb > _MOST_MB_A_SESSION * sessions:
        found.append(f"{more_mb:.0f} MB more memory, {1000 * more_mb / sessions:.0f} kB a session")
    return found


@click.command()
@click.option("--count", type=click.IntRange(2), default=500, show_default=True, help="Sessions in all.")
@click.option("--at-once", type=click.IntRange(1), default=25, show_default=True, help="Sessions open at a time.")
def main(count: int, at_once: int) -> None:
    """Open and close sessions; exit 1 when anything of them is left."""
    moments = []
    with tempfile.TemporaryDirectory() as folder, watched(Path(folder)) as server:
        for moment in open_and_close(server, count, at_once):
            click.echo(str(moment))
            moments.append(moment)
    left = left_over(moments)
    click.echo("left: " + "; ".join(left) if left else "nothing is left")
    raise SystemExit(1 if left else 0)


if __name__ == "__main__":
    main()
