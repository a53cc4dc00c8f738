"""A class of people at once: how long each waits while some draw, another trains, and many press Start."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.benchmark import Benchmark, Wait, count_option
from tests.browser.server import Server, start
from tests.load.process_use import Taken
from tests.load.visitor import Visitor, visit

_EVERY_S = 4.0
_STROKES = 8  # of each visitor, in each part
_LONG_RUN = "model=mlp&train_images=60000&epochs=500"
_SHORT_RUN = "model=linear&train_images=500&epochs=1"


def bench_load(sessions: int = 30, starts: int = 30) -> Iterator[Wait | Taken]:
    """Time a fresh server: a stroke of each session each four seconds; alone, beside a training, through many Starts.

    Args:
        sessions: How many people draw.
        starts: How many others press Start at the same moment.
    """
    with tempfile.TemporaryDirectory() as folder, start(Path(folder)) as server, asyncio.Runner() as runner:
        rows = _measure(server, sessions, starts)
        while (row := runner.run(_next(rows))) is not None:
            yield row


async def _next(rows: AsyncIterator[Wait | Taken]) -> Wait | Taken | None:
    return await anext(rows, None)


async def _measure(server: Server, sessions: int, starts: int) -> AsyncIterator[Wait | Taken]:
    async with AsyncExitStack() as stack:
        drawing = [await stack.enter_async_context(visit(server.address)) for _ in range(sessions)]
        for visitor in drawing:
            await visitor.draw()  # the first one waits for the model
        yield Taken.by(server.process_id, f"{sessions} sessions")
        yield Wait.of(f"stroke to answer, {sessions} sessions", await _draw_all(drawing))
        trainer = await stack.enter_async_context(visit(server.address, "train", _LONG_RUN))
        await trainer.start_training()
        yield Wait.of(f"stroke to answer, {sessions} sessions, a run trains", await _draw_all(drawing))
        waiting = [await stack.enter_async_context(visit(server.address, "train", _SHORT_RUN)) for _ in range(starts)]
        for visitor in waiting:
            await visitor.wait_until_still()
        strokes, clicks = await asyncio.gather(_draw_all(drawing), _press_all(waiting))
        yield Wait.of(f"stroke to answer, {sessions} sessions, through {starts} Starts", strokes)
        yield Wait.of(f"Start to the run's page, {starts} at once", clicks)
        yield Taken.by(server.process_id, f"{sessions + starts + 1} sessions")


async def _draw_all(visitors: list[Visitor]) -> list[float]:
    """Milliseconds of all strokes; the visitors begin one after the other, evenly."""

    async def draw(visitor: Visitor, wait_s: float) -> list[float]:
        await asyncio.sleep(wait_s)
        times_ms = []
        for turn in range(_STROKES):
            taken_s = await visitor.draw(turn)
            times_ms.append(1000 * taken_s)
            await asyncio.sleep(max(0.0, _EVERY_S - taken_s))
        return times_ms

    share_s = _EVERY_S / len(visitors)
    return await _all(draw(visitor, share_s * place) for place, visitor in enumerate(visitors))


async def _press_all(visitors: list[Visitor]) -> list[float]:
    async def press(visitor: Visitor) -> list[float]:
        await asyncio.sleep(_EVERY_S)
        return [1000 * await visitor.start_training()]

    return await _all(map(press, visitors))


async def _all(doing: Iterator[Coroutine[Any, Any, list[float]]]) -> list[float]:
    return [time for times in await asyncio.gather(*doing) for time in times]


BENCHMARK = Benchmark(
    "How long each of a class waits for the app: strokes and Starts of many sessions at once; memory and file handles.",
    bench_load,
    (
        count_option("--sessions", 30, "People who draw.", 500),
        count_option("--starts", 30, "Others who press Start at once.", 500),
    ),
)
