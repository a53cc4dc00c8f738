"""Photos of digits, for every test that uploads one."""

import io
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from mnist_core.data.mnist_files import load_mnist

Grey = npt.NDArray[np.uint8]
Layer = npt.NDArray[np.float32]
Color = tuple[float, float, float]

PENS: dict[str, Color] = {
    "black": (0.16, 0.16, 0.18),
    "blue": (0.20, 0.27, 0.60),
    "pencil": (0.48, 0.48, 0.50),
    "red": (0.72, 0.18, 0.20),
}
LINES: dict[str, Color] = {
    "blue": (0.62, 0.76, 0.95),
    "grey": (0.70, 0.70, 0.72),
    "green": (0.65, 0.88, 0.72),
    "violet": (0.76, 0.70, 0.90),
}
DESKS: tuple[Color, ...] = ((0.35, 0.24, 0.16), (0.12, 0.12, 0.13), (0.62, 0.50, 0.38), (0.45, 0.47, 0.50))


@dataclass(frozen=True, slots=True)
class Scene:
    """How a digit is photographed; shares are of the picture's shorter side.

    Attributes:
        side_px: The picture's longer side.
        paper: `plain`, `lined` or `checked`.
        pen: A name of `PENS`.
        digit_share: The height of the digit.
        spacing_share: From one line of the paper to the next.
        line: A name of `LINES`.
        line_strength: 0 no line, 1 a line of its full colour.
        margin: Whether a red line runs down the left of the sheet.
        shadow: `none`, `soft` or `hard`.
        desk: Whether the sheet ends within the picture.
        tilt_deg: How far the sheet is turned.
        slope: How much light is lost from one side to the other, 0 to 1.
        blur_share: The standard deviation of the lens's blur.
        grain_levels: The standard deviation of the sensor's noise.
        quality: Of the JPEG.
        at: Where the middle of the digit is, across and down.
    """

    side_px: int = 1200
    paper: str = "plain"
    pen: str = "black"
    digit_share: float = 0.4
    spacing_share: float = 0.12
    line: str = "blue"
    line_strength: float = 0.7
    margin: bool = False
    shadow: str = "none"
    desk: bool = False
    tilt_deg: float = 0.0
    slope: float = 0.15
    blur_share: float = 0.001
    grain_levels: float = 3.0
    quality: int = 85
    at: tuple[float, float] = (0.5, 0.5)


def photo_of(index: int) -> bytes:
    """A test image as people photograph a digit: large, black on white, a JPEG."""
    digit = Image.fromarray(255 - load_mnist().test_images[index].numpy()).resize((420, 420), Image.Resampling.BICUBIC)
    paper = Image.new("L", (700, 600), 255)
    paper.paste(digit, (180, 60))
    file = io.BytesIO()
    paper.save(file, "JPEG", quality=85)
    return file.getvalue()


def some_scene(random: np.random.Generator, **fixed: object) -> Scene:
    """A scene as varied as phone photos are; what is `fixed` is not left to chance."""
    scene = Scene(
        side_px=int(random.choice([800, 1000, 1300, 1600, 2400])),
        paper=str(random.choice(["plain", "lined", "checked"])),
        pen=str(random.choice(["black", "blue", "pencil"])),
        digit_share=random.uniform(0.2, 0.65),
        spacing_share=random.uniform(0.05, 0.2),
        line=str(random.choice(list(LINES))),
        line_strength=random.uniform(0.3, 1.0),
        margin=bool(random.random() < 0.2),
        shadow=str(random.choice(["none", "soft", "hard"])),
        desk=bool(random.random() < 0.35),
        tilt_deg=random.uniform(-6, 6),
        slope=random.uniform(0, 0.4),
        blur_share=random.uniform(0.0005, 0.002),
        grain_levels=random.uniform(1, 7),
        quality=int(random.integers(45, 96)),
        at=(random.uniform(0.42, 0.58), random.uniform(0.42, 0.58)),
    )
    return replace(scene, **fixed)  # type: ignore[arg-type]


def marker(image: Grey, boldness: float = 0.5) -> Grey:
    """An MNIST digit (28, 28) written with a sharp pen, as a mask of 20 times its size."""
    large = Image.fromarray(image).resize((560, 560), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(6))
    sharp = (np.asarray(large, np.float32) / 255 - boldness) * 12 + 0.5
    return np.asarray(255 * sharp.clip(0, 1), np.uint8)


