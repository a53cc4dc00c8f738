"""Strangers, of the same network or machine, against a real server: what they reach, and what they do not."""

import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from websockets import InvalidStatus

from mnist_core.ui.common.visitor import COOKIE
from tests.browser.server import Server, start
from tests.faults.stranger import ask, send, show, visit
from tests.runs.examples import wait_for

CODE = "grün; 7 <of> 9"
BROWSER = {"Accept": "text/html,*/*"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """As `streamlit run app.py` starts it, with its workers up."""
    before = os.umask(0o022)
    with start(folder, DIGIT_CLINIC_DATABASE=f"sqlite:///{folder / 'new/folder/runs.sqlite'}") as started:
        os.umask(before)
        with visit(started.address, "train"):
            wait_for(lambda: len(processes(started)) >= 3)  # nanny and worker
        yield started


@pytest.fixture(scope="module")
def for_a_class(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("class")
    with start(folder, "--server.address", "0.0.0.0", DIGIT_CLINIC_CODE=CODE.title()) as started:
        yield started


def processes(server: Server) -> list[psutil.Process]:
    app = psutil.Process(server.process_id)
    return [app, *app.children(recursive=True)]


def listening(server: Server) -> set[tuple[str, int]]:
    ports = {one.laddr for process in processes(server) for one in process.net_connections() if one.status == "LISTEN"}
    return {(one.ip, one.port) for one in ports}


def test_by_default_nothing_listens_to_the_network(server: Server) -> None:
    assert {ip for ip, _ in listening(server)} == {"127.0.0.1"}
    assert "join" not in ask(server.address, **BROWSER).text


def test_only_the_owner_of_the_account_reads_what_the_app_keeps(server: Server, folder: Path) -> None:
    kept = [folder / "new", folder / "new/folder", *(folder / "new/folder").iterdir()]
    assert len(kept) >= 3
    assert {stat.S_IMODE(one.stat().st_mode) & 0o077 for one in kept} == {0}


@pytest.mark.parametrize("order", ["clear_cache", "set_run_on_save", "load_git_info", "debug_shutdown_runtime"])
def test_no_visitor_s_message_makes_the_app_forget_or_start_anything(server: Server, order: str) -> None:
    before = {process.pid for process in processes(server)}
    with visit(server.address, "train") as session, visit(server.address, "train"):
        for _ in range(3):
            send(session, order)
        show(session, "train")
    assert {process.pid for process in processes(server)} == before


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "null", "https://localhost"])
def test_another_site_s_page_is_refused_at_once(server: Server, origin: str) -> None:
    began_s = time.monotonic()
    with pytest.raises(InvalidStatus), visit(server.address, origin=origin):
        pass
    assert ask(server.address, Origin=origin).status == 403
    assert time.monotonic() - began_s < 5  # Streamlit asked a server outside first, and all visitors waited for it


def test_a_stranger_s_name_that_leads_here_is_refused(server: Server) -> None:
    name = "rebound.example:8501"
    assert ask(server.address, Host=name).status == 421
    assert ask(server.address, Host="127.0.0.1:8501").status == 200
    with visit(server.address, host="[::1]:8501"):
        pass
    with pytest.raises(InvalidStatus), visit(server.address, host=name):
        pass


@pytest.mark.parametrize("path", ["/", "/train?epochs=3", "/static/none.js", "/_stcore/health", "/media/none.png"])
def test_every_answer_says_what_a_browser_may_do_with_it(server: Server, path: str) -> None:
    headers = ask(server.address, path, **BROWSER).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert "unsafe" not in policy["script-src"] + policy["default-src"]
    assert not re.search(r"https?:|\*", headers["content-security-policy"])


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/%6detrics", "//_stcore/metrics"])
def test_what_the_server_uses_is_nobody_s_business(server: Server, path: str) -> None:
    assert "_stcore" not in (answer := ask(server.address, path)).text
    assert answer.status in (400, 404)


def test_a_browser_is_known_again_by_a_cookie_that_no_script_reads(server: Server) -> None:
    cookie = ask(server.address, **BROWSER).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert COOKIE not in ask(server.address, Cookie=cookie, **BROWSER).headers.get("set-cookie", "")


