import copy
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from mnist_core.code_bugs.catalog import BUG_OF, BUGS
from mnist_core.code_bugs.simulation import handed_picture, model_input, predict_unbatched, predict_with
from mnist_core.data.mnist_files import load_mnist
from mnist_core.errors import UserError
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.steps import MNIST_STEPS, RAW
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import load_model
from mnist_core.training.models import build
from mnist_core.training.support_vectors import SupportVectors

CODES = [bug.code for bug in BUGS]


@pytest.fixture(scope="module")
def model():
    opened = load_model().model
    opened.temperature = 1.0  # so that what is worked out by hand is a plain softmax
    return opened


@pytest.fixture(scope="module")
def images():
    return load_mnist().train_images[:40].float() / 255


def layers_of(model, standardized):
    """The answers to (N, 28, 28) that were standardised already, by the layers alone."""
    with torch.inference_mode():
        return F.softmax(model.layers(standardized[:, None]), dim=1)


def same(one, other):
    torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


def trained(**settings):
    """A model with dropout or other norms, whose statistics are not those of a fresh one."""
    torch.manual_seed(5)
    model = build(Recipe(**settings))
    model.train()(torch.rand(64, 1, 28, 28))
    return model.eval()


def test_without_a_bug_the_answer_is_the_models_own(model, images) -> None:
    same(predict_with(None, model, images), layers_of(model, (images - 0.1307) / 0.3081))
    same(predict_with(None, model, (images * 255).round().byte()), predict_with(None, model, images))


def test_what_each_bug_before_the_network_hands_over_by_hand(model, images) -> None:
    by_hand = {
        "not_normalized": images * 255,
        "normalized_twice": torch.from_numpy((images.numpy() - 0.1307) / 0.3081),
        "inverted_twice": torch.from_numpy(1 - images.numpy()),
        "transposed": torch.from_numpy(np.stack([image.T for image in images.numpy()])),
        "alpha_as_ink": torch.ones(40, 28, 28),
        "wrong_interpolation": images,
    }
    for code, inputs in by_hand.items():
        same(model_input(code, images), inputs)
        same(predict_with(code, model, images), layers_of(model, (inputs - 0.1307) / 0.3081))


def test_alpha_of_an_opaque_picture_is_what_pillow_says(images) -> None:
    grey = Image.fromarray((images[0].numpy() * 255).astype(np.uint8))
    file = io.BytesIO()
    grey.convert("RGBA").save(file, "PNG")
    alpha = np.asarray(Image.open(file))[..., -1] / np.float32(255)
    assert np.array_equal(model_input("alpha_as_ink", images[:1])[0].numpy(), alpha)


def test_softmax_twice_and_shifted_labels_by_hand(model, images) -> None:
    whole = predict_with(None, model, images).numpy().astype(np.float64)
    twice = np.exp(whole) / np.exp(whole).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(predict_with("softmax_twice", model, images), twice, atol=1e-6)
    shifted = predict_with("labels_shifted", model, images)
    for digit in range(10):
        np.testing.assert_allclose(shifted[:, (digit + 1) % 10], whole[:, digit], atol=1e-6)
    names = "1234567890"  # of the wrong code that is shown
    assert [int(names[row.argmax()]) for row in whole] == shifted.argmax(dim=1).tolist()


def test_forgotten_eval_mode_asks_each_image_by_its_own_statistics(model, images) -> None:
    training = copy.deepcopy(model).train()
    with torch.inference_mode():
        one_by_one = torch.cat([training(image[None, None]) for image in images]).softmax(dim=1)
        in_tens = torch.cat([training(ten[:, None]) for ten in images.split(10)]).softmax(dim=1)
    same(predict_with("eval_mode_forgotten", model, images), one_by_one)
    same(predict_with("eval_mode_forgotten", model, images, together=10), in_tens)
    assert (one_by_one - in_tens).abs().max() > 0.01
    assert (one_by_one - predict_with(None, model, images)).abs().max() > 0.01


def test_forgotten_eval_mode_leaves_dropout_on_and_the_seed_decides(images) -> None:
    model = trained(batch_norm=False, conv_dropout=0.3, dense_dropout=0.5)
    first, again, other = (predict_with("eval_mode_forgotten", model, images, seed=seed) for seed in (1, 1, 2))
    same(first, again)
    assert not torch.allclose(first, other, atol=1e-4)
    torch.manual_seed(1)
    with torch.inference_mode():
        by_hand = copy.deepcopy(model).train()(images[:, None].contiguous(memory_format=torch.channels_last))
    same(first, by_hand.softmax(dim=1))


def test_a_model_without_dropout_or_norms_does_not_mind_its_mode(images) -> None:
    model = trained(model="linear")
    same(predict_with("eval_mode_forgotten", model, images), predict_with(None, model, images))


def test_pytorch_stops_where_it_is_said_to_stop(images) -> None:
    model = trained(model="mlp", batch_norm=True)
    assert not predict_unbatched(model)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel when training"):
        copy.deepcopy(model).train()(images[:1, None])
    for count, together in ((1, 1), (40, 1), (5, 4)):
        with pytest.raises(UserError, match="Expected more than 1 value per channel when training"):
            predict_with("eval_mode_forgotten", model, images[:count], together=together)
    with torch.inference_mode():
        by_hand = copy.deepcopy(model).train()(images[:, None]).softmax(dim=1)
    same(predict_with("eval_mode_forgotten", model, images, together=40), by_hand)


