"""What training makes small, and how hard a single step may pull at the weights."""

from torch import Tensor, nn
from torch.nn import functional as F

from mnist_core.recipe import Recipe


def objective(
    model: nn.Module, logits: Tensor, labels: Tensor, recipe: Recipe, class_weights: Tensor | None = None
) -> Tensor:
    """The recipe's loss of one batch, a scalar in nats: cross-entropy and, with L1, the sizes of the weights.

    Weight decay (L2) is the optimizer's.

    Args:
        model: Whose weights L1 pulls; biases and batch normalisation are left free, as they are by weight decay.
        logits: (B, 10).
        labels: int64 (B,).
        recipe: For `label_smoothing` and `l1`.
        class_weights: float32 (10,), how much an image of each digit counts; the mean over the batch is weighted
            by them. None: all alike.
    """
    loss = F.cross_entropy(logits, labels, weight=class_weights, label_smoothing=recipe.label_smoothing)
    if not recipe.l1:
        return loss
    for weight in model.parameters():
        if weight.ndim > 1:
            loss = loss + recipe.l1 * weight.abs().sum()
    return loss


def clip_gradients(model: nn.Module, recipe: Recipe) -> None:
    """Shorten the gradient of all weights together to the recipe's `gradient_clip`, if it is longer; 0 leaves it.

    To be called between the backward pass and the step (Pascanu, Mikolov, Bengio, *On the difficulty of training
    recurrent neural networks*, 2013).
    """
    if recipe.gradient_clip:
        nn.utils.clip_grad_norm_(model.parameters(), recipe.gradient_clip)
