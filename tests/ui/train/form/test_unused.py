import pytest

from mnist_core.recipe import FIELDS, Recipe
from mnist_core.ui.train.form.unused import why_unused
from tests.ui.app import texts
from tests.ui.train.form.form import expander, open_form, widget


@pytest.mark.parametrize(
    ("name", "recipe", "said"),
    [
        ("momentum", {}, "Nesterov"),
        ("momentum", {"optimizer": "sgd"}, "Nesterov"),
        ("label_noise_kind", {}, "no wrong labels"),
        ("outlier_kind", {}, "no outliers"),
        ("fill", {}, "no corner"),
        ("conv_dropout", {"model": "mlp"}, "no convolutions"),
        ("width", {"model": "linear"}, "no hidden layers"),
        ("extra_layers", {"model": "svm"}, "no hidden layers"),
        ("activation", {"model": "linear"}, "no hidden layers"),
        ("svm_gamma", {"model": "cnn"}, "Only the support vector machine"),
        ("learning_rate", {"model": "svm"}, "in one go"),
        ("early_stopping", {"model": "svm"}, "in one go"),
    ],
)
def test_a_setting_that_is_not_used_cannot_be_moved_and_says_why(name: str, recipe: dict[str, str], said: str) -> None:
    control = widget(open_form(**recipe), name)
    assert control.disabled
    assert said in control.proto.help


@pytest.mark.parametrize("model", list(FIELDS["model"].choices))
def test_of_every_model_what_it_does_not_use_is_known(model: str) -> None:
    unused = {name for name in FIELDS if why_unused(name, Recipe(model=model))}
    assert ("learning_rate" in unused) == (model == "svm")
    assert ("svm_c" in unused) == (model != "svm")
    assert ("width" in unused) == (model in ("linear", "svm"))
    assert ("conv_dropout" in unused) == (model not in ("quick", "cnn", "net", "deep"))
    assert not unused & {"train_images", "model", "seed", "scaling", "label_noise", "rotation_deg", "balance"}


def test_a_section_that_a_model_has_no_use_for_is_folded_and_says_why() -> None:
    app = open_form(model="svm")
    assert "not used" in expander(app, "Layers").label
    assert "not used" not in texts(app)
    assert "in one go" in texts(app)
    assert "not used" in expander(open_form(), "Kernel").label
