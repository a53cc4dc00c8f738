"""Digit Clinic as `streamlit run app.py` serves it, which also tells what it holds of its sessions."""

import threading
import weakref
from dataclasses import asdict
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime import get_instance
from streamlit.runtime.app_session import AppSession

from mnist_core import APP_FOLDER
from mnist_core.ui import front_door, serving
from tests.load.sessions import PATH, Held

_sessions: "weakref.WeakSet[AppSession]" = weakref.WeakSet()
_begin = AppSession.__init__


def _begin_watched(session: AppSession, *args: object, **more: object) -> None:
    _begin(session, *args, **more)  # type: ignore[arg-type]
    _sessions.add(session)


async def _tell(_: Request) -> JSONResponse:
    runtime = get_instance()
    held = Held(
        connected=int(runtime.stats_mgr.get_stats(["active_sessions"])["active_sessions"][0].value),  # type: ignore[attr-defined]
        in_memory=len(_sessions),
        upload_bytes=_size(runtime.uploaded_file_mgr),
        media_bytes=_size(runtime.media_file_mgr._storage),
        script_threads=sum(thread.name == "ScriptRunner.scriptThread" for thread in threading.enumerate()),
    )
    return JSONResponse(asdict(held))


def _size(files: Any) -> int:
    return sum(stat.byte_length for stats in files.get_stats().values() for stat in stats)


AppSession.__init__ = _begin_watched  # type: ignore[method-assign]
serving.prepare()
app = st.App(APP_FOLDER / "app.py", routes=[Route(PATH, _tell)], **front_door.options())
