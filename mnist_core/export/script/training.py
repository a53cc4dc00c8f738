"""The part of a script that trains."""

from collections.abc import Iterator

from mnist_core.data.class_balance import balanced_weights, class_balanced_order
from mnist_core.export.script.data import main_head
from mnist_core.export.script.model import is_convolutional
from mnist_core.export.script.text import Constant, Part, Piece, block, call
from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.augment import is_augmented
from mnist_core.training.hardware import mixed_precision, pick_device
from mnist_core.training.learner import batches_at_once, objective
from mnist_core.training.optimizers import SCHEDULES, optimizer_of, parameter_groups

_EACH_STEP = "scheduler = optim.lr_scheduler.LambdaLR(optimizer, lambda step: {schedule}(step / steps))"

_PLATEAU = """
    # A tenth each time that the validation loss brings nothing for two epochs.
    scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.1, patience=1, threshold=0)
"""

_BATCHES = '''
    def batches(training: Part, generator: Generator) -> Iterator[Part]:
        """{about}"""
        images, labels = training
        {order}
        # Even batches: a left-over one would pull as hard as the others with few images.
        parts = order.tensor_split(math.ceil(len(order) / BATCH_SIZE))
        {batches}
'''

_PLAIN = """
    for part in parts:
        ink = images[part].float() / 255
        yield ink.unsqueeze(1).to(DEVICE), labels[part].to(DEVICE)
"""

_AUGMENTED = """
    for first in range(0, len(parts), AT_ONCE):
        several = parts[first : first + AT_ONCE]
        chosen = torch.cat(several)
        ink = images[chosen].float() / 255
        ink = augment(ink, labels[chosen], generator)
        for part, pictures in zip(several, ink.split([len(part) for part in several])):
            yield pictures.unsqueeze(1).to(DEVICE), labels[part].to(DEVICE)
"""

_TRAIN_EPOCH = '''
    def train_epoch(
        model: nn.Module,
        training: Part,
        optimizer: optim.Optimizer,
        {scheduler_parameter}
        {weights_parameter}
        generator: Generator,
    ) -> tuple[float, float]:
        """One pass over the training images: their mean loss and accuracy."""
        model.train()
        loss_sum, correct = 0.0, 0
        for images, labels in batches(training, generator):
            {logits}
            loss = objective({objective})
            optimizer.zero_grad()
            loss.backward()
            {clip}
            optimizer.step()
            {scheduler}
            {plain_loss}
            correct += (logits.argmax(dim=1) == labels).sum().item()
        return loss_sum / len(training[1]), correct / len(training[1])
'''

_MIXED = """
    with mixed_precision(DEVICE):
        logits = model(images)
    logits = logits.float()
"""

_PLAIN_LOSS = """
    # Plain cross-entropy, so that it compares with the validation loss.
    plain_loss = F.cross_entropy(logits.detach(), labels, reduction="sum")
    loss_sum += plain_loss.item()
"""

_EVALUATE = '''
    @torch.inference_mode()
    def evaluate(model: nn.Module, part: Part) -> tuple[float, float]:
        """The mean loss and the accuracy on these images."""
        model.eval()
        images, labels = part
        inks = [some.float() / 255 for some in images.split(1000)]
        logits = torch.cat([model(ink.unsqueeze(1).to(DEVICE)).cpu() for ink in inks])
        accuracy = (logits.argmax(dim=1) == labels).double().mean()
        return F.cross_entropy(logits, labels).item(), accuracy.item()
'''

_TRAIN = '''
    def train(model: nn.Module, training: Part, validation: Part, generator: Generator) -> None:
        """Train the model; print loss and accuracy after each epoch."""
        {optimizer}
        {scheduler}
        {class_weights}
        {best}
        for epoch in range(1, EPOCHS + 1):
            {call}
            loss, accuracy = evaluate(model, validation)
            print(
                f"epoch {epoch}: "
                f"training loss {training_loss:.4f}, accuracy {training_accuracy:.2%}; "
                f"validation loss {loss:.4f}, accuracy {accuracy:.2%}"
            )
            {plateau}
            {stop}
        {keep}
'''

_STOP = """
    if loss < best_loss:
        best_loss, best_epoch = loss, epoch
        best_weights = copy.deepcopy(model.state_dict())
    elif epoch - best_epoch == PATIENCE:
        break
"""

_MAIN = """
    {head}

        torch.manual_seed(options.seed)  # decides on the first weights
        generator = Generator().manual_seed(options.seed)  # decides on the order of the images
        {model}
        {format}
        parameters = sum(numbers.numel() for numbers in model.parameters())
        print(f"{parameters:,} parameters, {len(training[1]):,} training images")
        train(model, training, validation, generator)
        _, accuracy = evaluate(model, test)
        print(f"test accuracy {accuracy:.2%} of {len(test[1]):,} images")
        torch.save(model.state_dict(), WEIGHTS_FILE)


    if __name__ == "__main__":
        main()
"""


def training_part(recipe: Recipe) -> Part:
    """What `training.learner` and `training.loop` do, as far as the recipe asks for it."""
    return Part(tuple(_constants(recipe)), tuple(_blocks(recipe)))


