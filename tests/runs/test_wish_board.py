import random

import pytest

from mnist_core.runs.wish_board import WishBoard, WishReader, board_of
from mnist_core.training.wishes import Wishes


class Notices:
    """A Dask client that keeps what it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[dict] = []

    def log_event(self, topic, notice) -> None:
        assert topic == board_of("runs")
        self.sent.append(notice)


@pytest.fixture
def client() -> Notices:
    return Notices()


def test_each_run_reads_its_own_wishes(client):
    board = WishBoard("runs")
    wishes = {"one": Wishes(pause=True, until_step=7), "two": Wishes(learning_rate=0.5, dense_dropout=0.1)}
    for run_id, wanted in wishes.items():
        board.pin(client, run_id, wanted)
    for run_id, wanted in {**wishes, "three": Wishes()}.items():
        reader = WishReader(run_id)
        reader.read(client.sent[-1])  # the newest notice is enough
        assert reader.newest() == wanted


def test_the_newest_notice_counts_in_whatever_order_they_come(client):
    board, reader = WishBoard("runs"), WishReader("one")
    for step in range(1, 21):
        board.pin(client, "one", Wishes(pause=True, until_step=step))
    random.Random(0).shuffle(client.sent)
    for notice in client.sent:
        reader.read(notice)
    assert reader.newest() == Wishes(pause=True, until_step=20)


def test_a_wish_that_is_no_news_is_not_sent(client):
    board = WishBoard("runs")
    board.pin(client, "one", Wishes())
    for _ in range(2):
        board.pin(client, "one", Wishes(pause=True))
    board.pin(client, "one", Wishes())
    assert [notice["wishes"]["one"]["pause"] for notice in client.sent] == [True, False]


def test_a_stop_stays_and_what_another_run_wants_takes_nothing_back(client):
    board, reader = WishBoard("runs"), WishReader("one")
    board.pin(client, "one", Wishes(stop=True))
    reader.read(client.sent[-1])
    board.unpin("one")
    board.pin(client, "two", Wishes(pause=True))
    reader.read(client.sent[-1])
    assert reader.newest().stop
    board.pin(client, "one", Wishes())
    reader.read({"number": 99, "wishes": {"one": {"pause": True, "of_a_later_version": 1}}})
    assert reader.newest() == Wishes(stop=True, pause=True)


def test_who_is_left_alone_stops():
    reader = WishReader("one")
    reader.be_alone()
    reader.read({"number": 1, "wishes": {"one": {"learning_rate": 0.1}}})
    assert reader.newest() == Wishes(stop=True, learning_rate=0.1)
