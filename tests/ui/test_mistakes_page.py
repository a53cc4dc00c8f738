import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import confusion_matrix
from streamlit.testing.v1 import AppTest

from mnist_core.data import mnist_files
from mnist_core.data.mnist_files import load_mnist
from mnist_core.evaluation import error_analysis
from mnist_core.preprocessing.pipeline import Preprocessed
from mnist_core.preprocessing.steps import RAW
from mnist_core.ui import services
from mnist_core.ui.mistakes import image_detail, panels, robustness
from tests.patience import PATIENCE_S
from tests.ui.app import address, open_page, parts, run, texts

pytestmark = pytest.mark.usefixtures("lasting_caches")


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
    (chip,) = parts(app, "model_chips")[0]["chips"]
    assert chip["note"] == f"{wrong} of 10,000 wrong"
    assert "MNIST test set" in texts(app)


def test_row_percentages_add_up_to_a_hundred() -> None:
    app = open_page("mistakes")
    app.segmented_control(key="matrix_shows_3").set_value("rows")
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


def test_a_row_is_all_that_is_misread_of_a_digit_and_a_column_all_that_is_taken_for_it() -> None:
    confusion = services.evaluation("default").confusion * (1 - np.eye(10, dtype=int))
    digit = int(confusion.sum(axis=1).argmax())
    app = open_page("mistakes", true=str(digit))
    assert parts(app, "matrix")[0]["selected"] == [digit, None]
    assert len(parts(app, "gallery")[0]["tiles"]) == confusion.sum(axis=1)[digit]
    digit = int(confusion.sum(axis=0).argmax())
    app = open_page("mistakes", read=str(digit))
    assert len(parts(app, "gallery")[0]["tiles"]) == confusion.sum(axis=0)[digit]


def test_images_are_sorted_as_is_asked() -> None:
    app = open_page("mistakes")
    evaluation = services.evaluation("default")
    two = np.sort(evaluation.probabilities, axis=1)[:, -2:]
    own = evaluation.probabilities[np.arange(len(two)), evaluation.labels]
    for order, number in (("unsure", two[:, 1] - two[:, 0]), ("loss", own), ("order", np.arange(len(two)))):
        app.selectbox(key="cell_order").set_value(order)
        shown = [tile["id"] for tile in parts(run(app), "gallery")[0]["tiles"]]
        assert list(number[shown]) == sorted(number[shown])


def test_the_filter_leaves_what_the_network_was_so_sure_of() -> None:
    app = open_page("mistakes")
    app.slider(key="cell_confidence").set_range(90, 100)
    sure = [float(tile["bottom"].replace("over ", "").split()[0]) for tile in parts(run(app), "gallery")[0]["tiles"]]
    assert sure
    assert min(sure) >= 90


def test_two_models_are_compared_both_ways() -> None:
    app = open_page("mistakes", against="mlp", look="versus")
    ours, other = services.evaluation("default"), services.evaluation("mlp")
    truth = load_mnist().test_labels.numpy()
    right, other_right = ours.probabilities.argmax(1) == truth, other.probabilities.argmax(1) == truth
    shown = {tile["id"] for tile in parts(app, "gallery")[0]["tiles"]}
    assert shown == set(np.flatnonzero(~right & other_right).tolist())
    wins, losses = np.sum(right & ~other_right), np.sum(~right & other_right)
    assert f"is right on {wins} images that :orange-badge[B] gets wrong, and wrong on {losses} that" in texts(app)
    assert ":blue-badge[A] is better: significant (p < 0.001)" in texts(app)
    assert address(app)["against"] == "mlp"


def test_the_headline_names_both_models_in_full_and_what_shows_them_cuts_the_names() -> None:
    first, second = parts(open_page("mistakes", against="mlp"), "model_chips")[0]["chips"]
    assert (first["letter"], second["letter"]) == ("A", "B")
    assert second["name"] == services.model_option("mlp").title
    assert second["value"] == f"{services.evaluation('mlp').accuracy:.2%}".replace("%", " %")


