import pickle
from contextlib import suppress

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save

from mnist_core.errors import UserError
from mnist_core.recipe import FIELDS, SVM_IMAGES, Recipe
from mnist_core.training.models import build
from mnist_core.training.weights import from_bytes, to_bytes

RECIPE = Recipe(model="linear")


def refused(content: bytes, recipe: Recipe = RECIPE) -> str:
    with pytest.raises(UserError) as error:
        from_bytes(recipe, content)
    return error.value.code


@pytest.mark.parametrize("model", list(FIELDS["model"].choices))
def test_weights_survive_the_trip(model: str) -> None:
    recipe = Recipe(model=model)
    before = build(recipe).to(memory_format=torch.channels_last).eval()
    after = from_bytes(recipe, to_bytes(before))
    images = torch.rand(5, 1, 28, 28)
    assert torch.equal(before(images), after(images))
    assert not after.training


@given(st.binary(max_size=400))
def test_random_bytes_are_refused(content: bytes) -> None:
    assert refused(content) == "checkpoint_unreadable"


@given(st.integers(0, 200), st.integers(0, 255))
def test_a_damaged_header_is_refused_or_harmless(place: int, value: int) -> None:
    content = bytearray(to_bytes(build(RECIPE)))
    content[place] = value
    with suppress(UserError):
        from_bytes(RECIPE, bytes(content))


def test_a_pickle_is_never_opened() -> None:
    class Bomb:
        def __reduce__(self):
            return pytest.fail, ("the pickle was opened",)

    assert refused(pickle.dumps(Bomb())) == "checkpoint_unreadable"


def test_truncated_weights_are_refused() -> None:
    content = to_bytes(build(RECIPE))
    assert refused(content[: len(content) // 2]) == "checkpoint_unreadable"


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors.pop("layers.1.bias"),
        lambda tensors: tensors.update(more=torch.zeros(1)),
        lambda tensors: tensors.update({"layers.1.bias": torch.zeros(9)}),
        lambda tensors: tensors.update({"layers.1.bias": torch.zeros(10, dtype=torch.float64)}),
    ],
    ids=["missing", "extra", "shape", "type"],
)
def test_another_networks_weights_are_refused(change) -> None:
    tensors = build(RECIPE).state_dict()
    change(tensors)
    assert refused(save(dict(tensors))) == "checkpoint_mismatch"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(value: float) -> None:
    model = build(RECIPE)
    with torch.no_grad():
        next(model.parameters())[0, 0] = value
    assert refused(to_bytes(model)) == "checkpoint_not_finite"


def machine(count: int) -> dict[str, torch.Tensor]:
    """The tensors of a support vector machine with that many vectors."""
    return {
        "layers.1.vectors": torch.zeros(count, 784, dtype=torch.uint8),
        "layers.1.weights": torch.ones(count, 45),
        "layers.1.offsets": torch.zeros(45),
    }


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_machine_brings_as_many_vectors_as_it_has(count: int) -> None:
    model = from_bytes(Recipe(model="svm"), save(machine(count)))
    assert model.parameter_count == 9 * count + 45
    assert torch.equal(from_bytes(Recipe(model="svm"), to_bytes(model)).layers[1].weights, torch.ones(count, 45))


@pytest.mark.parametrize(
    "change",
    [
        {"layers.1.vectors": torch.zeros(3, 783, dtype=torch.uint8)},
        {"layers.1.vectors": torch.zeros(3, 784)},
        {"layers.1.vectors": torch.tensor(3, dtype=torch.uint8)},
        {"layers.1.vectors": torch.zeros(3, dtype=torch.uint8)},
        {"layers.1.weights": torch.zeros(4, 45)},
        {"layers.1.offsets": torch.zeros(44)},
        {"layers.1.first": torch.zeros(45, 10)},
        {
            "layers.1.vectors": torch.zeros(SVM_IMAGES + 1, 784, dtype=torch.uint8),
            "layers.1.weights": torch.zeros(SVM_IMAGES + 1, 45),
        },
    ],
    ids=["pixels", "type", "scalar", "flat", "fewer vectors", "offsets", "extra", "too many"],
)
def test_a_machine_whose_parts_do_not_fit_is_refused(change) -> None:
    assert refused(save(machine(3) | change), Recipe(model="svm")) == "checkpoint_mismatch"
    assert refused(save(machine(3) | {"layers.1.weights": torch.full((3, 45), float("nan"))}), Recipe(model="svm")) == (
        "checkpoint_not_finite"
    )
