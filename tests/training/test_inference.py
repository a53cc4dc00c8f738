import torch

from mnist_core.data.mnist_files import load_mnist
from mnist_core.recipe import Recipe
from mnist_core.training.inference import predict_logits, predict_probabilities
from mnist_core.training.models import build


def test_bytes_and_shares_of_ink_give_the_same_answer_in_any_batching() -> None:
    torch.manual_seed(0)
    model = build(Recipe(model="mlp"))
    images = load_mnist().test_images[:2500]
    together = predict_logits(model, images)
    assert together.shape == (2500, 10)
    assert torch.allclose(together, predict_logits(model, images.float() / 255), atol=1e-5)
    model.eval()
    with torch.no_grad():
        one_by_one = torch.cat([model(image.float().view(1, 1, 28, 28) / 255) for image in images[:50]])
    assert torch.allclose(together[:50], one_by_one, atol=1e-4)


def test_the_images_are_left_as_they_were() -> None:
    images = load_mnist().test_images[:10]
    before = images.clone()
    predict_probabilities(build(Recipe(model="linear")), images)
    assert torch.equal(images, before)


def test_it_answers_in_evaluation_mode_and_gives_the_mode_back() -> None:
    model = build(Recipe(dense_dropout=0.9)).train()
    images = load_mnist().test_images[:10]
    assert torch.equal(predict_logits(model, images), predict_logits(model, images))
    assert model.training


def test_probabilities_sum_to_one_and_none_is_none() -> None:
    model = build(Recipe())
    assert torch.allclose(predict_probabilities(model, load_mnist().test_images[:20]).sum(1), torch.ones(20))
    assert predict_probabilities(model, torch.empty(0, 28, 28)).shape == (0, 10)