def test_the_difference_of_two_matrices_is_shown() -> None:
    app = open_page("mistakes", against="mlp")
    app.segmented_control(key="matrix_shows_4").set_value("difference")
    cells = parts(run(app), "matrix")[0]["cells"]
    more = services.evaluation("default").confusion - services.evaluation("mlp").confusion
    said = [[int(cell["text"].replace("−", "-")) for cell in row] for row in cells]
    assert np.array_equal(said, more)


def test_a_model_is_not_compared_with_itself_nor_with_one_that_is_not_there() -> None:
    app = open_page("mistakes", against="default")
    assert "against" not in address(app)
    app = open_page("mistakes", against="nobody")
    assert "against" not in address(app)
    assert len(app.error) == 1


def test_without_a_second_model_there_is_nothing_fixed_or_broken() -> None:
    assert "Choose a second model" in texts(open_page("mistakes", look="versus"))


def test_a_link_opens_an_image() -> None:
    app = open_page("mistakes", image="5937")
    assert "5,937" in parts(app, "image_strip")[0]["pictures"][0]["title"]
    assert "The label may be wrong" in texts(app)  # a 5 by its label, a 3 to everybody


@pytest.mark.parametrize("image", ["10000", "-1", "x", "99999999999", ""])
def test_a_link_to_no_image_opens_none(image: str) -> None:
    app = open_page("mistakes", image=image)
    assert not parts(app, "answer")
    assert "There is no test image" in texts(app)


def open_image(app: AppTest) -> int | None:
    image = address(app).get("image")
    return None if image is None else int(image)


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return run(app)


@pytest.mark.parametrize("part", image_detail.PARTS)
def test_every_part_of_an_image_opens(part: str) -> None:
    app = open_page("mistakes", image="8")
    app.segmented_control(key="close_up_part").set_value(part)
    run(app)
    assert not app.error


def test_an_open_image_is_explained_at_once() -> None:
    assert services.neighbors("default").wait(PATIENCE_S)  # until then, a bar stands there
    app = open_page("mistakes", image="1901")
    strips = {part["label"]: part["pictures"] for part in parts(app, "image_strip")}
    assert len(strips["The three nearest training digits"]) == 3
    found = services.diagnosis("default", *_digit_of(1901))
    assert found.causes[0].text in texts(app)


def _digit_of(index: int) -> tuple[Preprocessed, int]:
    picture, label = services.test_picture(index)
    return services.with_steps(services.preprocessed(picture), RAW), label


@pytest.mark.parametrize("look", [panel.name for panel in panels.PANELS])
def test_an_image_is_open_beside_every_panel_once(look: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_analysis, "MOST", 3)
    monkeypatch.setattr(robustness, "FEWER_FOR", {"linear": 20})
    app = open_page("mistakes", run="linear", look=look, image="8", **({"against": "mlp"} if look == "versus" else {}))
    assert len(parts(app, "open_image")) == 1
    assert not parts(app, "gallery")
    assert not app.error
    assert open_image(press(app, "image_close")) is None
    assert not parts(app, "open_image")


def test_without_a_second_model_an_image_is_open_all_the_same() -> None:
    app = open_page("mistakes", run="linear", look="versus", image="8")
    assert len(parts(app, "open_image")) == 1


def test_previous_and_next_go_through_the_images_as_they_are_sorted() -> None:
    app = open_page("mistakes")
    app.selectbox(key="cell_order").set_value("unsure")
    shown = [tile["id"] for tile in parts(run(app), "gallery")[0]["tiles"]]
    app.query_params["image"] = str(shown[0])
    run(app)
    assert app.button(key="image_previous").disabled
    assert f"1 of {len(shown)}" in texts(app)
    assert open_image(press(app, "image_next")) == shown[1]
    assert parts(app, "open_image")[0]["note"] == f"Test image {shown[1]:,}"
    assert open_image(press(app, "image_previous")) == shown[0]
    app.query_params["image"] = str(shown[-1])
    assert run(app).button(key="image_next").disabled


