from itertools import permutations

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, confusion_matrix

from mnist_core.code_bugs.catalog import BUG_OF
from mnist_core.code_bugs.simulation import predict_with
from mnist_core.code_bugs.symptoms import (
    SAMPLE,
    Symptoms,
    agreement,
    one_per_class,
    sample,
    showing,
    symptoms,
    telling_sign,
)
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import load_model
from mnist_core.training.models import build


@pytest.fixture(scope="module")
def model():
    return load_model().model


@pytest.fixture(scope="module")
def measured(model):
    images, labels = sample()
    return {code: symptoms(code, model, images, labels) for code in (None, *BUG_OF)}


def made(answers, confidence=0.9, changing=0.0, labels=None):
    """Symptoms with these answers, each given with this confidence."""
    rows = np.full((len(answers), 10), (1 - confidence) / 9, np.float32)
    rows[np.arange(len(answers)), answers] = confidence
    return Symptoms(Evaluation(np.asarray(answers if labels is None else labels), rows), changing)


def unsure_when_wrong():
    """A hundred zeros, of which the last is meant to be a one and nearly read so."""
    rows = np.full((100, 10), 0.1 / 9, np.float32)
    rows[:, 0] = 0.9
    rows[-1, :2] = 0.5, 0.4
    return Symptoms(Evaluation(np.array([0] * 99 + [1]), rows), 0.0)


def test_the_sample_is_the_first_of_the_validation_images() -> None:
    parts = split(load_mnist())
    images, labels = sample()
    assert len(images) == SAMPLE == 1000
    assert torch.equal(images, parts.validation_images[:1000])
    assert torch.equal(labels, parts.validation_labels[:1000])


def test_one_of_each_digit_is_the_first_of_each() -> None:
    labels = sample()[1]
    assert one_per_class(labels) == [labels.tolist().index(digit) for digit in range(10)]
    assert one_per_class(torch.tensor([3, 1, 3])) == [1, 0]


def test_the_symptoms_are_what_scikit_learn_counts(model, measured) -> None:
    images, labels = sample()
    rows = predict_with("normalized_twice", model, images)
    seen = measured["normalized_twice"]
    answers = rows.argmax(dim=1)
    assert seen.accuracy == pytest.approx(accuracy_score(labels, answers))
    assert np.array_equal(seen.evaluation.confusion, confusion_matrix(labels, answers, labels=range(10)))
    assert seen.confidence == pytest.approx(float(rows.max(dim=1).values.mean()), abs=1e-6)
    wrong = rows.max(dim=1).values[answers != labels]
    assert seen.confidence_when_wrong == pytest.approx(float(wrong.mean()), abs=1e-6)
    digit, share = seen.favorite
    assert share == pytest.approx(max((answers == one).float().mean().item() for one in range(10)))
    assert (answers == digit).float().mean().item() == pytest.approx(share)


def test_what_is_told_of_the_bugs_is_measured(measured) -> None:
    right = measured[None]
    assert right.accuracy > 0.98
    assert measured["not_normalized"].confidence_when_wrong > 0.95 > right.confidence_when_wrong
    assert measured["softmax_twice"].accuracy == right.accuracy
    assert measured["softmax_twice"].evaluation.confidence.max() <= np.e / (np.e + 9) + 1e-6
    assert measured["labels_shifted"].accuracy < 0.02
    assert measured["alpha_as_ink"].favorite[1] == 1
    assert measured["eval_mode_forgotten"].changing > 0.1
    assert all(seen.changing == 0 for code, seen in measured.items() if code != "eval_mode_forgotten")
    assert measured["eval_mode_forgotten"].accuracy > 0.9
    assert measured["weights_not_loaded"].accuracy < 0.2
    assert measured["weights_not_loaded"].confidence < 0.2
    assert measured["inverted_twice"].accuracy < 0.3
    zeros = measured["transposed"].evaluation.recall
    assert zeros.argmax() == 0
    assert measured["wrong_interpolation"].accuracy == right.accuracy


def test_every_hidden_bug_can_be_told_from_every_other_by_a_plain_sign(model, measured) -> None:
    images, labels = sample()
    hidden = showing(model, images[one_per_class(labels)])
    assert set(hidden) == set(BUG_OF) - {"wrong_interpolation"}
    for guessed, bug in permutations(hidden, 2):
        assert telling_sign(measured[guessed], measured[bug]) != "answers", (guessed, bug)


def test_what_does_not_show_is_not_hidden() -> None:
    torch.manual_seed(1)
    images = sample()[0][:10]
    assert "eval_mode_forgotten" not in showing(build(Recipe(model="linear")).eval(), images)
    assert "eval_mode_forgotten" not in showing(build(Recipe(model="mlp", batch_norm=True)).eval(), images)
    silent = build(Recipe(model="linear")).eval()
    for parameter in silent.parameters():
        parameter.data.zero_()
    assert showing(silent, images) == ("weights_not_loaded",)


def test_a_model_that_cannot_be_asked_alone_is_asked_by_the_twenty_five() -> None:
    torch.manual_seed(1)
    model = build(Recipe(model="mlp", batch_norm=True)).eval()
    images, labels = sample()
    seen = symptoms("eval_mode_forgotten", model, images[:100], labels[:100])
    rows = predict_with("eval_mode_forgotten", model, images[:100], together=25)
    np.testing.assert_allclose(seen.evaluation.probabilities, rows, atol=1e-6)


def test_the_sign_that_differs_most_speaks_against_a_guess() -> None:
    answers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    right = made(answers)
    assert telling_sign(right, made(answers, confidence=0.2)) == "confidence"
    assert telling_sign(made([0] * 100, labels=[0] * 99 + [1]), unsure_when_wrong()) == "when_wrong"
    assert telling_sign(right, made(answers, changing=0.9)) == "changing"
    assert telling_sign(right, made([9, *answers[:9]], labels=answers)) == "accuracy"
    assert telling_sign(made([8] * 10, labels=answers), made([3] * 10, labels=answers)) == "favorite"
    assert telling_sign(right, made([9, *answers[:9]])) == "answers"


def test_agreement_counts_equal_answers() -> None:
    assert agreement(made([1, 2, 3, 4]), made([1, 2, 3, 5])) == 0.75


def test_nothing_is_said_of_wrong_answers_where_there_are_none() -> None:
    assert made([1, 2, 3]).confidence_when_wrong is None
