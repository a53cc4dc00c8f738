"""A stranger, who speaks with the app's server by hand: as a page does, and as none would."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.patience import PATIENCE_S


@dataclass
class Answer:
    """What came back for a request."""

    status: int
    headers: dict[str, str] = field(repr=False)
    text: str = field(repr=False)


def ask(address: str, path: str = "/", **headers: str) -> Answer:
    """One request, no redirect followed; an underscore in a header's name stands for a hyphen."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        received: dict[str, str] = {}
        for name, text in answer.getheaders():
            received[name.lower()] = f"{received[name.lower()]}\n{text}" if name.lower() in received else text
        return Answer(answer.status, received, answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()


@contextmanager
def visit(address: str, page: str = "", **headers: str) -> "Iterator[ClientConnection]":
    """A session whose page has been shown; `send` sends it more.

    Raises:
        websockets.InvalidStatus: When the app does not let the visitor in.
    """
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    more = {name.replace("_", "-"): text for name, text in headers.items()}
    origin = more.pop("Origin", address)
    options = {"max_size": None, "open_timeout": PATIENCE_S, "ping_interval": None, "compression": None}
    with connect(url, origin=origin, subprotocols=["streamlit"], additional_headers=more, **options) as session:
        show(session, page)
        yield session


def show(session: ClientConnection, page: str = "") -> list[ForwardMsg]:
    """Have the page shown; what the app sends until its script has ended."""
    order = BackMsg()
    order.rerun_script.page_name = page
    session.send(order.SerializeToString())
    received = []
    while not (received and received[-1].WhichOneof("type") == "script_finished"):
        received.append(ForwardMsg.FromString(session.recv(timeout=PATIENCE_S)))
    return received


def send(session: ClientConnection, order: str) -> None:
    """An order without anything more to say, as no page sends it."""
    message = BackMsg()
    setattr(message, order, True)
    session.send(message.SerializeToString())
