"""The examples for running the app behind a proxy: nginx is started with its example, as far as a test may."""

import base64
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Security
from websockets import InvalidStatus

from tests.browser.server import ROOT, free_port, start
from tests.faults.stranger import ask, visit
from tests.runs.examples import wait_for

NAME = "clinic.example.org"
DEPLOY = ROOT / "docs/deploy"
ADA = "Basic " + base64.b64encode(b"ada:lovelace").decode()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def proxy(folder: Path, app: str) -> Iterator[str]:
    """nginx with the example, where only ports and files are other ones; its address."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx on this machine (apt-get install nginx-light)")
    port = free_port()
    tls = Security.temporary().get_tls_config_for_role("scheduler")  # any certificate does
    (folder / "clinic.pem").write_text(tls["cert"])
    (folder / "clinic.key").write_text(tls["key"])
    (folder / "users").write_text("ada:{PLAIN}lovelace\n")
    site = (DEPLOY / "nginx.conf").read_text()
    for example, here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/ssl/certs/clinic.pem", f"{folder}/clinic.pem"),
        ("/etc/ssl/private/clinic.key", f"{folder}/clinic.key"),
        ("/etc/nginx/digit-clinic.users", f"{folder}/users"),
        ("http://127.0.0.1:8501", app.replace("localhost", "127.0.0.1")),
    ):
        assert site.count(example) >= 1, example
        site = site.replace(example, here)
    user = "user root;" if os.geteuid() == 0 else ""
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"daemon off; pid {folder}/pid; {user} events {{}} http {{ access_log off; {paths} {site} }}"
    (folder / "nginx.conf").write_text(main)
    command = [nginx, "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: process.poll() is not None or is_open(port))
        yield f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate()


def test_behind_the_proxy_only_those_with_a_login_get_in(tmp_path: Path) -> None:
    with start(tmp_path, STREAMLIT_SERVER_ALLOWED_HOSTS=NAME) as app, proxy(tmp_path, app.address) as address:
        assert ask(address, Host=NAME).status == 401
        with pytest.raises(InvalidStatus), visit(address, host=NAME):
            pass
        page = ask(address, "/train", Host=NAME, Authorization=ADA, Accept="text/html")
        assert page.status == 200
        assert "; Secure" in page.headers["set-cookie"]
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        with visit(address, "train", host=NAME, Authorization=ADA):
            pass
        with pytest.raises(InvalidStatus), visit(address, host=NAME, origin="https://evil.example", Authorization=ADA):
            pass
        assert ask(address, Host="evil.example", Authorization=ADA).status == 421


def test_the_container_takes_along_what_the_app_needs_and_runs_as_nobody_in_particular() -> None:
    """There is no container engine to build it with here: only its words are looked at."""
    lines = [line for line in (DEPLOY / "Containerfile").read_text().splitlines() if line and line[0] != "#"]
    words = {line.split(" ", 1)[0] for line in lines}
    assert words <= {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "CMD"}
    copied = {line.split()[1] for line in lines if line.startswith("COPY")}
    assert all((ROOT / name).exists() for name in copied)
    assert copied >= {"app.py", "pages", "mnist_core", ".streamlit", "requirements.txt"}
    assert lines.index("USER clinic") < next(i for i, line in enumerate(lines) if line.startswith("CMD"))
    (command,) = (re.findall(r'"([^"]*)"', line) for line in lines if line.startswith("CMD"))
    assert command[:3] == ["streamlit", "run", "app.py"]
