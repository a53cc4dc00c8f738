"""The catalogue: each claim's experiment is whole, and its arms differ in nothing but what its set-up says."""

from pathlib import Path
from urllib.parse import parse_qs

import pytest

from mnist_core.claims import catalog
from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.catalog.drawing_pipeline import SHIPPED
from mnist_core.claims.claim import Arm
from mnist_core.claims.metrics import METRICS
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.runs.cards import shipped

AUGMENTATION = {"rotation_deg", "shift_x", "shift_y", "shear_deg", "zoom", "flip"}
MODEL = {"model", "width"}
KEEPS = {f"keep_{digit}" for digit in range(10)}

MAY_DIFFER = {
    "no_augmentation": AUGMENTATION,
    "centring": {"test_offset_px", "test_inputs", "shift_x", "shift_y"},
    "faulty_data": {"label_noise", "outliers", "cleaning"},
    "imbalance": {"keep_4", "keep_9", "balance"},
    "simple_model": MODEL,
    "vanishing_gradients": {"activation", "extra_layers", "batch_norm", "initialization"},
    "epochs": {"epochs", "early_stopping"},
    "learning_rate": {"learning_rate", "schedule"},
    "regularisation": {"dense_dropout", "weight_decay", "l1"},
    "standard_scaler_svm": {"scaling", "svm_gamma", "svm_c", "model", "epochs"},
    "clipping": {"test_inputs", "outliers"},
    "keras_shear": {"shear_deg"},
    "confidence": {"test_inputs", "calibrated"},
    "drawing_pipeline": {"test_inputs", "model_name", *FIELDS},
    "first_weights": {"initialization", "batch_norm"},
    "pixel_scale": {"scaling"},
    "label_smoothing": {"label_smoothing", "calibrated"},
    "rarer_digit": KEEPS,
    "schedules": {"schedule"},
    "relu_variants": {"activation"},
    "standard_scaler": {"scaling"},
    "batch_size": {"batch_size", "epochs", "learning_rate"},  # each has its own best rate
    "elastic": AUGMENTATION | {"elastic_px"},
    "more_images": {"train_images", "epochs"},
}
"""In what the two arms of a claim's comparisons may differ."""

TOGETHER = {
    ("no_augmentation", "all"): 5, ("no_augmentation", "shift"): 2, ("centring", "shifts_4"): 2,
    ("centring", "shifts_0"): 2,
    ("standard_scaler_svm", "all"): 3, ("standard_scaler_svm", "example"): 5,
    ("standard_scaler_svm", "no_scaler_gamma"): 2,
    **{("simple_model", f"best_svm_{count}"): 2 for count in (100, 300, 1_000)},
    ("batch_size", "as_many_epochs"): 2, ("batch_size", "as_many_steps"): 3,
    ("elastic", "elastic"): 6, ("elastic", "affine"): 5,
    **{("more_images", f"images_{count}"): 2 for count in (2_000, 20_000)},
}  # fmt: skip
"""Treatments that are several settings at once: how many at most. All others are one."""


def differences(one: Arm, other: Arm) -> set[str]:
    found = {name for name, value in one.recipe.as_dict().items() if getattr(other.recipe, name) != value}
    found |= {name for name in ("test_inputs", "calibrated") if getattr(one, name) != getattr(other, name)}
    return found | ({"model_name"} if one.model != other.model else set())


@pytest.fixture(params=CLAIMS.values(), ids=CLAIMS.keys())
def claim(request):
    return request.param


def test_every_file_is_a_claim_in_its_place_and_named_by_its_id():
    files = {path.stem for path in Path(catalog.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == CLAIMS.keys() == MAY_DIFFER.keys()
    assert all(claim_id == claim.id for claim_id, claim in CLAIMS.items())
    assert tuple(CLAIMS) == catalog.ORDER


def test_it_is_whole(claim):
    keys = [arm.key for arm in claim.arms]
    assert len(set(keys)) == len(keys)
    assert len({arm.label for arm in claim.arms}) == len(keys)
    assert claim.primary
    assert set(claim.metrics) <= METRICS.keys()
    protocol = claim.protocol
    for text in (claim.statement, claim.setup, protocol.source, protocol.definition, protocol.smallest):
        assert text.endswith(".")
    for one in claim.comparisons:
        assert claim.arm(one.control) is not claim.arm(one.treatment)
        assert one.min_effect > 0


def test_what_is_tuned_is_chosen_among_arms_that_differ_in_one_setting_and_not_by_test_images(claim):
    arms = {arm.key: arm for arm in claim.arms}
    for one in claim.tuned:
        assert one.key not in arms
        assert one.usual in one.of
        assert one.by.startswith("validation_")
        assert len(set(one.of)) == len(one.of) > 1
        changed = [differences(arms[one.of[0]], arms[other]) for other in one.of[1:]]
        most = TOGETHER.get((claim.id, one.key), 1)
        assert claim.id == "simple_model" or all(len(found) <= most for found in changed)


def test_words_tell_comparisons_apart(claim):
    said = [(one.label, one.metric) for one in claim.comparisons]
    assert len(set(said)) == len(said)


def test_arms_differ_in_what_the_set_up_says(claim):
    for one in claim.comparisons:
        found = differences(claim.arm(one.control), claim.arm(one.treatment))
        assert found, one
        assert found <= MAY_DIFFER[claim.id], one
        if claim.id != "drawing_pipeline":
            assert len(found) <= TOGETHER.get((claim.id, one.treatment), 1), (one, found)


def test_every_arm_has_its_seeds_from_the_experiment(claim):
    assert all(arm.recipe.seed == 0 for arm in claim.arms)


def test_quick_changes_reach_all_arms_alike(claim):
    usual = {one.key: one.usual for one in claim.tuned}
    decide = {usual.get(key, key) for one in claim.primary for key in (one.control, one.treatment)}
    assert {arm.key for arm in claim.arms_for(quick=True)} == decide
    for arm in claim.arms_for(quick=True):
        assert differences(arm, claim.arm(arm.key)) <= set(claim.quick)


def test_lines_have_places_on_their_axis(claim):
    if claim.figure.kind == "lines":
        assert claim.figure.x_title
        assert sum(arm.x is not None for arm in claim.arms) >= 3
        if claim.figure.log_x:
            assert all(arm.x > 0 for arm in claim.arms if arm.x is not None)


def test_where_to_see_it_is_a_recipe_that_can_be_read(claim):
    page, address = claim.demo_link
    assert page in {"draw", "train", "mistakes", "data"}
    _, notices = Recipe.from_query({name: values[0] for name, values in parse_qs(address).items()})
    assert notices == ()


def test_shipped_models_are_named_with_their_own_recipes():
    cards = {card.name: card for card in shipped()}
    assert SHIPPED.keys() == cards.keys()
    for name, (title, recipe) in SHIPPED.items():  # of several seeds the best one ships
        assert (cards[name].title, cards[name].recipe.replace(seed=recipe.seed)) == (
            title,
            recipe,
        )
