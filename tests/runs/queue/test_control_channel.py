import random

import pytest

from mnist_core.runs.queue.control_channel import ControlPublisher, ControlSubscriber, control_topic
from mnist_core.training.control import Control


class Notices:
    """A Dask client that keeps what it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[dict] = []

    def log_event(self, topic, notice) -> None:
        assert topic == control_topic("runs")
        self.sent.append(notice)


@pytest.fixture
def client() -> Notices:
    return Notices()


def test_each_run_reads_its_own_wishes(client):
    board = ControlPublisher("runs")
    wishes = {"one": Control(pause=True, until_step=7), "two": Control(learning_rate=0.5, dense_dropout=0.1)}
    for run_id, wanted in wishes.items():
        board.publish(client, run_id, wanted)
    for run_id, wanted in {**wishes, "three": Control()}.items():
        reader = ControlSubscriber(run_id)
        reader.read(client.sent[-1])  # the newest notice is enough
        assert reader.latest() == wanted


def test_the_newest_notice_counts_in_whatever_order_they_come(client):
    board, reader = ControlPublisher("runs"), ControlSubscriber("one")
    for step in range(1, 21):
        board.publish(client, "one", Control(pause=True, until_step=step))
    random.Random(0).shuffle(client.sent)
    for notice in client.sent:
        reader.read(notice)
    assert reader.latest() == Control(pause=True, until_step=20)


def test_a_wish_that_is_no_news_is_not_sent(client):
    board = ControlPublisher("runs")
    board.publish(client, "one", Control())
    for _ in range(2):
        board.publish(client, "one", Control(pause=True))
    board.publish(client, "one", Control())
    assert [notice["wishes"]["one"]["pause"] for notice in client.sent] == [True, False]


def test_a_stop_stays_and_what_another_run_wants_takes_nothing_back(client):
    board, reader = ControlPublisher("runs"), ControlSubscriber("one")
    board.publish(client, "one", Control(stop=True))
    reader.read(client.sent[-1])
    board.retract("one")
    board.publish(client, "two", Control(pause=True))
    reader.read(client.sent[-1])
    assert reader.latest().stop
    board.publish(client, "one", Control())
    reader.read({"number": 99, "wishes": {"one": {"pause": True, "of_a_later_version": 1}}})
    assert reader.latest() == Control(stop=True, pause=True)


def test_who_is_left_alone_stops():
    reader = ControlSubscriber("one")
    reader.force_stop()
    reader.read({"number": 1, "wishes": {"one": {"learning_rate": 0.1}}})
    assert reader.latest() == Control(stop=True, learning_rate=0.1)