def test_weights_that_were_not_loaded_are_those_of_a_new_network(images) -> None:
    torch.manual_seed(0)
    fresh = build(Recipe(model="mlp")).eval()
    by_hand = layers_of(fresh, (images - 0.1307) / 0.3081)
    same(predict_with("weights_not_loaded", trained(model="mlp"), images), by_hand)


def test_weights_that_were_not_loaded_know_nothing_of_those_that_were_learned(model, images) -> None:
    answers = predict_with("weights_not_loaded", model, images)
    settings = {"activation": "relu", "batch_norm": True, "model": "deep", "width": 0.5}  # of the shipped model
    other = trained(**settings).to(memory_format=torch.channels_last)
    same(answers, predict_with("weights_not_loaded", other, images))
    assert not torch.allclose(answers, predict_with(None, model, images), atol=0.1)


@pytest.mark.parametrize("code", [None, *CODES])
def test_no_bug_touches_the_model_or_the_images_or_the_dice(code, images) -> None:
    model = trained(batch_norm=True, dense_dropout=0.5)
    weights, given, mode = copy.deepcopy(model.state_dict()), images.clone(), [m.training for m in model.modules()]
    dice = torch.get_rng_state()
    predict_with(code, model, images, together=20)
    predict_with(code, model, images)
    assert torch.equal(torch.get_rng_state(), dice)
    assert torch.equal(images, given)
    assert [module.training for module in model.modules()] == mode
    assert weights.keys() == model.state_dict().keys()
    assert all(torch.equal(tensor, weights[name]) for name, tensor in model.state_dict().items())


def test_many_threads_that_break_one_model_do_not_get_in_each_others_way(images) -> None:
    model = trained(batch_norm=True, dense_dropout=0.5)
    weights = copy.deepcopy(model.state_dict())
    few = images[:8]
    alone = {code: predict_with(code, model, few) for code in (None, *CODES)}
    with ThreadPoolExecutor(8) as threads:
        codes = [None, *CODES] * 12
        for code, answers in zip(codes, threads.map(lambda code: predict_with(code, model, few), codes), strict=True):
            same(answers, alone[code])
    assert not any(module.training for module in model.modules())
    assert all(torch.equal(tensor, weights[name]) for name, tensor in model.state_dict().items())


def test_a_temperature_is_kept() -> None:
    model = trained(model="linear")
    model.temperature = 2.0
    images = torch.rand(3, 28, 28)
    with torch.inference_mode():
        by_hand = (model.layers((images[:, None] - 0.1307) / 0.3081) / 2).softmax(dim=1)
    same(predict_with(None, model, images), by_hand)


def test_of_a_picture_the_left_out_step_is_left_out() -> None:
    picture = np.zeros((300, 260), np.uint8)
    picture[40:240, 120:123] = 255
    picture[40:43, 60:123] = 255
    whole = preprocess(picture).pixels
    assert np.array_equal(handed_picture(None, preprocess(picture)), whole)
    np.testing.assert_allclose(handed_picture("not_normalized", preprocess(picture)), whole * 255, rtol=1e-5)
    spots = handed_picture("wrong_interpolation", preprocess(picture)).numpy()
    assert np.array_equal(spots, preprocess(picture, MNIST_STEPS - {"antialias"}).pixels)
    assert np.abs(spots - whole).max() > 0.2
    assert np.array_equal(handed_picture("transposed", preprocess(picture)), whole.T)


def test_a_digit_that_was_never_scaled_is_broken_on_its_own_scale(images) -> None:
    picture = (images[0].numpy() * 255).round().astype(np.uint8)
    levels = RAW - {"normalize"}
    assert np.array_equal(handed_picture("not_normalized", preprocess(picture, levels)), picture)
    assert np.array_equal(handed_picture("inverted_twice", preprocess(picture, levels)), 255.0 - picture)
    assert np.array_equal(handed_picture("alpha_as_ink", preprocess(picture, levels)), np.full((28, 28), 255.0))


def test_an_unknown_bug_is_no_bug(model, images) -> None:
    for call in (lambda: predict_with("gremlins", model, images), lambda: model_input("gremlins", images)):
        with pytest.raises(ValueError, match="gremlins"):
            call()


def test_the_code_that_is_shown_is_python_and_differs() -> None:
    assert len(BUG_OF) == len(BUGS)
    for bug in BUGS:
        compile(bug.wrong, bug.code, "exec")
        compile(bug.right, bug.code, "exec")
        assert bug.wrong != bug.right
        assert max(len(bug.wrong.splitlines()), len(bug.right.splitlines())) <= 4


def test_a_support_vector_machine_without_its_vectors_gives_one_answer_to_everything(images) -> None:
    model = build(Recipe(model="svm")).eval()
    machine = next(module for module in model.modules() if isinstance(module, SupportVectors))
    machine.allocate(5)
    machine.vectors.random_(256, generator=torch.Generator().manual_seed(0))
    machine.weights.normal_(generator=torch.Generator().manual_seed(1))
    machine.offsets.normal_(generator=torch.Generator().manual_seed(2))
    answers = predict_with("weights_not_loaded", model, images)
    same(answers, answers[:1].expand(40, 10))
    same(answers, layers_of(build(Recipe(model="svm")).eval(), images))
    assert len(machine.vectors) == 5
