import pytest
import torch
from scipy import ndimage

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.outliers import draw_shapes, inject_outliers
from mnist_core.data.rng import rng_for

KINDS = ("noise", "inverted", "blank", "shapes")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.0, 0.05, 0.5])
def test_exactly_that_share_is_replaced_and_the_rest_is_left(kind: str, share: float) -> None:
    images = load_mnist().train_images[:400]
    before = images.clone()
    replaced, is_outlier = inject_outliers(images, share, kind, seed=1)
    assert int(is_outlier.sum()) == round(share * 400)
    assert torch.equal((replaced != images).flatten(1).any(1), is_outlier)
    assert torch.equal(images, before)
    assert replaced.dtype == torch.uint8


def test_which_are_replaced_does_not_depend_on_what_they_become() -> None:
    images = load_mnist().train_images[:400]
    chosen = [inject_outliers(images, 0.3, kind, seed=1)[1] for kind in KINDS]
    assert all(torch.equal(chosen[0], other) for other in chosen)
    assert not torch.equal(chosen[0], inject_outliers(images, 0.3, "blank", seed=2)[1])


def test_the_kinds_are_what_they_are_called() -> None:
    images = load_mnist().train_images[:1000]
    made = {kind: inject_outliers(images, 0.5, kind, seed=0) for kind in KINDS}
    noise, chosen = made["noise"][0][made["noise"][1]].float(), made["noise"][1]
    assert float(noise.mean()) == pytest.approx(127.5, abs=1)
    assert float(noise.std()) == pytest.approx(256 / 12**0.5, abs=1)
    assert torch.equal(made["inverted"][0][chosen].int() + images[chosen].int(), torch.full((500, 28, 28), 255).int())
    assert not made["blank"][0][chosen].any()


def test_shapes_are_drawn_as_mnist_has_its_digits() -> None:
    shapes = draw_shapes(300, rng_for(0, "outliers"))
    assert shapes.shape == (300, 28, 28)
    assert len({shape.numpy().tobytes() for shape in shapes}) > 290
    for shape in shapes.numpy():
        rows, columns = ndimage.find_objects((shape > 0).astype(int))[0]
        longer = max(rows.stop - rows.start, columns.stop - columns.start)
        assert 19 <= longer <= 20
        assert all(abs(middle - 13.5) <= 0.5 + 1e-9 for middle in ndimage.center_of_mass(shape))
        assert ((shape > 0) & (shape < 255)).any()  # soft edges
    ink = shapes.float().mean((1, 2)) / 255
    digits = load_mnist().train_images[:5_000].float().mean((1, 2)) / 255
    assert digits.min() < ink.min() < ink.max() < digits.max()


def test_many_shapes_come_again_rather_than_take_long() -> None:
    blank = torch.zeros(9_000, 28, 28, dtype=torch.uint8)
    made = inject_outliers(blank, 0.5, "shapes", seed=0)[0]
    different = {shape.numpy().tobytes() for shape in made}
    assert 1_900 < len(different) <= 2_001  # thin circles are often the same
