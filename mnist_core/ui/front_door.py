"""Who gets in: what every request passes before Streamlit sees it, and what the server says when it opens.

By default the app listens on this machine only. Where it listens to others, it asks each visitor for a join code.
"""

import asyncio
import hashlib
import ipaddress
import os
import re
import secrets
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from html import escape
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import psutil  # type: ignore[import-untyped]
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit.proto.BackMsg_pb2 import BackMsg

from mnist_core.errors import UserError
from mnist_core.ui import expired_sessions, file_handles, start_page
from mnist_core.ui.common import visitor

CODE_VARIABLE = "DIGIT_CLINIC_CODE"
"""A join code of one's own. `none` asks nobody: for behind a proxy that asks itself."""

_PASS_COOKIE = "digit_clinic_pass"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another one
_CODE_LENGTH = 8  # 40 bits: at 1,000 tries a second, 13 years for half of all codes
_LEAST_CODE_LENGTH = 6
_YEAR_S = 365 * 24 * 60 * 60
_HEALTH = "/_stcore/health"
_CLOSED = ("/_stcore/metrics",)  # what the server uses, and how many visit it, is nobody's business
# What a page sends of its own accord (None: what Streamlit itself refuses). `clear_cache` empties what sessions share.
_ORDERS = {None, "rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request"}

_JOIN_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Digit Clinic</title>
<link rel="icon" href="data:,">
<body style="font: 1.1rem system-ui, sans-serif; max-width: 24rem; margin: 15vh auto; padding: 0 1rem">
<h1>Digit Clinic</h1>
<form><p><label for="join">{said}</label></p>
<p><input id="join" name="join" autocomplete="off" autocapitalize="none" spellcheck="false" autofocus required
style="font: inherit; padding: .4em"> <button style="font: inherit; padding: .4em 1em">Join</button></p>{rest}</form>
"""


def options() -> dict[str, Any]:
    """What makes an `st.App` stand behind this door.

    Raises:
        SystemExit: With a line for the terminal, for a join code that is too short.
    """
    try:
        code = _join_code(os.environ.get(CODE_VARIABLE, ""), is_local=_is_local(st.get_option("server.address")))
    except UserError as error:
        raise SystemExit(f"error: {error}") from None
    os.umask(0o077)  # what the app and its workers write is for this account only
    door = Middleware(FrontDoor, code=code, most_sessions=file_handles.make_room())
    return {"middleware": [door], "lifespan": lambda _: _opened(code)}


class FrontDoor:
    """Lets in who comes by an address of this app and has its join code, and tells the browser what a page may do.

    Args:
        app: What is behind the door.
        code: What visitors are asked for; empty asks nobody.
        most_sessions: How many may be open at once.
    """

    def __init__(self, app: ASGIApp, code: str = "", most_sessions: int = 1000) -> None:
        self._app = app
        self._code = code
        self._pass = hashlib.sha256(code.encode()).hexdigest()  # any code fits into a cookie
        self._free_sessions = most_sessions
        base = "/" + (st.get_option("server.baseUrlPath") or "").strip("/")
        self._paths_of_pages = re.compile(re.escape(base.rstrip("/")) + "/[a-z]*")
        self._page = start_page.page(base)
        self._parts = (base.rstrip("/") + start_page.PARTS_PATH, start_page.parts())
        self._headers = {
            "Content-Security-Policy": start_page.content_security_policy(self._page),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",  # as `frame-ancestors`, for older browsers
            "Referrer-Policy": "no-referrer",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let Streamlit answer."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        visit = HTTPConnection(scope)
        refusal = self._refusal(visit)
        if scope["type"] == "websocket":
            if refusal or not self._free_sessions:
                await WebSocketClose()(scope, receive, send)
                return
            self._free_sessions -= 1
            try:
                await self._app(scope, _only_a_pages_orders(receive), send)
            finally:
                self._free_sessions += 1
        else:
            answer = refusal or self._app
            if not refusal and scope["method"] == "GET" and self._paths_of_pages.fullmatch(scope["path"]):
                answer = HTMLResponse(self._page, headers={"Cache-Control": "no-cache"})
            elif not refusal and scope["path"] == self._parts[0]:
                answer = Response(self._parts[1], media_type="text/javascript", headers={"Cache-Control": "no-cache"})
            await answer(scope, receive, self._with_headers(visit, send))

    def _refusal(self, visit: HTTPConnection) -> Response | None:
        """What is answered instead of the app; None lets in."""
        host, origin, path = visit.headers.get("host", ""), visit.headers.get("origin"), visit.scope["path"]
        if path == _HEALTH:  # for whoever looks whether it is alive
            return None
        if not is_known_host(host, st.get_option("server.allowedHosts")):
            return PlainTextResponse(
                "Digit Clinic does not know this address as its own. Use an address that it printed when it was "
                "started, or add this one to server.allowedHosts.",
                421,
            )
        # Of another site. Streamlit itself would ask a server outside what this machine's own address is.
        if origin is not None and urlsplit(origin).netloc != host:
            return PlainTextResponse("Digit Clinic answers its own pages only.", 403)
        if path.rstrip("/").endswith(_CLOSED):
            return PlainTextResponse("Not Found", 404)
        if not self._code or _is_same(visit.cookies.get(_PASS_COOKIE, ""), self._pass):
            return None
        return self._join(visit)

    def _join(self, visit: HTTPConnection) -> Response:
        """The question for the code; or, when it is in the address, the way in."""
        given = visit.query_params.get("join")
        rest = [(name, value) for name, value in visit.query_params.multi_items() if name != "join"]
        if given is not None and _is_same(given.strip().lower(), self._code):
            path = "/" + quote(visit.scope["path"].lstrip("/"))  # two slashes would lead to another site
            entered = RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, 303)
            _set_cookie(entered, visit, _PASS_COOKIE, self._pass)
            return entered
        said = "The join code:" if given is None else "That is not the join code. Ask whoever started Digit Clinic:"
        fields = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in rest)
        status = 200 if _asks_for_page(visit) else 403
        return HTMLResponse(_JOIN_PAGE.format(said=said, rest=fields), status, {"Cache-Control": "no-store"})

    def _with_headers(self, visit: HTTPConnection, send: Send) -> Send:
        is_new = _asks_for_page(visit) and visitor.COOKIE not in visit.cookies

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if is_new:
                    cookie = Response()
                    _set_cookie(cookie, visit, visitor.COOKIE, secrets.token_urlsafe())
                    headers.append("set-cookie", cookie.headers["set-cookie"])
            await send(message)

        return send_with_headers


def _is_same(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def _asks_for_page(visit: HTTPConnection) -> bool:
    return "text/html" in visit.headers.get("accept", "")


def is_known_host(host: str, names: list[str]) -> bool:
    """Whether the app may be called by this name (and port), so that no stranger's name leads to it (DNS rebinding).

    These names only, where there are any (`*.example.org` stands for all below); otherwise this machine's own, and
    every number, for a number belongs to nobody else.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
        if names:
            return any(name == known.lower() or (known[:2] == "*." and name.endswith(known[1:])) for known in names)
        return name == "localhost" or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _join_code(said: str, *, is_local: bool) -> str:
    """The code that visitors are asked for; empty when nobody is asked."""
    code = said.strip().lower()
    if code == "none" or (is_local and not code):
        return ""
    if code and len(code) < _LEAST_CODE_LENGTH:
        raise UserError(
            "join_code_short",
            f"The join code in {CODE_VARIABLE} is too short.",
            f"Choose one of {_LEAST_CODE_LENGTH} characters or more, or leave it out: then one is made at each start.",
        )
    return code or "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def _is_local(address: str | None) -> bool:
    return address is not None and (address == "localhost" or address.startswith("127.") or address == "::1")