def _constants(recipe: Recipe) -> Iterator[Constant]:
    yield Constant("EPOCHS", recipe.epochs)
    yield Constant("BATCH_SIZE", recipe.batch_size)
    if is_augmented(recipe):
        yield Constant("AT_ONCE", batches_at_once(recipe), "so many batches are augmented in one go, which is faster")
    highest = "" if recipe.schedule == "constant" else "the highest that the schedule reaches"
    yield Constant("LEARNING_RATE", recipe.learning_rate, highest)
    yield Constant("WEIGHT_DECAY", recipe.weight_decay)
    yield Constant("L1", recipe.l1, "times the sum of all weights' sizes is added to the loss")
    yield Constant("LABEL_SMOOTHING", recipe.label_smoothing)
    if recipe.gradient_clip:
        yield Constant("LONGEST_GRADIENT", recipe.gradient_clip, "longer ones are shortened to it")
    if recipe.early_stopping:
        yield Constant("PATIENCE", recipe.early_stopping, "epochs without gain before training ends")
    yield Constant("SEED", recipe.seed)
    yield Constant("WEIGHTS_FILE", "digits.pt")


def _blocks(recipe: Recipe) -> Iterator[Piece]:
    yield pick_device
    yield "DEVICE = pick_device()"
    if recipe.precision == "mixed":
        yield mixed_precision
    yield parameter_groups
    yield objective
    if _moves_each_step(recipe):
        yield SCHEDULES[recipe.schedule]
    if recipe.balance == "resample":
        yield class_balanced_order
    if recipe.balance == "loss_weights":
        yield balanced_weights
    yield _batches(recipe)
    yield _train_epoch(recipe)
    yield block(_EVALUATE)
    yield _train(recipe)
    yield _main(recipe)


def _batches(recipe: Recipe) -> str:
    order = "torch.randperm(len(labels), generator=generator)"
    about = "One epoch: every training image once, shuffled."
    if recipe.balance == "resample":
        order, about = "class_balanced_order(labels, generator)", "One epoch: as many images of each digit."
    batches = block(_AUGMENTED if is_augmented(recipe) else _PLAIN)
    return block(_BATCHES, about=about, order=f"order = {order}", batches=batches)


def _train_epoch(recipe: Recipe) -> str:
    weights = ["class_weights"] * (recipe.balance == "loss_weights")
    is_plain = not (recipe.label_smoothing or recipe.l1 or weights)
    return block(
        _TRAIN_EPOCH,
        scheduler_parameter="scheduler: optim.lr_scheduler.LRScheduler," if _moves_each_step(recipe) else "",
        weights_parameter="class_weights: Tensor," if recipe.balance == "loss_weights" else "",
        logits=block(_MIXED) if recipe.precision == "mixed" else "logits = model(images)",
        objective=", ".join(["model", "logits", "labels", "LABEL_SMOOTHING", "L1", *weights]),
        clip="nn.utils.clip_grad_norm_(model.parameters(), LONGEST_GRADIENT)" if recipe.gradient_clip else "",
        scheduler="scheduler.step()" if _moves_each_step(recipe) else "",
        plain_loss="loss_sum += loss.item() * len(labels)" if is_plain else block(_PLAIN_LOSS),
    )


def _moves_each_step(recipe: Recipe) -> bool:
    """Whether the learning rate moves with the steps, not with the validation loss."""
    return recipe.schedule not in ("constant", "plateau")


def _train(recipe: Recipe) -> str:
    each_step = _moves_each_step(recipe)
    weighs, stops = recipe.balance == "loss_weights", bool(recipe.early_stopping)
    count = "steps = EPOCHS * math.ceil(len(training[1]) / BATCH_SIZE)\n"
    scheduler = block(_PLATEAU) if recipe.schedule == "plateau" else ""
    if each_step:
        scheduler = count + block(_EACH_STEP, schedule=SCHEDULES[recipe.schedule].__name__)
    kind, options = optimizer_of(recipe)
    made = ["parameter_groups(model, WEIGHT_DECAY)", "lr=LEARNING_RATE"]
    made += [f"{name}={value!r}" for name, value in options.items()]
    arguments = ["model", "training", "optimizer", *["scheduler"] * each_step, *["class_weights"] * weighs, "generator"]
    return block(
        _TRAIN,
        optimizer=call(f"optimizer = optim.{kind.__name__}", made, depth=4),
        scheduler=scheduler,
        class_weights="class_weights = balanced_weights(training[1]).to(DEVICE)" if weighs else "",
        best="best_loss, best_epoch, best_weights = math.inf, 0, {}" if stops else "",
        call=call("training_loss, training_accuracy = train_epoch", arguments, depth=8),
        plateau="scheduler.step(loss)" if recipe.schedule == "plateau" else "",
        stop=block(_STOP) if stops else "",
        keep="model.load_state_dict(best_weights)" if stops else "",
    )


def _main(recipe: Recipe) -> str:
    made = "Classifier(training[0])" if recipe.scaling == "per_pixel" else "Classifier()"
    faster = "# For convolutions, this order of the numbers in memory is the faster one."
    lines = [faster, "model = model.to(memory_format=torch.channels_last)"]
    return block(
        _MAIN,
        head=main_head(recipe),
        model=f"model = {made}.to(DEVICE)",
        format=lines if is_convolutional(recipe) else (),
    )
