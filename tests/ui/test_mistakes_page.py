import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from mnist_core.data import mnist_files
from mnist_core.data.mnist_files import load_mnist
from mnist_core.ui import services
from tests.ui.app import address, open_page, parts, run, texts


def test_the_matrix_agrees_with_scikit_learn() -> None:
    app = open_page("mistakes")
    (shown,) = parts(app, "matrix")
    counts = [[int(cell["text"]) for cell in row] for row in shown["cells"]]
    evaluation = services.evaluation("default")
    truth = load_mnist().test_labels.numpy()
    assert np.array_equal(counts, confusion_matrix(truth, evaluation.probabilities.argmax(axis=1)))


def test_the_headline_says_how_many_of_how_many() -> None:
    app = open_page("mistakes")
    wrong = round((1 - services.evaluation("default").accuracy) * 10_000)
    assert app.metric[0].delta == f"{wrong} of 10,000 wrong"
    assert "MNIST test set" in texts(app)


def test_row_percentages_add_up_to_a_hundred() -> None:
    app = open_page("mistakes")
    app.segmented_control(key="matrix_shows").set_value("Row %")
    (shown,) = parts(run(app), "matrix")
    for row in shown["cells"]:
        assert sum(float(cell["text"]) for cell in row) == pytest.approx(100, abs=0.6)


def test_all_mistakes_are_shown_the_most_confident_first() -> None:
    app = open_page("mistakes")
    (shown,) = parts(app, "gallery")
    sure = [float(tile["bottom"].split()[0]) for tile in shown["tiles"]]
    assert sure == sorted(sure, reverse=True)
    assert all(tile["top"][0] != tile["top"][-1] for tile in shown["tiles"])


def test_a_link_to_a_cell_shows_its_images_and_no_others() -> None:
    confusion = services.evaluation("default").confusion * (1 - np.eye(10, dtype=int))
    true, read = (int(place) for place in np.unravel_index(confusion.argmax(), confusion.shape))
    app = open_page("mistakes", true=str(true), read=str(read))
    assert parts(app, "matrix")[0]["selected"] == [true, read]
    tiles = parts(app, "gallery")[0]["tiles"]
    assert len(tiles) == confusion[true, read]
    assert {tile["top"] for tile in tiles} == {f"{true} → {read}"}


def test_the_many_images_of_a_right_cell_come_in_pages() -> None:
    app = open_page("mistakes", true="1", read="1")
    assert len(parts(app, "gallery")[0]["tiles"]) == 120


def test_leaving_a_cell_shows_all_mistakes_again() -> None:
    app = open_page("mistakes", true="4", read="9")
    next(button for button in app.button if button.label == "All mistakes").click()
    run(app)
    assert parts(app, "matrix")[0]["selected"] is None
    assert "true" not in address(app)


@pytest.mark.parametrize(("true", "read"), [("x", "1"), ("10", "1"), ("4", ""), ("-1", "2"), ("٣", "1"), ("12", "3")])
def test_a_link_to_no_cell_shows_all_mistakes(true: str, read: str) -> None:
    app = open_page("mistakes", true=true, read=read)
    assert parts(app, "matrix")[0]["selected"] is None


def test_a_picked_image_is_shown_close_up_with_its_ten_probabilities() -> None:
    app = open_page("mistakes")
    index = parts(app, "gallery")[0]["tiles"][0]["id"]
    app.session_state["mistakes_picked"] = index
    run(app)
    (shown,) = parts(app, "answer")
    assert shown["probabilities"] == pytest.approx(services.evaluation("default").probabilities[index].tolist())


def test_a_damaged_mnist_is_one_error_with_the_mend(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(b"damaged")
    monkeypatch.setenv(mnist_files.FOLDER_VARIABLE, str(tmp_path))
    app = open_page("mistakes")
    assert len(app.error) == 1
    assert "torchvision" in app.error[0].value