@asynccontextmanager
async def _opened(code: str) -> AsyncIterator[None]:
    """Say where the app is found, and open it in the browser where there is one; look after what is left behind."""
    address, port = st.get_option("server.address"), st.get_option("server.port")
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    here = f"{scheme}://localhost:{port}" + (f"/?join={quote(code)}" if code else "")
    lines = [f"Digit Clinic runs. Open it in your browser: {here}"]
    if not _is_local(address):
        lines += [f"Others on the network open:  {scheme}://{one}:{port}" for one in _own_addresses(address)]
    if code:
        lines.append(f"They are asked for the join code:  {code}")
    print("", *lines, "", sep="\n  ", flush=True)
    if not st.get_option("server.headless"):
        webbrowser.open(here)
    looking = asyncio.create_task(expired_sessions.let_go())
    yield
    looking.cancel()


def _own_addresses(address: str | None) -> list[str]:
    """Where others find this machine: the address that was asked for, or all that it has."""
    if address not in (None, "0.0.0.0", "::"):
        return [address]
    all_ = [one.address for cards in psutil.net_if_addrs().values() for one in cards if one.family.name == "AF_INET"]
    return [one for one in all_ if not (ip := ipaddress.ip_address(one)).is_loopback and not ip.is_link_local]


def _only_a_pages_orders(receive: Receive) -> Callable[[], Awaitable[Message]]:
    """What a browser sends, without what only somebody who writes messages by hand does."""

    async def next_order() -> Message:
        while True:
            message = await receive()
            if _order(message.get("bytes") or b"") in _ORDERS:
                return message

    return next_order


def _order(sent: bytes) -> str | None:
    order = BackMsg()
    try:
        order.ParseFromString(sent)
    except Exception:  # the decoder's own kind
        return None
    return order.WhichOneof("type")


def _set_cookie(response: Response, visit: HTTPConnection, name: str, value: str) -> None:
    is_secure = visit.scope["scheme"] == "https"
    response.set_cookie(name, value, max_age=_YEAR_S, httponly=True, samesite="lax", secure=is_secure)
