"""Sessions without a browser, all with one server; the short forms of `tests.load.sessions` and `tests.load.soak`."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tests.browser.server import Server
from tests.event_loop import run_apart
from tests.load.process_use import Taken
from tests.load.sessions import open_and_close, watched
from tests.load.soak import Pace, soak
from tests.load.visitor import visit
from tests.runs.examples import wait_for


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with watched(tmp_path_factory.mktemp("load")) as server:
        yield server


def test_each_of_several_people_gets_an_answer_to_each_stroke(server) -> None:
    async def draw_at_once() -> None:
        async with AsyncExitStack() as stack:
            visitors = [await stack.enter_async_context(visit(server.address)) for _ in range(6)]
            for stroke in range(3):
                await asyncio.gather(*(visitor.draw(stroke) for visitor in visitors))
            assert {visitor.pages_built for visitor in visitors} == {1}

    run_apart(draw_at_once())


def test_pressing_start_builds_no_form_again(server) -> None:
    async def press_at_once() -> None:
        recipe = "model=linear&train_images=100&epochs=1"
        async with AsyncExitStack() as stack:
            visitors = [await stack.enter_async_context(visit(server.address, "train", recipe)) for _ in range(3)]
            for visitor in visitors:
                await visitor.wait_until_still()
            before = [visitor.pages_built for visitor in visitors]
            await asyncio.gather(*(visitor.start_training() for visitor in visitors))
            assert all("run=" in visitor.query for visitor in visitors)
            assert [visitor.pages_built for visitor in visitors] == before

    run_apart(press_at_once())


async def workers_are_there(server) -> None:
    async with visit(server.address, "train"):  # whoever opens Train brings them up, in the background
        await asyncio.to_thread(wait_for, lambda: Taken.by_children(server.process_id, "workers").threads)


def test_a_class_that_draws_looks_around_and_trains_is_read_all_the_time(server) -> None:
    said = []
    run_apart(workers_are_there(server))
    seen = run_apart(soak(server, 2, 3, said.append, every_s=1, pace=Pace(stroke_s=0.2, strokes=1, pages=2)))
    assert said == seen
    assert len(seen) >= 2
    for reading in seen:
        assert reading.app.resident_mb > 50
        assert reading.workers.threads > 0


def test_what_sessions_held_is_let_go_of_when_they_have_left(server) -> None:
    moments = list(open_and_close(server, count=6, at_once=3, pages=("train", "claims")))
    assert [moment.gone for moment in moments] == [3, 6]
    assert [moment.held.is_nothing for moment in moments] == [True, True]
