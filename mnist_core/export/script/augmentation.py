"""The part of a script that changes the training images by chance."""

from collections.abc import Iterator

from mnist_core.export.script.pieces import habits, warps
from mnist_core.export.script.text import Code, Constant, Part, block, source
from mnist_core.preprocessing.segmentation import EDGE_STRENGTH
from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.augment import is_augmented
from mnist_core.training.augmentation.pen_variants import HABITS

_PADDING = {"constant": "zeros", "nearest": "border", "reflect": "reflection"}
_SIDES = {"none": (), "horizontal": (-1,), "vertical": (-2,), "both": (-1, -2)}

_RANGES = {
    "rotation_deg": ("ROTATION", "degrees, either way"),
    "shift_x": ("SHIFT_X", "of the width, left and right"),
    "shift_y": ("SHIFT_Y", "of the height, up and down"),
    "shear_deg": ("SHEAR", "degrees of slant, either way"),
    "zoom": ("ZOOM", "of the size, smaller and larger"),
    "elastic_px": ("ELASTIC", "pixels, the typical way that a point is moved"),
    "pen_habits": ("PEN_HABITS", "of the images get a habit of the pen"),
    "thickness_px": ("THICKNESS", "pixels, thinner and thicker strokes"),
    "pixel_noise": ("PIXEL_NOISE", "of full ink, the grain's standard deviation"),
}

# A line a setting, in the order in which a run draws its random numbers.
_CHANCES = {
    "rotation_deg": "turn = torch.deg2rad(ROTATION * either_way(count, dice))",
    "shift_x": "right = SHIFT_X * either_way(count, dice)",
    "shift_y": "down = SHIFT_Y * either_way(count, dice)",
    "shear_deg": "slant = torch.tan(torch.deg2rad(SHEAR * either_way(count, dice)))",
    "zoom": "size = 1 + ZOOM * either_way(count, dice)",
}
_DONE = {
    "turned": ("rotation_deg",),
    "moved": ("shift_x", "shift_y"),
    "slanted": ("shear_deg",),
    "resized": ("zoom",),
    "bent": ("elastic_px",),
}

_AUGMENT = '''
    def augment({parameters}) -> Tensor:
        """The images (N, 28, 28), 0 paper to 1 ink, each changed by chance."""
        {changes}
        return images
'''

_WARP = '''
    def warp(images: Tensor, dice: Generator) -> Tensor:
        """Each image {done} by chance, in one go."""
        count = len(images)
        {chances}
        # For each place in the result, where in the image it is read; from -1 to 1.
        {matrices}
        grid = F.affine_grid(matrices, [count, 1, 28, 28], align_corners=False)
        {bends}
        batch = images.unsqueeze(1)
        warped = F.grid_sample(batch, grid, padding_mode="{fill}", align_corners=False)
        return warped.squeeze(1)
'''

# The inverse of scale, then slant, then turn, by whether there is a turn and a slant.
_ROWS = {
    (True, True): "[cos - sin * slant, cos * slant + sin, -sin, cos]",
    (True, False): "[cos, sin, -sin, cos]",
    (False, True): "[ones, slant, zeros, ones]",
}


def augmentation_part(recipe: Recipe) -> Part:
    """What `training.augmentation.augment` does, as far as the recipe asks for it."""
    if not is_augmented(recipe):
        return Part()
    ranges = [(getattr(recipe, name), *words) for name, words in _RANGES.items()]
    constants = [Constant(name, value, unit) for value, name, unit in ranges if value]
    if recipe.pen_habits:
        constants += [Constant("EDGE_STRENGTH", EDGE_STRENGTH, "of full ink: where ink begins"), _habits()]
    return Part(tuple(constants), tuple(_blocks(recipe)))


def call_of_augment(images: str, labels: str, recipe: Recipe) -> str:
    """The call in a script that augments such images with such labels."""
    return f"augment({images}, {labels}, dice)" if recipe.pen_habits else f"augment({images}, dice)"


