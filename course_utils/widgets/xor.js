// The XOR explorer: two hidden units' lines in the input plane, and where the four points land in the hidden plane.

const XOR = CLASSES.xor;
const LOOKS = [[GREEN, DASHED], [PURPLE, DASH_DOT]]; // as in plots.two_planes
const NAMES = ["h₁", "h₂"];
const DEGREES = 3;
const DISTANCE = 0.05;
const ARROW = 0.3; // length of an arrow, in units of the input plane
const HALF = [0.5, 0.5]; // the square's centre, about which lines turn
const ASIDE = [-0.25, 0.25]; // where on its line each arrow stands, clear of the points in the solved state

function arrowOf([w_1, w_2, b], i) { // from a point of line i, at right angles, to the side where the unit is on
  const [right, up] = unit([w_1, w_2]);
  const away = preActivation([w_1, w_2, b], HALF) / Math.hypot(w_1, w_2);
  const from = [HALF[0] - away * right - ASIDE[i] * up, HALF[1] - away * up + ASIDE[i] * right];
  return { from, tip: [from[0] + ARROW * right, from[1] + ARROW * up] };
}

function drawInputs(plane, lines, steepness, chosen) {
  plane.clear();
  plane.surface((x) => PALE[output(hidden(lines, steepness, x))]);
  plane.inside(() => {
    lines.forEach((line, i) => {
      const [paint, dash] = LOOKS[i];
      const { from, tip } = arrowOf(line, i);
      plane.line(line, paint, i === chosen ? 5 : 2.5, dash);
      plane.arrow(from, tip, paint, i === chosen);
      const [column, row] = plane.at(tip);
      plane.text(NAMES[i], [column + 8, row - 10], { halo: true, bold: true });
    });
    XOR.forEach((label, i) => plane.point(INPUTS[i], label));
  });
  XOR.forEach((label, i) => {
    const [column, row] = plane.at(INPUTS[i]);
    const [right, up] = INPUTS[i].map((part) => 2 * part - 1); // away from the square's centre
    plane.text(INPUTS[i].join(""), [column + 21 * right, row - 18 * up], { align: "center", halo: true });
  });
  plane.axes(["x₁", "x₂"], [0, 1]);
}

function gathered(plane, landed) { // points that land close together share one label, a row each
  const groups = [];
  landed.forEach((h, i) => {
    const [column, row] = plane.at(h);
    const near = groups.find((g) => Math.abs(g.column - column) < 90 && Math.abs(g.row - row) < 30);
    if (near) near.members.push(i);
    else groups.push({ column, row, members: [i] });
  });
  return groups;
}

function drawHidden(plane, landed) {
  const right = landed.map((h, i) => output(h) === XOR[i]);
  plane.clear();
  plane.surface((h) => PALE[output(h)]);
  plane.inside(() => {
    plane.line(OUTPUT_LINE, BLACK, 3, DOTTED);
    plane.text("h₁ − h₂ = 0.5", plane.at([0.23, -0.2]), { align: "right", halo: true });
    plane.text("y = 0", plane.at([-0.21, 1.2]), { halo: true });
    plane.text("y = 1", plane.at([1.21, -0.2]), { align: "right", halo: true });
    landed.forEach((h, i) => plane.point(h, XOR[i]));
    landed.forEach((h, i) => { if (!right[i]) plane.mark(h); });
    for (const { column, row, members } of gathered(plane, landed)) {
      const left = column > plane.left + plane.size / 2;
      const top = row - (members.length - 1) * 9;
      members.forEach((i, k) => {
        const words = `${INPUTS[i].join("")} ${right[i] ? "right" : "wrong"}`;
        plane.text(words, [column + (left ? -22 : 22), top + 18 * k],
          { align: left ? "right" : "left", halo: true, bold: !right[i] });
      });
    }
  });
  plane.axes(NAMES, [0, 1]);
}

