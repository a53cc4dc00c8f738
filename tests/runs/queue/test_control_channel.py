import random

import pytest

from mnist_core.runs.queue.control_channel import ControlPublisher, ControlSubscriber, control_topic
from mnist_core.training.control import Control


class Messages:
    """A Dask client that keeps what it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[dict] = []

    def log_event(self, topic, message) -> None:
        assert topic == control_topic("runs")
        self.sent.append(message)


@pytest.fixture
def client() -> Messages:
    return Messages()


def test_each_run_reads_its_own_control(client):
    publisher = ControlPublisher("runs")
    controls = {"one": Control(pause=True, until_step=7), "two": Control(learning_rate=0.5, dense_dropout=0.1)}
    for run_id, wanted in controls.items():
        publisher.publish(client, run_id, wanted)
    for run_id, wanted in {**controls, "three": Control()}.items():
        subscriber = ControlSubscriber(run_id)
        subscriber.read(client.sent[-1])  # the newest message is enough
        assert subscriber.latest() == wanted


def test_the_newest_message_counts_in_whatever_order_they_come(client):
    publisher, subscriber = ControlPublisher("runs"), ControlSubscriber("one")
    for step in range(1, 21):
        publisher.publish(client, "one", Control(pause=True, until_step=step))
    random.Random(0).shuffle(client.sent)
    for message in client.sent:
        subscriber.read(message)
    assert subscriber.latest() == Control(pause=True, until_step=20)


def test_a_control_that_is_no_news_is_not_sent(client):
    publisher = ControlPublisher("runs")
    publisher.publish(client, "one", Control())
    for _ in range(2):
        publisher.publish(client, "one", Control(pause=True))
    publisher.publish(client, "one", Control())
    assert [message["runs"]["one"]["pause"] for message in client.sent] == [True, False]


def test_what_a_run_begins_with_counts_more_than_older_messages(client):
    publisher = ControlPublisher("runs")
    publisher.publish(client, "one", Control(suspend=True))
    publisher.retract("one")
    begun = Control(learning_rate=0.5)
    subscriber = ControlSubscriber("one", begun, publisher.hand_over("one", begun))
    subscriber.read(client.sent[-1])
    assert subscriber.latest() == begun
    publisher.publish(client, "two", Control(pause=True))  # a message holds what all runs are to do
    subscriber.read(client.sent[-1])
    assert subscriber.latest() == begun
    publisher.publish(client, "one", Control(pause=True))
    subscriber.read(client.sent[-1])
    assert subscriber.latest() == Control(pause=True)


def test_a_stop_stays_and_what_another_run_wants_takes_nothing_back(client):
    publisher, subscriber = ControlPublisher("runs"), ControlSubscriber("one")
    publisher.publish(client, "one", Control(stop=True))
    subscriber.read(client.sent[-1])
    publisher.retract("one")
    publisher.publish(client, "two", Control(pause=True))
    subscriber.read(client.sent[-1])
    assert subscriber.latest().stop
    publisher.publish(client, "one", Control())
    subscriber.read({"number": 99, "runs": {"one": {"pause": True, "of_a_later_version": 1}}})
    assert subscriber.latest() == Control(stop=True, pause=True)


def test_who_is_left_alone_stops():
    subscriber = ControlSubscriber("one")
    subscriber.force_stop()
    subscriber.read({"number": 1, "runs": {"one": {"learning_rate": 0.1}}})
    assert subscriber.latest() == Control(stop=True, learning_rate=0.1)
