"""The door alone, before an app that only notes who comes; with a real server, `faults/test_who_gets_in`."""

from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from mnist_core.ui import front_door
from mnist_core.ui.front_door import CODE_VARIABLE, FrontDoor, is_known_host
from tests.event_loop import run_apart

Message = dict[str, Any]


def order(name: str) -> bytes:
    message = BackMsg()
    if name == "rerun_script":
        message.rerun_script.page_name = "train"
    else:
        setattr(message, name, True)
    return message.SerializeToString()


def websocket(*sent: bytes, host: str = "localhost:8501") -> tuple[Message, Any]:
    """A session that sends these orders and leaves."""
    messages = [{"type": "websocket.receive", "bytes": one} for one in sent] + [{"type": "websocket.disconnect"}]

    async def receive() -> Message:
        return messages.pop(0)

    return {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", host.encode())]}, receive


def enter(door: FrontDoor, scope: Message, receive: Any) -> list[Message]:
    """What the door itself answers; nothing, when it lets in."""
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    run_apart(door(scope, receive, send))
    return said


def test_of_what_a_session_sends_only_a_pages_orders_come_through() -> None:
    heard: list[Message] = []

    async def app(scope: Message, receive: Any, send: Any) -> None:
        while not heard or heard[-1]["type"] != "websocket.disconnect":
            heard.append(await receive())

    known = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    refused = ("clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket")
    assert {*refused} <= known
    rude = [order(name) for name in refused]
    door = FrontDoor(app)
    assert enter(door, *websocket(*rude, order("rerun_script"), *rude, b"no order", order("stop_script"))) == []
    assert [one.get("bytes") for one in heard] == [order("rerun_script"), b"no order", order("stop_script"), None]


def test_who_does_not_fit_is_refused_until_somebody_leaves() -> None:
    answers: list[list[Message]] = []

    async def app(scope: Message, receive: Any, send: Any) -> None:
        if len(answers) < 2:  # a second one comes while the first is there
            answers.append([])

            async def note(message: Message) -> None:
                answers[-1].append(message)

            await door(*websocket(), note)

    door = FrontDoor(app, most_sessions=1)
    for _ in range(2):
        assert enter(door, *websocket()) == []
    assert [[one["type"] for one in said] for said in answers] == [["websocket.close"]] * 2


@pytest.mark.parametrize(
    ("host", "names", "known"),
    [
        ("localhost", [], True),
        ("LOCALHOST:8501", [], True),
        ("192.168.1.7:8501", [], True),
        ("[fe80::1]:8501", [], True),
        ("clinic.example.org", [], False),
        ("localhost.evil.example", [], False),
        ("127.0.0.1.evil.example", [], False),
        ("evil.example:127", [], False),
        ("user@evil.example", [], False),
        ("", [], False),
        ("[", [], False),
        ("0x7f000001", [], False),
        ("Clinic.example.org:443", ["clinic.example.org"], True),
        ("a.example.org", ["*.example.org"], True),
        ("aexample.org", ["*.example.org"], False),
        ("localhost", ["clinic.example.org"], False),
    ],
)
def test_a_name_is_the_apps_own_or_a_strangers(host: str, names: list[str], known: bool) -> None:
    assert is_known_host(host, names) == known


@pytest.mark.parametrize(
    ("address", "said", "asks"),
    [
        ("localhost", None, False),
        ("127.0.0.1", None, False),
        ("::1", None, False),
        (None, None, True),
        ("0.0.0.0", None, True),
        ("::", None, True),
        ("192.168.1.7", None, True),
        ("school.example", None, True),
        ("0.0.0.0", "none", False),
        ("localhost", "Room-12", True),
    ],
)
def test_whoever_listens_to_others_asks_for_a_code(address, said, asks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_door.st, "get_option", {"server.address": address}.get)
    monkeypatch.setattr(front_door.file_handles, "make_room", lambda: 100)
    monkeypatch.setattr(front_door.os, "umask", lambda mode: 0)
    monkeypatch.delenv(CODE_VARIABLE, raising=False)
    if said is not None:
        monkeypatch.setenv(CODE_VARIABLE, said)
    codes = {front_door.options()["middleware"][0].kwargs["code"] for _ in range(2)}
    assert all(map(bool, codes)) == asks
    assert len(codes) == (2 if asks and said is None else 1)  # a new one at each start


def test_a_code_that_is_soon_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CODE_VARIABLE, "12345")
    with pytest.raises(SystemExit, match=f"error: The join code in {CODE_VARIABLE} is too short"):
        front_door.options()
