import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tests.browser.server import Server, start
from tests.event_loop import run_apart
from tests.load.visitor import visit


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with start(tmp_path_factory.mktemp("load")) as server:
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
