import math

import pytest
from scipy import ndimage
from streamlit.testing.v1 import AppTest

from mnist_core.data.dataset import build_dataset, corruption_masks, source_indices
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.optimizers import learning_rate_at
from mnist_core.ui.train.form import previews
from tests.ui.app import parts, texts
from tests.ui.train.form.form import open_form


def charts(app: AppTest) -> list[str]:
    return [element.proto.alt for element in app.get("echarts_chart")]


def notes(app: AppTest, label: str) -> list[tuple[str, str]]:
    found = next(part for part in parts(app, "image_strip") if part["label"] == label)
    return [(picture["title"], picture["note"]) for picture in found["pictures"]]


def test_training_images_are_shown_with_what_is_wrong_with_them() -> None:
    plain = notes(open_form(), "Training images")
    assert len(plain) == 8
    assert {note for _, note in plain} == {""}
    faulty = notes(open_form(label_noise="0.2", outliers="0.1", outlier_kind="blank"), "Training images")
    assert sum(note == "outlier" for _, note in faulty) == 3
    wrong = [(title, note) for title, note in faulty if note.startswith("is a")]
    assert len(wrong) == 3
    assert all(title.strip("“”") not in note for title, note in wrong)


def test_samples_are_marked_as_the_lesson_made_them() -> None:
    part = previews.data_part(Recipe(label_noise=0.3, outliers=0.2, outlier_kind="blank"))
    samples = previews.samples(part)
    assert {sample.is_outlier for sample in samples} == {True, False}
    for sample in samples:
        assert (sample.image.max() == 0) == sample.is_outlier
    assert bool(corruption_masks(part).outlier.any())


def test_moved_samples_keep_their_distance() -> None:
    still = previews.samples(previews.data_part(Recipe()))
    moved = previews.samples(previews.data_part(Recipe(train_offset_px=3)))
    for before, after in zip(still, moved, strict=True):
        from_row, from_column = ndimage.center_of_mass(before.image)
        row, column = ndimage.center_of_mass(after.image)
        assert round(math.hypot(row - from_row, column - from_column)) == 3


def test_what_changes_no_picture_needs_no_new_ones() -> None:
    same = {previews.data_part(Recipe(epochs=epochs, cleaning=epochs > 3)) for epochs in (1, 5)}
    assert len(same) == 1
    assert previews.data_part(Recipe(outliers=0.1)) not in same


def test_moved_test_images_are_shown() -> None:
    assert len(notes(open_form(test_offset_px="5"), "Moved test images")) == 8
    assert not [part for part in parts(open_form(), "image_strip") if part["label"] == "Moved test images"]


def test_the_number_of_images_of_each_digit_is_drawn_when_they_differ() -> None:
    assert not [alt for alt in charts(open_form()) if "each digit" in alt]
    (alt,) = (alt for alt in charts(open_form(keep_4="0.01")) if "each digit" in alt)
    assert "54 of the 4s" in alt
    recipe = Recipe(keep_0=0.0, keep_4=0.1, train_images=1_000, seed=3)
    counts = previews.class_counts(previews.counted_part(recipe))
    assert counts == tuple(build_dataset(recipe).train_labels.bincount(minlength=10).tolist())
    assert counts[0] == 0
    left = recipe.replace(left_out=",".join(map(str, source_indices(recipe)[::2].tolist())))
    less = previews.class_counts(previews.counted_part(left))
    assert less == tuple(build_dataset(left).train_labels.bincount(minlength=10).tolist()) != counts


def test_balanced_bars_share_an_epoch_evenly_among_the_digits_there_are() -> None:
    spec = previews.classes_spec([0, 100, 300, 0, 0, 0, 0, 0, 0, 0], "resample")
    assert [bar["value"] for bar in spec["series"][1]["data"][:3]] == [0, 200, 200]
    assert previews.weights_words([10, 100, 40]) == "An error on a 0 counts 10 times as much as one on a 1."


def test_no_images_at_all_is_said_in_the_form() -> None:
    app = open_form(**{f"keep_{digit}": "0" for digit in range(10)})
    assert any("No training image is left" in error.value for error in app.error)


def test_the_size_follows_the_model() -> None:
    assert "**7,850** parameters · **7,840** multiply-adds" in texts(open_form(model="linear"))


def test_augmented_samples_are_shown() -> None:
    assert "As the model may see them" in texts(open_form(rotation_deg="30"))
    assert "training images as they are" in texts(open_form())


@pytest.mark.parametrize("schedule", list(FIELDS["schedule"].choices))
def test_the_schedule_is_drawn_as_it_will_be(schedule: str) -> None:
    recipe = Recipe(schedule=schedule, epochs=6, learning_rate=0.02)
    points = previews.schedule_spec(recipe)["series"][0]["data"]
    assert (points[0][0], points[-1][0]) == (0, 6)
    for epoch, rate in points[::20]:
        assert rate == pytest.approx(learning_rate_at(recipe, epoch / 6), rel=1e-2)
    app = open_form(schedule=schedule)
    assert any(alt.startswith("Learning rate by epoch") for alt in charts(app))
    assert ("divided by ten" in texts(app)) == (schedule == "plateau")
