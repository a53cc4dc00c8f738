import numpy as np
import pytest

from mnist_core.evaluation import error_analysis as diagnosed
from mnist_core.evaluation.error_analysis import Group, MistakeCauses
from mnist_core.ui import services
from mnist_core.ui.mistakes import error_analysis
from tests.ui.app import parts, run, texts
from tests.ui.mistakes.panel import looked_at, made_up, open_panel


@pytest.fixture(autouse=True)
def _none_found_yet():
    error_analysis.causes_of.clear()
    yield
    error_analysis.causes_of.clear()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosed, "MOST", 10)


def test_every_group_has_a_bar_a_sentence_and_samples_and_they_add_up(few: None) -> None:
    looked = looked_at("default")
    app = open_panel("error_analysis", looked)
    bars = app.get("progress")
    samples = [part for part in parts(app, "image_strip") if part["label"].startswith("Examples")]
    assert len(bars) == len(samples) >= 2
    assert sum(bar.proto.value for bar in bars) == pytest.approx(100, abs=len(bars))
    counts = [int(bar.proto.text.split(" · ")[1].split()[0]) for bar in bars]
    assert sum(counts) == 10
    assert counts == sorted(counts, reverse=True)
    assert all(bar.proto.text.startswith("**") for bar in bars)
    assert [len(part["pictures"]) for part in samples] == [min(4, count) for count in counts]
    wrong = looked.evaluation.mistakes()
    assert f"the 10 most confident of {len(wrong)} mistakes" in texts(app)


def test_choosing_a_group_shows_its_images(few: None) -> None:
    app = open_panel("error_analysis", looked_at("default"))
    choice = app.segmented_control(key="cause_of_default")
    last = choice.options[-1] if isinstance(choice.options[-1], str) else choice.options[-1].content
    found = error_analysis.causes_of("default", 0, None).result()
    assert [tile["id"] for tile in parts(app, "gallery")[0]["tiles"]] == list(found.groups[0].indexes)
    choice.set_value(found.groups[-1].code)
    app = run(app)
    assert last.startswith(found.groups[-1].title[0].upper() + found.groups[-1].title[1:])
    assert [tile["id"] for tile in parts(app, "gallery")[0]["tiles"]] == list(found.groups[-1].indexes)


def test_a_model_without_mistakes_has_nothing_to_explain() -> None:
    app = open_panel("error_analysis", made_up([1, 2, 3], [1, 2, 3]))
    assert "there is no mistake to explain" in texts(app)
    assert not app.get("progress")
    assert not parts(app, "gallery")


def test_all_mistakes_looked_into_says_nothing_of_a_limit() -> None:
    labels = services.evaluation("default").labels
    read = labels.copy()
    read[:3] = (labels[:3] + 1) % 10
    app = open_panel("error_analysis", made_up(labels.tolist(), read.tolist()))
    assert "most confident of" not in texts(app)
    assert "Main causes of 3 mistakes" in texts(app)


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"too_thin": 1}, "Main causes of 1 mistake: thin strokes (1)"),
        (
            {"unseen_style": 41, "mislabelled": 6},
            "Main causes of 47 mistakes: unusual style (41), look mislabelled (6)",
        ),
        (
            {"rotated": 5, "slanted": 4, "blank": 2, "too_thin": 1},
            "Main causes of 12 mistakes: rotated (5), slanted (4), blank (2) …",
        ),
    ],
)
def test_the_headline_names_the_largest_groups(sizes: dict[str, int], words: str) -> None:
    groups = tuple(Group(code, tuple(range(size))) for code, size in sizes.items())
    assert error_analysis.headline(MistakeCauses(groups, 50)) == words


def test_a_model_tested_on_moved_images_is_asked_about_those() -> None:
    from mnist_core.recipe import Recipe

    assert error_analysis.tested_images(Recipe()) is not None
    moved = error_analysis.tested_images(Recipe(test_offset_px=5))
    assert moved.shape == services.test_images().shape
    assert not np.array_equal(moved, services.test_images())
    assert np.array_equal(error_analysis.tested_images(Recipe(epochs=3)), services.test_images())