def test_who_has_no_join_code_gets_nothing(for_a_class: Server) -> None:
    for path in ("/", "/train", "/static/js/none.js", "/_stcore/host-config", "/media/x.png", "/?join=wrong"):
        for headers, status in (({}, 403), (BROWSER, 200)):
            answer = ask(for_a_class.address, path, **headers)
            assert (answer.status, "join code" in answer.text, CODE in answer.text) == (status, True, False), path
    for cookie in ("", "digit_clinic_pass=x"):
        with pytest.raises(InvalidStatus), visit(for_a_class.address, Cookie=cookie):
            pass
    assert ask(for_a_class.address, "/_stcore/health").status == 200  # for whoever looks whether it is alive


@pytest.mark.parametrize("typed", [CODE, f" {CODE.upper()} "])
def test_the_join_code_lets_in_and_leaves_the_address(for_a_class: Server, typed: str) -> None:
    joined = ask(for_a_class.address, f"/train?epochs=3&join={quote(typed)}", **BROWSER)
    assert (joined.status, joined.headers["location"]) == (303, "/train?epochs=3")
    assert "HttpOnly" in joined.headers["set-cookie"]
    cookie = "; ".join(one.partition(";")[0] for one in joined.headers["set-cookie"].splitlines())
    assert ask(for_a_class.address, "/train", Cookie=cookie).status == 200
    with visit(for_a_class.address, "train", Cookie=cookie):
        pass


def test_a_link_survives_the_question_for_the_code_as_text(for_a_class: Server) -> None:
    asked = ask(for_a_class.address, '/train?epochs=3&note="><script>', **BROWSER).text
    assert '<input type="hidden" name="epochs" value="3">' in asked
    assert "<script>" not in asked


@pytest.mark.parametrize("path", ["//evil.example", "/%5Cevil.example", "/%2F%2Fevil.example", "/%0D%0AX:y"])
def test_no_link_with_a_code_leads_to_another_site(for_a_class: Server, path: str) -> None:
    location = ask(for_a_class.address, f"{path}?join={quote(CODE)}", **BROWSER).headers.get("location", "/")
    assert re.match(r"/[^/\\]|/$", location)


def test_the_address_and_the_code_to_show_are_printed(tmp_path: Path) -> None:
    with start(tmp_path, "--server.address", "0.0.0.0") as started:
        port = started.address.rpartition(":")[2]
        said = (tmp_path / "server.log").read_text()
        (code,) = re.findall(r"join code:\s+(\S+)", said)
        assert len(code) >= 8
        assert f"localhost:{port}/?join={code}" in said
        own = [one.address for cards in psutil.net_if_addrs().values() for one in cards if one.family.name == "AF_INET"]
        assert all(f"http://{ip}:{port}" in said for ip in own if not ip.startswith(("127.", "169.254.")))
        assert "External URL" not in said
        assert ask(started.address, f"/?join={code}").status == 303


def test_150_visitors_take_fewer_than_200_file_handles_and_runs_go_on_with_256(tmp_path: Path) -> None:
    few = ("bash", "-c", 'ulimit -n 256 && exec "$@"', "bash")
    with start(tmp_path, within=few) as started, ExitStack() as visitors:
        app = psutil.Process(started.process_id)
        visitors.enter_context(visit(started.address, "train"))
        wait_for(lambda: len(processes(started)) >= 3)
        for number in range(149):
            visitors.enter_context(visit(started.address, ("", "train", "claims")[number % 3]))
        assert app.num_fds() < 200
        with ExitStack() as too_many:  # who does not fit is refused, and the others go on
            refused = 0
            for _ in range(256 - 150):
                try:
                    too_many.enter_context(visit(started.address))
                except InvalidStatus:
                    refused += 1
            assert refused > 90
            assert ask(started.address).status == 200
            assert app.num_fds() < 256
        workers = processes(started)[1:]
        for process in workers:
            process.kill()
        wait_for(lambda: len(processes(started)) >= 3 and not {*processes(started)} & {*workers})
        visitors.enter_context(visit(started.address, "train"))
    assert "Too many open files" not in (tmp_path / "server.log").read_text()
