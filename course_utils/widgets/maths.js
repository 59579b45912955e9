// The explorers' mathematics. course_utils.reference defines it; the tests hold both equal.

export const ACTIVATIONS = {
  identity: (z) => z,
  relu: (z) => Math.max(z, 0),
  softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  hard_threshold: (z) => (z > 0 ? 1 : 0),
  logistic: (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z))),
  tanh: (z) => Math.tanh(z),
};

export const INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]];
export const CLASSES = { none: [], and: [0, 0, 0, 1], or: [0, 1, 1, 1], xor: [0, 1, 1, 0] };
export const OUTPUT_LINE = [1, -1, -0.5]; // y = 1 where h_1 - h_2 - 0.5 > 0

export const tidy = (value) => Math.round(value * 1e6) / 1e6 + 0; // no 0.30000000000000004, no -0

export function number(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

function term(value, unit) {
  return `${number(value).startsWith("−") ? "−" : "+"} ${number(Math.abs(value))}${unit}`;
}

export function preActivation([w_1, w_2, b], [x_1, x_2]) {
  return w_1 * x_1 + w_2 * x_2 + b;
}

export function unit([w_1, w_2]) { // the direction of w
  const length = Math.hypot(w_1, w_2);
  return [w_1 / length, w_2 / length];
}

export function neuron([w_1, w_2], b, activation, x) {
  return ACTIVATIONS[activation](preActivation([w_1, w_2, b], x));
}

export function affine([w_1, w_2, b]) {
  return `${number(w_1)} x₁ ${term(w_2, " x₂")} ${term(b, "")}`;
}

export function equation([w_1, w_2], b, activation) {
  return `y = ${activation}(${affine([w_1, w_2, b])})`;
}

export function decisionLine([w_1, w_2], b) {
  if (w_1 === 0 && w_2 === 0) return "no decision line, because both weights are 0";
  if (w_2 === 0) return `decision line x₁ = ${number(-b / w_1)}`;
  return `decision line x₂ = ${number(-w_1 / w_2)} x₁ ${term(-b / w_2, "")}`;
}

export function sideOf([w_1, w_2], b, classes) {
  return classes.filter((t, i) => (preActivation([w_1, w_2, b], INPUTS[i]) > 0 ? 1 : 0) === t).length;
}

// Unlike a bare change of w, both moves below undo themselves: the line keeps its distance from the square's centre.
export function turn([w_1, w_2, b], degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = [cos * w_1 - sin * w_2, sin * w_1 + cos * w_2];
  const centre = b + (w_1 + w_2) / 2;
  return [...turned, centre - (turned[0] + turned[1]) / 2].map(tidy);
}

export function shift([w_1, w_2, b], distance) {
  return [w_1, w_2, b - distance * Math.hypot(w_1, w_2)].map(tidy);
}

export function hidden(lines, steepness, x) {
  return lines.map((line) => ACTIVATIONS.logistic(steepness * preActivation(line, x)));
}

export function output(h) {
  return preActivation(OUTPUT_LINE, h) > 0 ? 1 : 0;
}
