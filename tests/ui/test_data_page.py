"""The Data page: what it shows is what the recipe trains with, and what is ticked there is left out of training."""

import json

import numpy as np
import pytest
import torch

from mnist_core.data.dataset import build_dataset, corruption_masks, source_indices
from mnist_core.data.label_errors import score
from mnist_core.evaluation.test_label_errors import REJECTED
from mnist_core.recipe import Recipe
from mnist_core.ui import services
from mnist_core.ui.data import excluded_images, panels
from mnist_core.ui.data.dataset_view import part_of, ranking
from tests.ui.app import AppTest, address, open_page, parts, run, texts

pytestmark = pytest.mark.usefixtures("lasting_caches")

FEW = {"train_images": "1000"}


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return run(app)


def suspects(**faults: str) -> AppTest:
    return open_page("data", look="suspects", **FEW, **faults)


def open_panel(app: AppTest) -> str:
    return str(app.segmented_control(key="open_data_panel").value)


def link(app: AppTest, label: str) -> dict[str, str]:
    (found,) = [element.proto for element in app.get("page_link") if element.proto.label == label]
    return dict(pair.split("=") for pair in found.query_string.replace("%2C", ",").split("&") if pair)


def test_the_chart_counts_what_the_recipe_trains_with() -> None:
    app = open_page("data", train_images="5000", keep_4="0.1")
    counts = build_dataset(Recipe(train_images=5000, keep_4=0.1)).train_labels.bincount(minlength=10).tolist()
    assert f"{sum(counts):,} training images" in texts(app)
    assert f"4s least ({counts[4]:,})" in texts(app)
    charts = [json.loads(chart.proto.spec) for chart in app.get("echarts_chart")]
    drawn = {kind["name"]: [bar["value"] for bar in kind["data"]] for chart in charts for kind in chart["series"]}
    assert drawn["Training images"] == counts
    assert sum(drawn["Validation images"]) == 5000
    assert sum(drawn["Test images"]) == 10_000


def test_every_digit_has_a_mean_and_a_deviation_and_samples() -> None:
    app = open_page("data", **FEW)
    mean, deviation = (part for part in parts(app, "image_strip"))
    assert [len(part["pictures"]) for part in (mean, deviation)] == [10, 10]
    app.segmented_control(key="data_sample_digit").set_value(7)
    tiles = parts(run(app), "gallery")[0]["tiles"]
    labels = build_dataset(Recipe(train_images=1000)).train_labels
    indexes = source_indices(Recipe(train_images=1000))
    of_sevens = set(indexes[labels == 7].tolist())
    assert {tile["id"] for tile in tiles} <= of_sevens
    assert len(tiles) == min(40, len(of_sevens))


def test_a_digit_of_which_nothing_is_kept_says_so() -> None:
    app = open_page("data", keep_3="0", **FEW)
    app.segmented_control(key="data_sample_digit").set_value(3)
    assert "No training image is labelled 3" in texts(run(app))
    app.segmented_control(key="open_data_panel").set_value("ink")
    run(app).segmented_control(key="data_ink_digit").set_value(3)
    assert "No training image is labelled 3" in texts(run(app))


def test_the_ink_is_shown_as_distributions() -> None:
    (shown,) = parts(open_page("data", look="ink", **FEW), "distribution_plots")
    assert {plot["title"] for plot in shown["plots"]} >= {"Stroke width", "Slant", "Centre of mass"}


def test_suspects_come_in_order_and_are_scored_against_what_was_put_in() -> None:
    app = suspects(label_noise="0.05")
    recipe = Recipe(train_images=1000, label_noise=0.05)
    found, wrong = ranking(part_of(recipe)).result(), corruption_masks(recipe).wrong_label.numpy()
    at = score(found.most_contradicted(), wrong, int(wrong.sum()))
    assert f"Of the first **{at.first:,}** suspects, **{at.right:,}** really are mislabelled" in texts(app)
    shown = [tile["id"] for tile in parts(app, "gallery")[0]["tiles"]]
    assert shown == source_indices(recipe)[torch.from_numpy(found.most_contradicted()[: len(shown)].copy())].tolist()


@pytest.mark.parametrize("fault", [{"label_noise": "0.05"}, {"outliers": "0.05"}])
def test_where_there_is_something_to_be_found_suspects_open_by_themselves(fault: dict[str, str]) -> None:
    app = open_page("data", **FEW, **fault)
    assert open_panel(app) == "suspects"
    assert "look" not in address(app)
    assert address(open_page("data", look="classes", **FEW, **fault))["look"] == "classes"