def test_the_filter_counts_while_an_image_is_open() -> None:
    app = open_page("mistakes")
    app.slider(key="cell_confidence").set_range(90, 100)
    shown = [tile["id"] for tile in parts(run(app), "gallery")[0]["tiles"]]
    app.query_params["image"] = str(shown[0])
    assert f"1 of {len(shown)}" in texts(run(app))
    assert f"2 of {len(shown)}" in texts(press(app, "image_next"))
    assert [tile["id"] for tile in parts(press(app, "image_close"), "gallery")[0]["tiles"]] == shown


def test_after_an_image_was_closed_its_tile_has_the_focus() -> None:
    app = open_page("mistakes", true="1", read="1")
    evaluation = services.evaluation("default")
    cell = evaluation.cell(1, 1)
    last = int(cell[np.argsort(-evaluation.confidence[cell], kind="stable")[-1]])
    app.query_params["image"] = str(last)
    (shown,) = parts(press(run(app), "image_close"), "gallery")
    assert shown["focus"] == last
    assert last in [tile["id"] for tile in shown["tiles"]]  # on the last page
    assert parts(run(app), "gallery")[0]["focus"] is None


def test_from_an_image_that_is_not_among_them_next_goes_to_the_first() -> None:
    app = open_page("mistakes", true="4", read="9", image="5937")
    assert app.button(key="image_previous").disabled
    evaluation = services.evaluation("default")
    cell = evaluation.cell(4, 9)
    first = int(cell[np.argsort(-evaluation.confidence[cell], kind="stable")[0]])
    assert open_image(press(app, "image_next")) == first


def test_every_panel_is_on_the_page_under_its_own_name() -> None:
    choice = open_page("mistakes").segmented_control(key="open_mistakes_panel")
    assert choice.options == [panel.title for panel in panels.PANELS]
    assert len({panel.name for panel in panels.PANELS}) == len(panels.PANELS)


def test_the_many_images_of_a_right_cell_come_in_pages() -> None:
    app = open_page("mistakes", true="1", read="1")
    assert len(parts(app, "gallery")[0]["tiles"]) == 120


def test_leaving_a_cell_shows_all_mistakes_again() -> None:
    app = open_page("mistakes", true="4", read="9")
    next(button for button in app.button if button.label == "All mistakes").click()
    run(app)
    assert parts(app, "matrix")[0]["selected"] is None
    assert "true" not in address(app)


@pytest.mark.parametrize(("true", "read"), [("x", "1"), ("10", "1"), ("-1", "2"), ("٣", "1"), ("12", "3"), ("", "")])
def test_a_link_to_no_cell_shows_all_mistakes(true: str, read: str) -> None:
    app = open_page("mistakes", true=true, read=read)
    assert parts(app, "matrix")[0]["selected"] is None


def test_an_open_image_has_the_ten_probabilities_that_draw_shows_and_says_where_others_stand() -> None:
    app = open_page("mistakes")
    index = parts(app, "gallery")[0]["tiles"][0]["id"]
    app.query_params["image"] = str(index)
    run(app)
    (shown,) = parts(app, "answer")
    (drawn,) = parts(open_page("draw", image=str(index)), "answer")
    assert shown["probabilities"] == pytest.approx(drawn["probabilities"], abs=1e-4)
    own = services.evaluation("default").probabilities[index]
    temperature = services.model("default").model.temperature
    assert shown["probabilities"] == pytest.approx(softmax(np.log(own) / temperature).tolist(), abs=1e-4)
    assert f"The model's own confidence, as among the images, is {own.max():.1%}".replace("%", " %") in texts(app)


def test_a_damaged_mnist_is_one_error_with_the_mend(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(b"damaged")
    monkeypatch.setenv(mnist_files.FOLDER_VARIABLE, str(tmp_path))
    app = open_page("mistakes")
    assert len(app.error) == 1
    assert "torchvision" in app.error[0].value
