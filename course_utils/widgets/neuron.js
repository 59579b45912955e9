// The neuron explorer: the response y = phi(w.x + b) over a plane, its decision line and its weight vector.

const REACH = 3; // the plane is [-3, 3] x [-3, 3]
const STEP = 0.1;
// Ends of the colour scale, and the contours drawn.
const SCALES = {
  identity: [-6, 6, [-4, -2, 2, 4]],
  relu: [0, 6, [2, 4]],
  softplus: [0, 6, [1, 2, 4]],
  hard_threshold: [0, 1, []],
  logistic: [0, 1, [0.1, 0.3, 0.7, 0.9]],
  tanh: [-1, 1, [-0.9, -0.5, 0.5, 0.9]],
};
const INVERSES = {
  identity: (y) => y,
  relu: (y) => y,
  softplus: (y) => Math.log(Math.expm1(y)),
  logistic: (y) => Math.log(y / (1 - y)),
  tanh: Math.atanh,
};

function colour(value, [low, high]) {
  return VIRIDIS[Math.round(255 * Math.max(0, Math.min(1, (value - low) / (high - low))))];
}

function colourBar(plane, [low, high]) {
  const [left, rows] = [plane.left + plane.size + 18, plane.size];
  for (let row = 0; row < rows; row += 1) {
    plane.context.fillStyle = `rgb(${colour(high - ((high - low) * row) / rows, [low, high]).join()})`;
    plane.context.fillRect(left, plane.top + row, 16, 1.5);
  }
  plane.context.lineWidth = 1;
  plane.context.strokeStyle = INK;
  plane.context.strokeRect(left, plane.top, 16, rows);
  const open = high > 1; // values beyond the scale keep its last colour
  const middle = (low + high) / 2;
  plane.text(`${open ? "≥ " : ""}${number(high, 0)}`, [left + 22, plane.top + 7]);
  plane.text(number(middle, Number.isInteger(middle) ? 0 : 1), [left + 22, plane.top + rows / 2]);
  plane.text(`${open && low < 0 ? "≤ " : ""}${number(low, 0)}`, [left + 22, plane.top + rows - 7]);
  plane.text("y", [left + 8, plane.top + rows + 14], { align: "center" });
}

function contours(plane, [w_1, w_2], b, activation) {
  const square = w_1 * w_1 + w_2 * w_2;
  if (square === 0) return;
  const [right, up] = unit([w_1, w_2]);
  for (const value of SCALES[activation][2]) {
    const z = INVERSES[activation](value);
    const on = (t) => [((z - b) * w_1) / square + t * up, ((z - b) * w_2) / square - t * right];
    plane.stroke([-100, 100].map((t) => plane.at(on(t))), "#FFFFFFB0", 1.2);
    const place = [2.3, 1.6, -2.3, -1.6].map(on).find((x) => Math.max(...x.map(Math.abs)) < REACH - 0.2);
    if (!place) continue; // the contour only cuts a corner, or is outside
    plane.text(number(value, Number.isInteger(value) ? 0 : 1), plane.at(place), { align: "center", halo: true });
  }
}

function foot(plane, [w_1, w_2], b) { // from the origin at right angles to the line, along the arrow
  const square = w_1 * w_1 + w_2 * w_2;
  if (square === 0) return;
  const meets = plane.at([(-b * w_1) / square, (-b * w_2) / square]);
  const [right, up] = unit([w_1, w_2]);
  plane.stroke([plane.at([0, 0]), meets], "#FFFFFF", 2, DOTTED);
  const corner = (a, c) => [meets[0] + 10 * (a * right - c * up), meets[1] - 10 * (a * up + c * right)];
  plane.stroke([corner(1, 0), corner(1, 1), corner(0, 1)], "#FFFFFF", 2);
}

function drawNeuron(plane, weights, b, activation, classes) {
  plane.clear();
  plane.surface((x) => colour(neuron(weights, b, activation, x), SCALES[activation]));
  plane.inside(() => {
    contours(plane, weights, b, activation);
    plane.line([...weights, b], BLACK, 2.5);
    foot(plane, weights, b);
    classes.forEach((label, i) => plane.point(INPUTS[i], label));
    plane.arrow([0, 0], weights, BLACK);
    const [column, row] = plane.at(weights);
    const left = column > plane.left + plane.size - 30;
    plane.text("w", [column + (left ? -12 : 12), Math.max(row - 12, plane.top + 10)],
      { align: left ? "right" : "left", halo: true, bold: true });
  });
  plane.axes(["x₁", "x₂"], [-3, -2, -1, 0, 1, 2, 3]);
  colourBar(plane, SCALES[activation]);
}

function render({ model, el }) {
  const canvas = element("canvas");
  const plane = new Plane(canvas, { low: -REACH, high: REACH, size: 360, right: 84 });
  let held = model.get("weights");
  const move = (weights) => send(model, { weights: weights.map(tidy) });
  movable(plane, {
    step: (direction) => move(model.get("weights").map((w, i) => {
      const bound = Math.max(REACH, Math.abs(w)); // a weight set from Python may lie outside the plane
      return Math.max(-bound, Math.min(bound, w + STEP * direction[i]));
    })),
    grab: () => { held = model.get("weights"); },
    drag: (from, to) => move(held.map((w, i) => {
      const moved = Math.max(-REACH, Math.min(REACH, w + to[i] - from[i]));
      return Math.round(moved / 0.05) * 0.05;
    })),
  });
  const bias = slider("Bias b", { min: -REACH, max: REACH, step: STEP }, (b) => send(model, { bias: b }));
  const activations = Object.keys(ACTIVATIONS).map((name) => [name, name.replace("_", " ")]);
  const phi = choice("Activation φ", activations, (name) => send(model, { activation: name }));
  const draw = () => {
    const [weights, b, activation] = ["weights", "bias", "activation"].map((name) => model.get(name));
    const classes = CLASSES[model.get("points")];
    drawNeuron(plane, weights, b, activation, classes);
    Object.assign(bias.input, { min: Math.min(-REACH, b), max: Math.max(REACH, b) });
    bias.show(b, number(b));
    phi.select.value = activation;
    const counted = classes.length ? ` ${sideOf(weights, b, classes)} of 4 points are on their side of it.` : "";
    const words = `${equation(weights, b, activation)}; ${decisionLine(weights, b)}.${counted}`;
    canvas.setAttribute("aria-label", `Response of the neuron over the input plane: ${words}`);
    return words;
  };
  return mount({ model, el }, {
    instruction: "Click the plane or Tab to it, then move the tip of the weight vector w with the arrow keys " +
      "(Shift for longer steps) or the mouse.",
    parts: [canvas, element("div", { className: "course-controls" }, bias.field, phi.field)],
    names: ["weights", "bias", "activation", "points"],
    draw,
  });
}

export default { render };
