"""Measure the milliseconds from a key press to changed canvas pixels, for each explorer, in JupyterLab.

Run `python benchmarks/key_to_pixel.py [--presses N]`. A press is a real one, sent by the browser. The clock
starts at the event's own time stamp and stops at the first frame after the one in which the canvas's bytes
differ. The floor is a canvas whose key handler fills one rectangle: what the method itself costs. The goal is
a median under 50 ms.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Locator

sys.path.insert(0, str(Path(__file__).parents[1]))  # the benchmark drives the browser as the tests do

from tests.browser.lab_server import Lab, Visit, launch, missing, serve, visit, write_notebook

GOAL = 50  # ms
EXPLORERS = {
    "neuron": "NeuronExplorer",
    "xor": "XorExplorer",
    "backprop": "BackpropExplorer",
    "convolution": "ConvolutionExplorer",
    "filter": "FilterExplorer",
    "geometry": "GeometryExplorer",
    "shift": "ShiftExplorer",
    "digit": "DigitExplorer",
}
LENET = {"c1": (6, 1, 5, 5), "c3": (16, 6, 5, 5), "f5": (120, 400), "f6": (84, 120), "output": (10, 84)}
SETTINGS = {
    "backprop": "graph='softmax'",  # the largest of its graphs
    "convolution": "[2] * 6, [3] * 6, method='flip and filter'",  # the longest signals
    "filter": "'gaussian_blur_5'",
    "geometry": "size=64, depth=4, padding='same'",
    "digit": "{f'{layer}.{part}': np.full(shape if part == 'weight' else shape[:1], 0.01) "
    f"for layer, shape in {LENET}.items() for part in ('weight', 'bias')}}",
}
KEYS = {  # through all of their steps and back
    "backprop": ("ArrowRight",) * 16 + ("ArrowLeft",) * 16,
    "convolution": ("ArrowRight",) * 11 + ("ArrowLeft",) * 11,
    "geometry": ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"),  # Up changes nothing at first
    "digit": (" ", "ArrowRight", "ArrowUp", " ", "ArrowDown", "ArrowLeft"),  # with the pen down and up
}
ARROWS = ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown")

BARE = """
() => {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 490, height: 414, id: 'bare', tabIndex: 0 });
  canvas.style.cssText = 'position: fixed; top: 0; left: 0; z-index: 9999';
  const context = canvas.getContext('2d');
  let presses = 0;
  canvas.addEventListener('keydown', event => {
    event.stopPropagation();
    event.preventDefault();
    presses += 1;
    context.fillStyle = `rgb(${presses % 256}, 0, 0)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  });
  document.body.append(canvas);
}
"""
WATCH = """
canvas => {
  const bytes = () => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const same = (a, b) => {
    for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
    return true;
  };
  let last = bytes();
  window.keyToPixel = null;
  window.addEventListener('keydown', event => {
    const start = event.timeStamp;
    window.keyToPixel = new Promise(done => {
      const look = () => {
        const now = bytes();
        if (same(now, last)) return requestAnimationFrame(look);
        last = now;
        requestAnimationFrame(() => done(performance.now() - start));
      };
      requestAnimationFrame(look);
    });
  }, true);
}
"""


def measure(seen: Visit, canvas: Locator, presses: int, keys: Sequence[str] = ARROWS) -> list[float]:
    """Press keys on a canvas, each of which changes it, and return the milliseconds of each press."""
    canvas.evaluate(WATCH)
    canvas.focus()
    times = []
    for press in range(presses + 3):
        seen.page.keyboard.press(keys[press % len(keys)])
        times.append(float(seen.page.evaluate("() => window.keyToPixel")))
    return times[3:]  # the first ones compile the page's code


def medians(browser: Browser, lab: Lab, *, presses: int) -> dict[str, float]:
    """Return the median milliseconds of the floor and of each explorer."""
    found = {}
    for name, explorer in EXPLORERS.items():
        notebook = f"key_to_pixel_{name}.ipynb"
        write_notebook(
            lab.root / notebook,
            [
                f"import numpy as np\nfrom course_utils.widgets import {explorer}",
                f"explorer = {explorer}({SETTINGS.get(name, '')})\nexplorer",
            ],
        )
        with visit(browser, lab) as seen:
            seen.open(notebook)
            seen.run_all(notebook)
            canvas = seen.page.locator(".course-explorer").get_by_role("application")
            canvas.wait_for()
            found[name] = statistics.median(measure(seen, canvas, presses, KEYS.get(name, ARROWS)))
        with visit(
            browser, lab
        ) as seen:  # a page of its own: the first listener would look at its canvas too
            seen.open(notebook)
            seen.run_all(notebook)
            seen.page.evaluate(BARE)
            found[f"floor beside {name}"] = statistics.median(
                measure(seen, seen.page.locator("#bare"), presses)
            )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--presses", type=int, default=100, help="key presses for each median")
    presses = parser.parse_args().presses
    lacking = missing()
    if lacking:
        print(f"Not measured: {lacking}.")
        return 1
    with tempfile.TemporaryDirectory() as folder, launch() as browser:
        root, home = Path(folder, "course"), Path(folder, "home")
        root.mkdir()
        home.mkdir()
        with serve(root, home) as lab:
            found = medians(browser, lab, presses=presses)
    for name, median in found.items():
        print(f"{name:20s} {median:6.1f} ms median of {presses} key presses")
    over = [name for name in EXPLORERS if found[name] > GOAL]
    print(f"goal {GOAL} ms: {'missed by ' + ', '.join(over) if over else 'met'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