function readout(lines, steepness, landed) {
  const right = landed.filter((h, i) => output(h) === XOR[i]).length;
  const places = landed.map((h, i) => `${INPUTS[i].join("")} → (${h.map((part) => number(part)).join(", ")})`);
  const units = lines.map((line, i) => `${NAMES[i]} = logistic(${number(steepness, Number.isInteger(steepness) ? 0 : 1)} (${affine(line)}))`);
  return `${right} of 4 points right. In the hidden plane ${places.join(", ")}.\n${units.join("; ")}.`;
}

function dragging(model, chosen) { // grabbed at its arrow's tip a line turns, elsewhere it is shifted
  let [turning, held] = [false, null];
  const gap = (line, x) => preActivation(line, x) / Math.hypot(line[0], line[1]);
  const angle = (x) => (Math.atan2(x[1] - HALF[1], x[0] - HALF[0]) * 180) / Math.PI;
  const near = (lines, how) => lines.findIndex((line, i) => how(line, i) < 0.08);
  return {
    grab: (x) => {
      const lines = model.get("lines");
      const tip = near(lines, (line, i) => Math.hypot(...arrowOf(line, i).tip.map((part, k) => part - x[k])));
      const line = near(lines, (w) => Math.abs(gap(w, x)));
      const found = tip >= 0 ? tip : line;
      if (found >= 0) send(model, { chosen: found + 1 }); // far from both, the chosen one is moved
      turning = tip >= 0;
      held = lines[chosen()];
    },
    drag: (from, to) => (turning ? turn(held, angle(to) - angle(from)) : shift(held, gap(held, to) - gap(held, from))),
  };
}

function render({ model, el }) {
  const [inputs, hiddens] = [element("canvas"), element("canvas")];
  const plane = new Plane(inputs, { low: -0.5, high: 1.5, size: 310 });
  const hiddenPlane = new Plane(hiddens, { low: -0.25, high: 1.25, size: 310 });
  hiddens.setAttribute("role", "img");
  const chosen = () => model.get("chosen") - 1;
  const replace = (line) => send(model, { lines: model.get("lines").map((old, i) => (i === chosen() ? line : old)) });
  const { grab, drag } = dragging(model, chosen);
  movable(plane, {
    step: ([right, up]) => replace(shift(turn(model.get("lines")[chosen()], -DEGREES * right), DISTANCE * up)),
    grab,
    drag: (from, to) => replace(drag(from, to)),
  });
  const which = choice("Line to move", [["1", "h₁ (green, dashed)"], ["2", "h₂ (purple, dash-dotted)"]],
    (value) => send(model, { chosen: Number(value) }));
  const steep = slider("Steepness, soft to hard", { min: 1, max: 50, step: 1 }, (s) => send(model, { steepness: s }));
  const draw = () => {
    const [lines, steepness] = [model.get("lines"), model.get("steepness")];
    const landed = INPUTS.map((x) => hidden(lines, steepness, x));
    drawInputs(plane, lines, steepness, chosen());
    drawHidden(hiddenPlane, landed);
    which.select.value = String(chosen() + 1);
    steep.show(steepness, number(steepness, Number.isInteger(steepness) ? 0 : 1));
    const words = readout(lines, steepness, landed);
    inputs.setAttribute("aria-label", `Input plane with the four points and the hidden units' two lines. ${words}`);
    hiddens.setAttribute("aria-label", `Hidden plane with the output line h₁ − h₂ − 0.5 = 0. ${words}`);
    return words;
  };
  return mount({ model, el }, {
    instruction: "Choose a line, click the left plane or Tab to it, then turn the line with the left and right arrow " +
      "keys and shift it along its arrow with up and down (Shift for longer steps), or drag it.",
    parts: [element("div", { className: "course-planes" }, inputs, hiddens),
      element("div", { className: "course-controls" }, which.field, steep.field)],
    names: ["lines", "steepness", "chosen"],
    draw,
  });
}

export default { render };
