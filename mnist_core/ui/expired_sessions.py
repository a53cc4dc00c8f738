"""Sessions that nobody comes back to: what they hold is let go of when their time is over.

Streamlit keeps a session for a while after its tab was closed (`server.disconnectedSessionTTL`), with the files that
were uploaded in it. It only looks for those whose time is over when the next tab is closed: after the last one of a
lesson, until the next lesson.
"""

import asyncio

from streamlit.runtime import get_instance
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.session_manager import SessionInfo

_LOOK_S = 30.0


async def let_go() -> None:
    """Look for them now and then, for as long as the server runs; on its event loop, where sessions come and go."""
    kept = get_instance()._session_mgr._session_storage._cache  # type: ignore[attr-defined]
    while True:
        await asyncio.sleep(min(_LOOK_S, kept.ttl))
        _shut_down(kept)


def _shut_down(kept: TTLCache[str, SessionInfo]) -> None:
    """What they uploaded is gone then, although Streamlit's loop may still hold one of them."""
    for _, expired in kept.expire():
        expired.session.shutdown()
