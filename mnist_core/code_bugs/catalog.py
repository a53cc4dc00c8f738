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
        "The model gets grey levels from 0 to 255, but was trained on 0 to 1.",
        """pixels = np.asarray(image, dtype="float32")
logits = model(torch.from_numpy(pixels)[None, None])""",
        """pixels = np.asarray(image, dtype="float32") / 255
logits = model(torch.from_numpy(pixels)[None, None])""",
        "Nearly every prediction has almost 100 % confidence, the wrong ones too: inputs 255 times as large make the "
        "gaps between the ten logits huge. Many predictions can still be right, so the bug hides well.",
        "Print `pixels.min()` and `pixels.max()` just before the model, in training and in the app. They must match.",
    ),
    Bug(
        "normalized_twice",
        "Normalised twice",
        "The pixels are standardised (mean 0, standard deviation 1) before the model, which does it again.",
        """prepare = Compose([ToTensor(), Normalize(0.1307, 0.3081)])
logits = model(prepare(image)[None])  # its forward() standardises""",
        """prepare = Compose([ToTensor()])
logits = model(prepare(image)[None])  # its forward() standardises""",
        "Nothing crashes. More predictions are wrong than in training, and the wrong ones are more confident. How many "
        "depends on the model; with some it is hardly any.",
        "Print the smallest and largest number that reaches the first layer. For a model that standardises they should "
        "be −0.42 and 2.82.",
    ),
    Bug(
        "inverted_twice",
        "Inverted twice",
        "Loading inverts black on white to white on black, as in MNIST. A second place in the code inverts it back.",
        """image = ImageOps.invert(image)  # in load(): now white on black
pixels = 1 - to_pixels(image)   # in predict(): black on white again""",
        """image = ImageOps.invert(image)  # in load(): now white on black
pixels = to_pixels(image)""",
        "Hardly any prediction is right, and a few digits are predicted again and again: to the model, every picture "
        "is a white square with a hole.",
        "Look at the model's input: `plt.imshow(pixels, cmap='gray', vmin=0, vmax=1)`.",
    ),
    Bug(
        "transposed",
        "Rows and columns swapped",
        "Pillow uses (x, y), NumPy uses [row, column]. Somewhere x was used as the row.",
        """for x in range(28):
    for y in range(28):
        pixels[x, y] = image.getpixel((x, y))""",
        """for x in range(28):
    for y in range(28):
        pixels[y, x] = image.getpixel((x, y))""",
        "Digits that look the same with rows and columns swapped, above all 0, are still recognised. The others are "
        "confused: each lies on its side and is mirrored.",
        "Look at the model's input for an asymmetric digit, such as a 7 or a 4.",
    ),
    Bug(
        "alpha_as_ink",
        "Alpha read as ink",
        "The alpha channel of an RGBA picture is used as the ink. On a transparent canvas that works: only ink is "
        "opaque. In a picture with a background, everything is opaque.",
        """rgba = np.asarray(image.convert("RGBA"))
ink = rgba[..., -1] / 255""",
        """paper = Image.new("RGBA", image.size, "black")
flat = Image.alpha_composite(paper, image)
ink = np.asarray(flat.convert("L")) / 255""",
        "The same prediction with the same confidence for every picture: the model gets a square of solid ink.",
        "Try two very different pictures, or a blank one. If the ten outputs are identical, the picture never reached "
        "the model.",
    ),
    Bug(
        "eval_mode_forgotten",
        "Eval mode forgotten",
        "The model is still in training mode: dropout switches off random units, and batch normalisation uses the "
        "statistics of the current batch instead of those it learned.",
        """model.load_state_dict(weights)
logits = model(pixels)""",
        """model.load_state_dict(weights)
model.eval()
with torch.inference_mode():
    logits = model(pixels)""",
        "The same picture gets a different prediction each time (dropout), or in a different batch (batch "
        "normalisation). Most predictions stay right, which is why the bug is often overlooked.",
        "Predict the same picture alone and in a batch, twice. The outputs must be equal. Or print `model.training`.",
    ),
    Bug(
        "softmax_twice",
        "Softmax twice",
        "Softmax turns the ten logits into probabilities. It was applied in the model, and again to its output.",
        """probabilities = model(pixels).softmax(dim=1)  # in forward()
confidence = probabilities.softmax(dim=1).max()""",
        """probabilities = model(pixels).softmax(dim=1)  # in forward()
confidence = probabilities.max()""",
        "Predictions do not change, but no confidence exceeds 23.2 %: for ten probabilities, the second softmax gives "
        "at most e / (e + 9).",
        "Suspect it if a model is nearly always right but never confident. For a clear digit, its confidence should be "
        "near 100 %.",
    ),
    Bug(
        "labels_shifted",
        "Labels shifted",
        "The list of class names starts with 1, as on a keyboard, instead of 0: each prediction is one too high.",
        """NAMES = "1234567890"
answer = NAMES[probabilities.argmax()]""",
        """NAMES = "0123456789"
answer = NAMES[probabilities.argmax()]""",
        "Almost every prediction is wrong, with high confidence. The confusion matrix is a clean line beside the "
        "diagonal: 0 becomes 1, 1 becomes 2, 9 becomes 0.",
        "An accuracy far below 10 % is worse than guessing: the model works, only the names are wrong.",
    ),
    Bug(
        "weights_not_loaded",
        "Weights not loaded",
        "The network was built, but its trained weights were never loaded: they are still random.",
        """model = build(recipe)
model.eval()""",
        """model = build(recipe)
model.load_state_dict(load_file("model.safetensors"))
model.eval()""",
        "About one prediction in ten is right, as with guessing, and confidence is low. Which digits it prefers "
        "changes with every start of the program.",
        "Measure the accuracy once after loading. Beware of `strict=False` in `load_state_dict`: it does not complain "
        "when no name matches.",
    ),
    Bug(
        "wrong_interpolation",
        "Wrong interpolation",
        "The large picture is resized by sampling one point for each small pixel instead of averaging the area it "
        "covers. That is OpenCV's default.",
        "pixels = cv2.resize(ink, (28, 28))  # INTER_LINEAR",
        "pixels = cv2.resize(ink, (28, 28), interpolation=cv2.INTER_AREA)",
        "Thin strokes get gaps and jagged edges, thick ones hardly change. The accuracy on MNIST does not change at "
        "all, because its images are 28 × 28 already: a test set cannot reveal a bug in a step that it skips.",
        "Compare the 28 × 28 pixels of a large, thinly drawn digit with an MNIST image.",
    ),
)

BUG_OF = {bug.code: bug for bug in BUGS}
"""Each bug by its code."""
