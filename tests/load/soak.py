"""A class that goes on for an hour: whether the app and its workers take ever more memory.

`python -m tests.load.soak --minutes 60 --sessions 30`: each session draws a stroke every four seconds, looks at the
other pages in between, starts small runs again and again, and is now and then closed and opened anew, as a browser's
tab. A line a minute; in the end the slope of the memory over the last two thirds, by least squares, and a verdict.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import click
from scipy.stats import linregress, t

from tests.browser.server import Server, start
from tests.load.process_use import Taken
from tests.load.sessions import PAGES
from tests.load.visitor import Visitor, visit

RUN = "model=linear&train_images=500&epochs=1"
_FIRST_SHARE = 1 / 3  # of the time, in which caches fill and are not counted
_MOST_MB_AN_HOUR = 30.0
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Reading:
    """What the app's process and its workers take after so many minutes."""

    minutes: float
    app: Taken
    workers: Taken

    def __str__(self) -> str:
        told = "; ".join(
            f"{one.what} {one.resident_mb:.0f} MB, {one.handles} handles, {one.threads} threads"
            for one in (self.app, self.workers)
        )
        return f"{self.minutes:>5.1f} min: {told}"


@dataclass(frozen=True, slots=True)
class Slope:
    """How fast something grows, by least squares over the last two thirds of the readings.

    Attributes:
        what: Whose memory.
        an_hour_mb: The slope.
        low_mb, high_mb: Its 95 % confidence interval.
        n: Of how many readings.
    """

    what: str
    an_hour_mb: float
    low_mb: float
    high_mb: float
    n: int

    @property
    def is_flat(self) -> bool:
        """Whether it may well not grow, or so little that a school year's lessons would not notice."""
        return self.low_mb <= 0 or self.an_hour_mb <= _MOST_MB_AN_HOUR

    def __str__(self) -> str:
        interval = f"95 % confidence interval {self.low_mb:+.1f} to {self.high_mb:+.1f}, n = {self.n}"
        return f"{self.what}: {self.an_hour_mb:+.1f} MB an hour ({interval}): {'flat' if self.is_flat else 'grows'}"


def slope_of(what: str, minutes: Sequence[float], resident_mb: Sequence[float]) -> Slope:
    """The slope of a memory that was read at these times, four times or more."""
    late = [place for place, at in enumerate(minutes) if at >= _FIRST_SHARE * minutes[-1]]
    fit = linregress([minutes[place] / 60 for place in late], [resident_mb[place] for place in late])
    reach = float(t.ppf(0.5 + _CONFIDENCE / 2, max(1, len(late) - 2))) * fit.stderr
    return Slope(what, float(fit.slope), float(fit.slope - reach), float(fit.slope + reach), len(late))


@dataclass(frozen=True, slots=True)
class Pace:
    """How busy a person is.

    Attributes:
        stroke_s: From one stroke to the next.
        strokes: Before another page is looked at.
        pages: Before the tab is closed, and opened anew.
    """

    stroke_s: float = 4.0
    strokes: int = 10
    pages: int = 6


async def soak(
    server: Server,
    sessions: int,
    duration_s: float,
    say: Callable[[Reading], None],
    every_s: float = 60.0,
    pace: Pace = Pace(),
) -> list[Reading]:
    """Let so many sessions draw, look around and train for that long; `say` hears each reading as soon as it is made.

    Raises:
        ExceptionGroup: What went wrong in a session.
    """
    seen = []
    began_s = time.monotonic()
    async with asyncio.TaskGroup() as group:
        people = [group.create_task(_stay(server, place, place / sessions, pace)) for place in range(sessions)]
        while (left_s := began_s + duration_s - time.monotonic()) > 0:
            await asyncio.sleep(min(every_s, left_s))
            reading = Reading(
                (time.monotonic() - began_s) / 60,
                Taken.by(server.process_id, "app"),
                Taken.by_children(server.process_id, "workers"),
            )
            say(reading)
            seen.append(reading)
        for person in people:
            person.cancel()
    return seen


async def _stay(server: Server, place: int, share: float, pace: Pace) -> None:
    """One person, for ever: they come evenly spread, so that not all draw at the same moment."""
    await asyncio.sleep(pace.stroke_s * share)
    names = cycle([*PAGES[place % len(PAGES) :], *PAGES[: place % len(PAGES)]])
    while True:
        try:
            async with visit(server.address) as visitor:
                for name in islice(names, pace.pages):
                    await _draw_and_look(visitor, name, pace)
        except TimeoutError as error:  # it is said, and they open another tab
            click.echo(f"a session was not answered: {error}", err=True)


async def _draw_and_look(visitor: Visitor, name: str, pace: Pace) -> None:
    for stroke in range(pace.strokes):
        taken_s = await visitor.draw(stroke)
        await asyncio.sleep(max(0.0, pace.stroke_s - taken_s))
    visitor.query = RUN if name == "train" else ""
    await visitor.look_at(name)
    if name == "train":
        await visitor.start_training()
    await asyncio.sleep(pace.stroke_s)
    visitor.query = ""
    await visitor.look_at("")


@click.command()
@click.option("--minutes", type=click.IntRange(6), default=60, show_default=True)
@click.option("--sessions", type=click.IntRange(1), default=30, show_default=True)
def main(minutes: int, sessions: int) -> None:
    """Let a class draw and train; exit 1 when the memory of the app or its workers grows."""
    with tempfile.TemporaryDirectory() as folder, start(Path(folder)) as server:
        seen = asyncio.run(soak(server, sessions, 60 * minutes, lambda reading: click.echo(str(reading))))
    times = [reading.minutes for reading in seen]
    slopes = [
        slope_of("app", times, [reading.app.resident_mb for reading in seen]),
        slope_of("workers", times, [reading.workers.resident_mb for reading in seen]),
    ]
    for slope in slopes:
        click.echo(str(slope))
    raise SystemExit(0 if all(slope.is_flat for slope in slopes) else 1)


if __name__ == "__main__":
    main()
