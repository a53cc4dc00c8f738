"""A visitor without a browser: speaks with the app's server as a browser does, so that one process can be sixty."""

import asyncio
import json
import secrets
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLsResponse
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from tests.patience import PATIENCE_S

PAD = "digit_clinic_canvas"
SEVEN = ((78, 70), (120, 71), (162, 69), (201, 70), (184, 112), (163, 155), (146, 190), (131, 224))
"""A seven in the pad's own pixels, 280 a side."""


class Visitor:
    """One session: what its page shows, and what is done on it.

    Attributes:
        pages_built: How often a whole page was, and not only a part of it.
        query: The page's address, from its question mark on.
        elements: The newest delta of each element by its place on the page, `(container, index, ...)`.
    """

    def __init__(self, socket: ClientConnection, query: str, address: str) -> None:
        self.elements: dict[tuple[int, ...], Delta] = {}
        self._socket = socket
        self._address = address
        self._session_id = ""
        self._places: FileURLsResponse | None = None
        self.query = query
        self.pages_built = 0
        self._page = ""
        self._widgets: dict[str, WidgetState] = {}
        self._cache: dict[str, ForwardMsg] = {}
        self._seq = 0
        self._changed = asyncio.Condition()
        self._finished = 0
        self._is_building = True
        self._timers: dict[str, asyncio.Task[None]] = {}

    async def draw(self, lower: float = 0.0) -> float:
        """Draw a seven, so many pixels lower; seconds from pen up until the pad hears that it was answered."""
        pad = await self.wait_for(lambda delta: delta.new_element.bidi_component.component_name == PAD)
        self._seq += 1
        drawing = {
            "strokes": [{"w": 20, "p": [[x, y + lower] for x, y in SEVEN]}],
            "seq": self._seq,
            "pen_px": 20,
        }
        begun = time.perf_counter()
        component = pad.new_element.bidi_component
        await self._act(pad, WidgetState(id=component.id, json_value=json.dumps({"drawing": drawing})))
        await self.wait_for(self._is_answered)
        return time.perf_counter() - begun

    async def start_training(self) -> float:
        """Press the button; seconds until the page shows a run of one's own, or says why there is none."""
        button = await self.wait_for(lambda delta: delta.new_element.button.label == "Start training")
        begun = time.perf_counter()
        await self._act(button, WidgetState(id=button.new_element.button.id, trigger_value=True))
        before = list(self.elements.values())
        await self._wait(
            lambda: (
                "run=" in self.query
                or any(_is_message(delta) and delta not in before for delta in self.elements.values())
            )
        )
        return time.perf_counter() - begun

    async def upload(self, name: str, content: bytes) -> None:
        """Send a file to the server, as an upload widget does before it tells the script of it."""
        self._places = None
        message = BackMsg()
        message.file_urls_request.session_id = self._session_id
        message.file_urls_request.file_names.append(name)
        await self._socket.send(message.SerializeToString())
        await self._wait(lambda: self._places is not None)
        assert self._places is not None
        await asyncio.to_thread(_put, self._address + self._places.file_urls[0].upload_url, name, content)

    async def wait_for(self, wanted: Callable[[Delta], bool]) -> Delta:
        """The first element on the page that `wanted` is true of, as soon as there is one."""
        await self._wait(lambda: any(map(wanted, self.elements.values())))
        return next(delta for delta in self.elements.values() if wanted(delta))

    async def wait_until_still(self) -> None:
        """Until the page's script has ended once."""
        await self._wait(lambda: self._finished > 0)

    async def look_at(self, page: str) -> None:
        """Go to the page of that name, until all of it is there."""
        built = self.pages_built
        self.leave()
        await self.open(page)
        await self._wait(lambda: self.pages_built > built and not self._is_building)

    async def _wait(self, is_so: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S), self._changed:
                await self._changed.wait_for(is_so)
        except TimeoutError:
            seen = f"{self.pages_built} pages built, {self._finished} scripts ended, {len(self.elements)} elements"
            raise TimeoutError(f"{self.query or '/'}: {seen}, is building: {self._is_building}") from None

    async def open(self, page: str) -> None:
        """Ask for a page by its name in the address."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = self.query
        await self._socket.send(message.SerializeToString())

    def leave(self) -> None:
        """Ask for nothing more by itself."""
        self._stop_repeating(list(self._timers))

    async def listen(self) -> None:
        """Take in what the server sends, for as long as the session lasts."""
        async for data in self._socket:
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            if message.ref_hash:
                known = self._cache[message.ref_hash]
                known.metadata.CopyFrom(message.metadata)
                message = known
            elif message.metadata.cacheable:
                self._cache[message.hash] = message
            async with self._changed:
                self._take_in(message)
                self._changed.notify_all()

    def _take_in(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._begin(message)
            case "navigation":
                self._page = message.navigation.page_script_hash
            case "delta":
                self.elements[tuple(message.metadata.delta_path)] = message.delta
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "auto_rerun" | "stop_auto_rerun":
                self._set_timers(message)
            case "file_urls_response":
                self._places = message.file_urls_response
            case "script_finished":
                self._finished += 1
                self._is_building &= message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _begin(self, message: ForwardMsg) -> None:
        """A script runs: of the whole page, which is shown anew (what repeats says so again), or of a part of it."""
        self._session_id = message.new_session.initialize.session_id
        if message.metadata.run.fragment_ids:
            return
        self.pages_built += 1
        self._is_building = True
        self.elements.clear()
        self.leave()

    def _set_timers(self, message: ForwardMsg) -> None:
        self._stop_repeating(message.stop_auto_rerun.fragment_ids)
        again = message.auto_rerun
        if again.fragment_id and again.fragment_id not in self._timers:
            self._timers[again.fragment_id] = asyncio.create_task(self._repeat(again.interval, again.fragment_id))

    def _stop_repeating(self, fragments: Iterable[str]) -> None:
        for fragment in fragments:
            if timer := self._timers.pop(fragment, None):
                timer.cancel()

    async def _repeat(self, interval_s: float, fragment: str) -> None:
        while True:
            await asyncio.sleep(interval_s)
            await self._rerun(fragment, is_auto=True)

    async def _act(self, on: Delta, state: WidgetState) -> None:
        """Send what was done to the element; a button's press counts once."""
        if state.WhichOneof("value") == "trigger_value":
            await self._rerun(on.fragment_id, state)
            return
        self._widgets[state.id] = state
        await self._rerun(on.fragment_id)

    async def _rerun(self, fragment: str, *pressed: WidgetState, is_auto: bool = False) -> None:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = self.query
        rerun.page_script_hash = self._page
        rerun.fragment_id = fragment
        rerun.is_auto_rerun = is_auto
        rerun.widget_states.widgets.extend([*self._widgets.values(), *pressed])
        rerun.cached_message_hashes.extend(self._cache)
        await self._socket.send(message.SerializeToString())

    def _is_answered(self, delta: Delta) -> bool:
        component = delta.new_element.bidi_component
        data = component.json or component.mixed.json
        return component.component_name == PAD and bool(data) and json.loads(data).get("answered") == self._seq


def _is_message(delta: Delta) -> bool:
    return delta.new_element.WhichOneof("type") == "alert"


def _put(url: str, name: str, content: bytes) -> None:
    token, border = secrets.token_hex(16), secrets.token_hex(16)
    head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'
    headers = {
        "Content-Type": f"multipart/form-data; boundary={border}",
        "Cookie": f"_streamlit_xsrf={token}",
        "X-Xsrftoken": token,
    }
    body = head.encode() + content + f"\r\n--{border}--\r\n".encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PUT"), timeout=PATIENCE_S):
        pass


@asynccontextmanager
async def visit(address: str, page: str = "", query: str = "") -> AsyncIterator[Visitor]:
    """A visitor who has opened that page of the app at the address (`http://...`), and leaves in the end."""
    where = address.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(
        where, subprotocols=["streamlit"], origin=address, max_size=None, ping_interval=None, close_timeout=1
    ) as socket:
        visitor = Visitor(socket, query, address)
        listening = asyncio.create_task(visitor.listen())
        await visitor.open(page)
        try:
            yield visitor
        finally:
            visitor.leave()
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening  # raises what went wrong in it