def _habits() -> Constant:
    """All habits as a table, a line a stroke; `pieces.habits.table_of_habits` says what stands where."""
    lines = [
        " ".join(f"{number:.17g}" for number in (place, habit.digit, habit.weight, *stroke.numbers()))
        for place, habit in enumerate(HABITS)
        for stroke in habit.strokes
    ]
    return Constant("HABITS", Code('"""' + "\n".join(lines) + '"""'))


def _blocks(recipe: Recipe) -> Iterator[str]:
    moves = [name for names in _DONE.values() for name in names if getattr(recipe, name)]
    labels = "labels: Tensor, " if recipe.pen_habits else ""
    yield block(_AUGMENT, parameters=f"images: Tensor, {labels}dice: Generator", changes=_changes(recipe, bool(moves)))
    yield from _pieces(recipe)
    if moves:
        yield _warp(recipe)
    if recipe.elastic_px:
        yield source(warps.bend)
    if recipe.pixel_noise:
        yield source(warps.add_noise)
    if recipe.thickness_px or recipe.pen_habits:
        yield source(warps.stroke_width)
    if recipe.thickness_px or set(moves) & set(_CHANCES):
        yield source(warps.either_way)


def _pieces(recipe: Recipe) -> Iterator[str]:
    """What is done before the images are warped."""
    if recipe.pen_habits:
        yield from (source(piece) for piece in _HABITS)
    if recipe.flip != "none":
        yield source(warps.mirror_half)
    if recipe.thickness_px:
        yield from (source(piece) for piece in _THICKNESS)


_THICKNESS = (warps.change_thickness, warps.thickest, warps.thinnest, warps.around, warps.nearby)
_HABITS = (
    habits.add_pen_variants,
    habits.table_of_habits, habits.with_strokes, habits.ways_of, habits.point_at, habits.begins_of,
    habits.boxes_of, habits.ends_of, habits.leans_of, habits.frames_of, habits.seen_in_frames, habits.drawn,
    habits.centred, habits.origins_of,
)  # fmt: skip


def _changes(recipe: Recipe, moves: bool) -> Iterator[str]:
    if recipe.pen_habits:
        yield "images = add_pen_variants(images, labels, PEN_HABITS, dice)"
    for side in _SIDES[recipe.flip]:
        yield f"images = mirror_half(images, {side}, dice)"
    if recipe.thickness_px:
        yield "change = THICKNESS * either_way(len(images), dice)"
        yield "images = change_thickness(images, change)"
    if moves:
        yield "images = warp(images, dice)"
    if recipe.pixel_noise:
        yield "images = add_noise(images, PIXEL_NOISE, dice)"


def _warp(recipe: Recipe) -> str:
    words = [word for word, names in _DONE.items() if any(getattr(recipe, name) for name in names)]
    done = " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
    return block(
        _WARP,
        done=done,
        fill=_PADDING[recipe.fill],
        chances=[line for name, line in _CHANCES.items() if getattr(recipe, name)],
        matrices=_matrices(recipe),
        bends="grid = grid + bend(count, ELASTIC, dice) * (2 / 28)" if recipe.elastic_px else "",
    )


def _matrices(recipe: Recipe) -> Iterator[str]:
    """Lines that make `matrices` (N, 2, 3)."""
    turns, slants = bool(recipe.rotation_deg), bool(recipe.shear_deg)
    if turns:
        yield "cos, sin = torch.cos(turn), torch.sin(turn)"
    elif slants:
        yield "ones, zeros = torch.ones(count), torch.zeros(count)"
    if turns or slants:
        yield f"rows = torch.stack({_ROWS[turns, slants]}, dim=1)"
        yield "rows = rows.view(-1, 2, 2)"
    else:
        yield "rows = torch.eye(2).repeat(count, 1, 1)"
    if recipe.zoom:
        yield "rows = rows / size.view(-1, 1, 1)"
    if recipe.shift_x or recipe.shift_y:
        right = "right" if recipe.shift_x else "torch.zeros(count)"
        down = "down" if recipe.shift_y else "torch.zeros(count)"
        yield f"move = 2 * torch.stack([{right}, {down}], dim=1).unsqueeze(2)"
        yield "matrices = torch.cat([rows, -rows @ move], dim=2)"
    else:
        yield "matrices = F.pad(rows, (0, 1))  # nothing is moved"
