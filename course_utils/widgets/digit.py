"""The draw-a-digit explorer: what is drawn passes through a network of LeNet's shape, layer by layer."""

from collections.abc import Mapping, Sequence
from functools import partial

import anywidget
import numpy as np
from numpy.typing import ArrayLike
from traitlets import Bytes, Dict, List

from course_utils.widgets.digit_arguments import image_bytes, points_of, read_classes, read_image
from course_utils.widgets.digit_examples import example_strokes
from course_utils.widgets.digit_ink import PREPARED, as_digits, as_mnist, on_image
from course_utils.widgets.digit_network import ACTIVATIONS, FIELD, POOLINGS, Numbers, layers_of, read_weights
from course_utils.widgets.digit_words import prediction_words
from course_utils.widgets.sources import javascript, stylesheet
from course_utils.widgets.state import Checked, one_of


class DigitExplorer(anywidget.AnyWidget):  # type: ignore[misc]
    r"""Draw a digit and see what each layer of a network of LeNet's shape makes of it, and what it predicts.

    .. math:: h_1 = \phi(x \star W_1 + b_1), \quad s_2 = \text{pool}(h_1), \quad \ldots, \quad
              p = \text{softmax}(z)

    The browser computes all of it. The mouse, a pen or a finger draws; so do the arrow keys, once Space has
    put the pen down. Before the network sees the drawing, it is brought into the format of the images that
    the network learned from.

    Args:
        weights: Arrays by name, as `course_utils.models.lenet5(...).state_dict()` holds them.
        classes: A name for each output; None counts them from 0.
        prepare: How the makers of the images did it: "mnist" (box scaled into 20 x 20 pixels, centre of mass
            in the middle) or "digits" (ink of 32 x 32 pixels counted in 4 x 4 blocks, enlarged to 28 x 28).
        image: An image to begin with, shape (28, 28), uint8 or from 0 to 1. It is prepared already: the
            network sees it, and what is drawn on it, unmoved, until it is cleared away.
        activation: "tanh" or "relu", as in `lenet5`.
        pooling: "average" or "max", as in `lenet5`.

    Raises:
        TypeError: If `weights` is no dict of arrays, or `image` no array of numbers.
        ValueError: If the weights are not those of such a network, or `classes` or `image` does not fit.
        traitlets.TraitError: If a name or a stroke is not accepted; also on later assignment.

    Source:
        LeCun, Bottou, Bengio and Haffner (1998), figure 2; Toronto CSC 2515, sizes of layers in LeNet.
    """

    _esm = javascript("digit", "digit_maths", "digit_ink", "digit_sheet")
    _css = stylesheet("digit")

    strokes = Checked((), points_of)
    prepare = Checked("mnist", partial(one_of, known=PREPARED))
    activation = Checked("tanh", partial(one_of, known=ACTIVATIONS))
    pooling = Checked("average", partial(one_of, known=POOLINGS))
    _classes = List().tag(sync=True)
    _shapes = Dict().tag(sync=True)
    _weights = Bytes().tag(sync=True)
    _image = Checked(b"", image_bytes)
    _examples = List().tag(sync=True)

    def __init__(
        self,
        weights: Mapping[str, ArrayLike],
        *,
        classes: Sequence[str] | None = None,
        prepare: str = "mnist",
        image: ArrayLike | None = None,
        activation: str = "tanh",
        pooling: str = "average",
    ) -> None:
        self._found = read_weights(weights)
        super().__init__(
            prepare=prepare,
            activation=activation,
            pooling=pooling,
            _classes=list(read_classes(classes, len(self._found["output.bias"]))),
            _shapes={name: list(values.shape) for name, values in self._found.items()},
            _weights=b"".join(values.astype("<f4").tobytes() for values in self._found.values()),
            _image=b"" if image is None else read_image(image).astype("<f4").tobytes(),
            _examples=[example_strokes(digit) for digit in range(10)],
        )

    def seen(self) -> Numbers | None:
        """Compute what the network sees.

        Returns:
            The prepared image x, from 0 to 1, shape (28, 28); None if nothing is drawn.
        """
        if self._image:
            image = np.frombuffer(self._image, dtype="<f4").reshape(FIELD, FIELD)
            return on_image(image.astype(np.float64), self.strokes)
        if not self.strokes:
            return None
        return as_mnist(self.strokes) if self.prepare == "mnist" else as_digits(self.strokes)

    def layers(self) -> dict[str, Numbers]:
        """Compute what each layer makes of the drawing.

        Returns:
            By name: "x" (28, 28), "C1", "S2", "C3", "S4" (maps, height, width), "F5", "F6" (units,) and "p"
                (classes,); empty if nothing is drawn.
        """
        x = self.seen()
        if x is None:
            return {}
        return layers_of(x, self._found, activation=self.activation, pooling=self.pooling)

    def words(self) -> str:
        """Say what the network predicts, as the read-out in the browser says it.

        Returns:
            Two short sentences, or what to do if nothing is drawn.
        """
        return prediction_words(self.layers().get("p"), self._classes)

    def __repr__(self) -> str:
        """Say the state in one line that is the same in every run."""
        given = ", on a given image" if self._image else ""
        count = len(self.strokes)
        return (
            f"DigitExplorer({count} stroke{'' if count == 1 else 's'}{given}, prepare={self.prepare!r}, "
            f"activation={self.activation!r}, pooling={self.pooling!r})"
        )
