"""The classic mistakes in the code around a model: what was written, what should have been, and how it shows.

What each of them does to an answer is computed in `broken`, what it does to many in `symptoms`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bug:
    """One mistake in the code around a model.

    Attributes:
        code: Its name in code.
        title: Its name for people.
        story: What the programmer did.
        wrong: The lines as they were written, Python.
        right: The same lines as they should be.
        shows: How it shows.
        find: How to find it.
    """

    code: str
    title: str
    story: str
    wrong: str
    right: str
    shows: str
    find: str


BUGS = (
    Bug(
        "not_normalized",
        "Not normalised",
        "The grey levels go in as 0 to 255. The model has learned from 0 to 1.",
        """pixels = np.asarray(image, dtype="float32")
logits = model(torch.from_numpy(pixels)[None, None])""",
        """pixels = np.asarray(image, dtype="float32") / 255
logits = model(torch.from_numpy(pixels)[None, None])""",
        "Nearly every answer is almost 100 % sure, the wrong ones too: numbers 255 times as large make the gaps "
        "between the ten outputs huge. Many answers can still be right, so it hides well.",
        "Print `pixels.min()` and `pixels.max()` just before the model, in training and in the app. They must match.",
    ),
    Bug(
        "normalized_twice",
        "Normalised twice",
        "The pixels are standardised (mean away, divided by the spread) before the model, which does it itself too.",
        """prepare = Compose([ToTensor(), Normalize(0.1307, 0.3081)])
logits = model(prepare(image)[None])  # its forward() standardises""",
        """prepare = Compose([ToTensor()])
logits = model(prepare(image)[None])  # its forward() standardises""",
        "Nothing crashes, and there is no nonsense: some more answers are wrong than in training, and the wrong ones "
        "are surer. How many depends on the model; with some it is hardly any.",
        "Print the smallest and largest number that reaches the first layer. For a model that standardises they are "
        "−0.42 and 2.82 when all is well.",
    ),
    Bug(
        "inverted_twice",
        "Inverted twice",
        "Loading turns black on white into white on black, as MNIST is. A second place in the code turns it back.",
        """image = ImageOps.invert(image)  # in load(): now white on black
pixels = 1 - to_pixels(image)   # in predict(): black on white again""",
        """image = ImageOps.invert(image)  # in load(): now white on black
pixels = to_pixels(image)""",
        "Hardly an answer is right, and a few digits are answered again and again: to the model every picture is a "
        "white square with a hole.",
        "Look at the picture that goes into the model: `plt.imshow(pixels, cmap='gray', vmin=0, vmax=1)`.",
    ),
    Bug(
        "transposed",
        "Rows and columns swapped",
        "Pillow counts (x, y), NumPy counts [row, column]. Somewhere x was taken for the row.",
        """for x in range(28):
    for y in range(28):
        pixels[x, y] = image.getpixel((x, y))""",
        """for x in range(28):
    for y in range(28):
        pixels[y, x] = image.getpixel((x, y))""",
        "Digits that look the same when rows and columns change places, 0 above all, are still read. The others are "
        "mixed up: each lies on its side, mirrored.",
        "Look at a picture that is not symmetrical, a 7 or a 4, just before the model.",
    ),
    Bug(
        "alpha_as_ink",
        "Alpha read as ink",
        "The last channel of an RGBA picture is taken for the ink. On a see-through canvas that works: only ink is "
        "opaque. In a picture with a background, everything is.",
        """rgba = np.asarray(image.convert("RGBA"))
ink = rgba[..., -1] / 255""",
        """paper = Image.new("RGBA", image.size, "black")
flat = Image.alpha_composite(paper, image)
ink = np.asarray(flat.convert("L")) / 255""",
        "One and the same answer to every picture, always equally sure: the model gets a square of solid ink.",
        "Give it two very different pictures, or a blank one. The same ten numbers twice mean that the picture never "
        "reached the model.",
    ),
    Bug(
        "eval_mode_forgotten",
        "Eval mode forgotten",
        "The model is still in training mode: dropout switches off random cells, and batch normalisation uses the mean "
        "of the pictures that happen to be asked together instead of what it learned.",
        """model.load_state_dict(weights)
logits = model(pixels)""",
        """model.load_state_dict(weights)
model.eval()
with torch.inference_mode():
    logits = model(pixels)""",
        "The same picture gets another answer when it is asked again (dropout), or together with other pictures "
        "(batch normalisation). Most answers stay right, which is why it is so often overlooked.",
        "Ask the same picture alone and in a batch, twice. The answers must not differ. Or print `model.training`.",
    ),
    Bug(
        "softmax_twice",
        "Softmax twice",
        "Softmax turns the ten outputs into probabilities. It was applied in the model, and to its result again.",
        """probabilities = model(pixels).softmax(dim=1)  # in forward()
confidence = probabilities.softmax(dim=1).max()""",
        """probabilities = model(pixels).softmax(dim=1)  # in forward()
confidence = probabilities.max()""",
        "Every answer is the right one, yet none is more than 23.2 % sure: of ten probabilities, the second softmax "
        "makes at most e / (e + 9).",
        "A model that is nearly always right and never sure is a sign. Give it a clear digit: its confidence should "
        "be near 100 %.",
    ),
    Bug(
        "labels_shifted",
        "Labels shifted",
        "The list of names starts with 1, as on a keyboard, and not with 0: each answer is one too high.",
        """NAMES = "1234567890"
answer = NAMES[probabilities.argmax()]""",
        """NAMES = "0123456789"
answer = NAMES[probabilities.argmax()]""",
        "Nearly no answer is right, and all of them are sure. The confusion matrix is a clean line beside the "
        "diagonal: 0 is read as 1, 1 as 2, 9 as 0.",
        "An accuracy far below 10 % is worse than guessing: the model does know, only the names are wrong.",
    ),
    Bug(
        "weights_not_loaded",
        "Weights not loaded",
        "The network was built but never given what it has learned: its weights are still random numbers.",
        """model = build(recipe)
model.eval()""",
        """model = build(recipe)
model.load_state_dict(load_file("model.safetensors"))
model.eval()""",
        "About one answer in ten is right, as by rolling dice, and none is sure. Which "
        "digits it prefers changes with every start of the program.",
        "Measure the accuracy once after loading. Mind `strict=False` in `load_state_dict`: it says nothing when no "
        "name fits.",
    ),
    Bug(
        "wrong_interpolation",
        "Wrong interpolation",
        "The large picture is resized by looking at one spot for each small pixel instead of averaging all that it "
        "stands for. That is what OpenCV does unless told otherwise.",
        "pixels = cv2.resize(ink, (28, 28))  # INTER_LINEAR",
        "pixels = cv2.resize(ink, (28, 28), interpolation=cv2.INTER_AREA)",
        "Thin strokes get gaps and jagged edges, thick ones hardly change. The accuracy on MNIST does not move at all, "
        "because its pictures are 28 × 28 already: a test set cannot find a mistake that it does not pass through.",
        "Look at the 28 × 28 of a large, thinly drawn digit, beside one of MNIST.",
    ),
)

BUG_OF = {bug.code: bug for bug in BUGS}
"""Each bug by its code."""
