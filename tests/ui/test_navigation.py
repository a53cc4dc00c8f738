import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.data import mnist_files
from tests.patience import PATIENCE_S
from tests.ui.app import ROOT, open_page, parts, run

NAMES = ["draw", "train", "mistakes", "data", "claims"]


def test_draw_opens_first() -> None:
    app = run(AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S))
    assert len(parts(app, "canvas")) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_page_that_is_run_alone_declares_the_app_around_it(name: str) -> None:
    run(AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=PATIENCE_S))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "parameters", [{"image": "1"}, {"run": "x" * 5000}, {"true": "4"}, {"claim": "4"}, {"embed": "true"}, {"": ""}]
)
def test_no_link_breaks_a_page(name: str, parameters: dict[str, str]) -> None:
    open_page(name, **parameters)


@pytest.mark.parametrize(("name", "parameters"), [("draw", {"image": "1"}), ("mistakes", {}), ("train", {})])
def test_a_missing_mnist_is_said_once_with_the_mend(name, parameters, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(mnist_files.FOLDER_VARIABLE, str(tmp_path))
    app = open_page(name, **parameters)
    assert len(app.error) == 1
    assert "torchvision" in app.error[0].value
