"""A stranger, who speaks with the app's server by hand: as a page does, and as none would."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
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
    to = urlsplit(address)
    connection: http.client.HTTPConnection
    if to.scheme == "https":
        connection = http.client.HTTPSConnection(to.netloc, timeout=PATIENCE_S, context=_trusting())
    else:
        connection = http.client.HTTPConnection(to.netloc, timeout=PATIENCE_S)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        received: dict[str, str] = {}
        for name, text in answer.getheaders():
            received[name.lower()] = f"{received[name.lower()]}\n{text}" if name.lower() in received else text
        return Answer(answer.status, received, answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def _trusting() -> ssl.SSLContext:
    """Takes any certificate: the test made it."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def visit(
    address: str, page: str = "", host: str = "", origin: str = "", **headers: str
) -> "Iterator[ClientConnection]":
    """A session whose page has been shown; `send` sends it more.

    Args:
        address, page: Where the app is, and which of its pages is asked for.
        host: What the visitor calls it, where that is another name.
        origin: Whose page the session belongs to; the app's own when nothing is said.
        headers: Others.

    Raises:
        websockets.InvalidStatus: When the app does not let the visitor in.
    """
    to = urlsplit(address)
    called = f"{to.scheme}://{host or to.netloc}"
    options: dict[str, Any] = {"max_size": None, "open_timeout": PATIENCE_S, "ping_interval": None}
    if to.scheme == "https":
        options["ssl"] = _trusting()
    with connect(
        called.replace("http", "ws", 1) + "/_stcore/stream",
        sock=socket.create_connection((to.hostname, to.port), PATIENCE_S),
        origin=origin or called,
        subprotocols=["streamlit"],
        additional_headers=headers,
        **options,
    ) as session:
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