def test_the_truth_is_told_only_when_asked_for() -> None:
    app = suspects(label_noise="0.05")
    assert not any(tile["bottom"].startswith(("✓", "✗")) for tile in parts(app, "gallery")[0]["tiles"])
    app.toggle(key="data_truth").set_value(True)
    assert all(tile["bottom"].startswith(("✓", "✗")) for tile in parts(run(app), "gallery")[0]["tiles"])


def test_without_faults_nobody_pretends_to_know_the_truth() -> None:
    app = suspects()
    assert "nobody knows the truth" in texts(app)
    assert not app.metric


def test_ticked_suspects_are_left_out_of_the_training_that_the_link_leads_to() -> None:
    app = press(suspects(label_noise="0.05"), "Select the first 50")
    assert "**50** selected" in texts(app)
    recipe, notices = Recipe.from_query(link(app, "Train without them"))
    assert not notices
    assert recipe.replace(left_out="") == Recipe(train_images=1000, label_noise=0.05)
    left = {int(index) for index in recipe.left_out.split(",")}
    assert len(left) == 50
    assert not left & set(source_indices(recipe).tolist())
    before, after = (int(corruption_masks(one).wrong_label.sum()) for one in (recipe.replace(left_out=""), recipe))
    assert after < before / 2
    assert "Train without them" not in {one.proto.label for one in press(app, "Clear selection").get("page_link")}


def test_what_a_link_leaves_out_is_ticked() -> None:
    recipe = Recipe(train_images=1000)
    chosen = sorted(source_indices(recipe)[:3].tolist())
    app = suspects(left_out=",".join(map(str, chosen)))
    assert "**3** selected" in texts(app)
    assert link(app, "Train without them")["left_out"] == ",".join(map(str, chosen))


def test_no_more_can_be_ticked_than_a_link_holds() -> None:
    app = press(
        open_page("data", look="suspects", train_images="10000", label_noise="0.2"),
        f"Select the first {excluded_images.MOST}",
    )
    assert f"**{excluded_images.MOST}** selected" in texts(app)
    assert ", the maximum" in texts(app)


def test_outliers_are_looked_for_as_well() -> None:
    app = suspects(outliers="0.05")
    app.segmented_control(key="data_suspects_kind").set_value("Outliers")
    assert "really are outliers" in texts(run(app))


def test_well_known_wrong_test_labels_are_near_the_top_and_cannot_be_left_out() -> None:
    app = open_page("data", look="test")
    assert "MNIST test set" in texts(app)
    (shown,) = parts(app, "gallery")
    ids = [tile["id"] for tile in shown["tiles"]]
    assert len(set(ids) & set(REJECTED)) >= 10
    assert all(tile["bottom"].startswith("⚑") == (tile["id"] in REJECTED) for tile in shown["tiles"])
    assert "None of these can be excluded" in texts(app)
    labels = services.evaluation("default").labels
    assert all(tile["top"][0] == str(labels[tile["id"]]) for tile in shown["tiles"])


@pytest.mark.parametrize("panel", panels.PANELS, ids=lambda panel: panel.name)
def test_every_panel_opens_by_its_name(panel: panels.Panel) -> None:
    app = open_page("data", look=panel.name, **FEW)
    assert app.segmented_control(key="open_data_panel").value == panel.name
    assert not app.error


def test_the_open_part_is_in_the_address_beside_the_recipe() -> None:
    app = open_page("data", **FEW)
    assert "look" not in address(app)
    app.segmented_control(key="open_data_panel").set_value("ink")
    assert address(run(app)) == {"train_images": "1000", "look": "ink"}


@pytest.mark.parametrize("parameters", [{"look": "nothing"}, {"label_noise": "much"}, {"colour": "red"}])
def test_a_link_that_is_wrong_is_answered_in_words(parameters: dict[str, str]) -> None:
    app = open_page("data", **parameters, **FEW)
    assert "Unknown panel" in texts(app) or "cannot be" in texts(app) or "no such settings" in texts(app)
    assert not app.error


def test_a_recipe_without_any_image_is_refused_in_words() -> None:
    app = open_page("data", **{f"keep_{digit}": "0" for digit in range(10)})
    assert len(app.error) == 1
    assert np.all([not parts(app, "gallery")])