def photograph(ink: Grey, scene: Scene, seed: int = 0) -> bytes:
    """The JPEG of white ink on black (H, W), written on paper and photographed."""
    random = np.random.default_rng(seed)
    width = min(scene.side_px, 1024)
    height = width * 3 // 4
    sheet = _sheet(ink, scene, width, height)
    seen = _laid_down(sheet, scene, random, width, height) * _light(scene, random, width, height)[..., None]
    picture = Image.fromarray((235 * seen).clip(0, 255).astype(np.uint8))
    picture = picture.filter(ImageFilter.GaussianBlur(scene.blur_share * height))
    if scene.side_px > width:
        picture = picture.resize((scene.side_px, scene.side_px * 3 // 4), Image.Resampling.BICUBIC)
    levels = np.asarray(picture, np.float32)
    levels = levels + random.normal(0, scene.grain_levels, levels.shape[:2]).astype(np.float32)[..., None]
    file = io.BytesIO()
    Image.fromarray(levels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=scene.quality)
    return file.getvalue()


def _sheet(ink: Grey, scene: Scene, width: int, height: int) -> Layer:
    """The sheet from above, (height, width, 3), 0 to 1."""
    sheet = np.full((height, width, 3), (0.96, 0.95, 0.92), np.float32)
    sheet *= 1 - _ruling(scene, width, height)[..., None] * (1 - np.array(LINES[scene.line], np.float32))
    if scene.margin:
        left, thick = round(0.08 * width), max(1, round(0.003 * height))
        sheet[:, left : left + thick] *= (0.95, 0.55, 0.55)
    mask = _placed(ink, scene, width, height)[..., None]
    return sheet * (1 - mask) + np.array(PENS[scene.pen], np.float32) * mask


def _ruling(scene: Scene, width: int, height: int) -> Layer:
    lines = Image.new("L", (width, height))
    pen = ImageDraw.Draw(lines)
    spacing, thick = scene.spacing_share * height, max(1, round(min(0.0035, 0.04 * scene.spacing_share) * height))
    for number in range(int(max(width, height) / spacing) + 1):
        at = (number + 0.4) * spacing
        if scene.paper != "plain":
            pen.line((0, at, width, at), 255, thick)
        if scene.paper == "checked":
            pen.line((at, 0, at, height), 255, thick)
    return np.asarray(lines, np.float32) / 255 * scene.line_strength


def _placed(ink: Grey, scene: Scene, width: int, height: int) -> Layer:
    mask = Image.fromarray(ink)
    mask = mask.crop(mask.getbbox())
    scale = scene.digit_share * height / max(mask.size)
    mask = mask.resize(
        (max(1, round(mask.width * scale)), max(1, round(mask.height * scale))), Image.Resampling.BICUBIC
    )
    field = Image.new("L", (width, height))
    field.paste(mask, (round(scene.at[0] * width - mask.width / 2), round(scene.at[1] * height - mask.height / 2)))
    return np.asarray(field, np.float32) / 255


def _laid_down(sheet: Layer, scene: Scene, random: np.random.Generator, width: int, height: int) -> Layer:
    """The sheet on a desk as a hand-held phone sees it, (height, width, 3)."""
    desk = np.array(DESKS[int(random.integers(len(DESKS)))], np.float32)
    wood = random.normal(0, 0.03, (height, 1)).astype(np.float32)
    ground = np.broadcast_to(desk + wood[..., None], (height, width, 3)) if scene.desk else None
    angle = np.radians(scene.tilt_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    reach = 1.06 if scene.desk else 0.86  # of the sheet's size: how much of it the picture's corners see
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (width, height) / 2 * reach
    corners = (corners * random.uniform(0.97, 1.03, (4, 2))) @ turn.T + (width / 2, height / 2)
    sheet_image = [Image.fromarray(np.ascontiguousarray(sheet[..., channel])) for channel in range(3)]
    warp = _perspective(np.array([(0, 0), (width, 0), (width, height), (0, height)]), corners)
    options = {"data": warp, "resample": Image.Resampling.BICUBIC, "fillcolor": -1.0}
    size, kind = (width, height), Image.Transform.PERSPECTIVE
    seen = np.stack([np.asarray(layer.transform(size, kind, **options)) for layer in sheet_image], axis=-1)
    outside = (seen < -0.2).any(axis=-1)
    if ground is None:
        ground = np.broadcast_to(np.float32((0.96, 0.95, 0.92)), seen.shape)
    return np.where(outside[..., None], ground, seen.clip(0, 1)).astype(np.float32)


def _perspective(there: npt.NDArray[np.float64], here: npt.NDArray[np.float64]) -> list[float]:
    """The eight numbers that take places in the picture (`there`) to places on the sheet (`here`)."""
    rows, values = [], []
    for (x, y), (u, v) in zip(there, here, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(one) for one in np.linalg.solve(np.array(rows, float), np.array(values, float))]


def _light(scene: Scene, random: np.random.Generator, width: int, height: int) -> Layer:
    """How bright each place is, 0 to 1, (height, width): a lamp to one side, a dark rim, a shadow."""
    y, x = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j].astype(np.float32)
    way = random.uniform(0, 2 * np.pi)
    light = 1 - scene.slope * (0.5 + x * np.cos(way) + y * np.sin(way)) - 0.3 * scene.slope * (x * x + y * y)
    if scene.shadow == "none":
        return np.asarray(light, np.float32)
    side = random.uniform(0, 2 * np.pi)
    beyond = x * np.cos(side) + y * np.sin(side) - random.uniform(-0.25, 0.25)
    if random.random() < 0.5:  # an arm or a phone rather than a wall
        beyond = random.uniform(0.1, 0.2) - np.abs(beyond)
    width_of_edge = 0.01 if scene.shadow == "hard" else 0.12
    depth = random.uniform(0.25, 0.5)
    return np.asarray(light * (1 - depth / (1 + np.exp(-beyond / width_of_edge * 4))), np.float32)
