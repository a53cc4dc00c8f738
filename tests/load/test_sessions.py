from dataclasses import replace

from tests.load.process_use import Taken
from tests.load.sessions import Held, Moment, left_over

NOTHING = Held(connected=0, in_memory=0, upload_bytes=0, media_bytes=0, script_threads=0)


def moment(gone: int, held: Held = NOTHING, mb: float = 500.0, handles: int = 50, threads: int = 30) -> Moment:
    return Moment(gone, held, Taken("sessions", mb, handles, threads))


def test_little_is_nothing_and_more_is_said() -> None:
    assert left_over([moment(25), moment(500, mb=510, handles=55)]) == []
    assert left_over([moment(25), moment(500, mb=560)]) == ["60 MB more memory, 126 kB a session"]
    assert left_over([moment(25), moment(500, handles=100, threads=41)]) == ["50 more handles", "11 more threads"]
    for more in ({"in_memory": 2}, {"upload_bytes": 300}, {"script_threads": 1}):
        [said] = left_over([moment(25), moment(500, replace(NOTHING, **more))])
        assert said.startswith("of the sessions ")
