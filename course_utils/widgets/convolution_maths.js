// The convolution explorer's mathematics and words. course_utils.reference defines it; the tests hold both equal.

const METHODS = ["translate and scale", "flip and filter", "cross-correlation"];
const [TRANSLATE, FLIP, CORRELATE] = METHODS;
const [LONGEST, LARGEST] = [6, 99];

export function placesOf(a, b, method) { // every t at which the output has a number
  const first = method === CORRELATE ? 1 - b.length : 0;
  return Array.from({ length: a.length + b.length - 1 }, (_, k) => first + k);
}

export function factorsAt(a, b, method, t) { // [tau, a at tau, the number of b under it]
  const under = (tau) => (method === CORRELATE ? tau - t : t - tau);
  return a.map((value, tau) => [tau, value, b[under(tau)]]).filter(([, , number_]) => number_ !== undefined);
}

export function resultOf(a, b, method) {
  return placesOf(a, b, method).map((t) => total(factorsAt(a, b, method, t).map(([, x, k]) => x * k)));
}

export function copiesOf(a, b) {
  return a.map((scale, tau) => placesOf(a, b, TRANSLATE).map((t) => scale * (b[t - tau] ?? 0)));
}

export function stepsOf(a, b, method) {
  return method === TRANSLATE ? a.length : a.length + b.length - 1;
}

export function soFar(a, b, method, step) {
  if (method !== TRANSLATE) return resultOf(a, b, method).slice(0, step);
  return placesOf(a, b, method).map((t) => total(copiesOf(a, b).slice(0, step).map((copy) => copy[t])));
}

function plan(b, method) {
  if (method === TRANSLATE) return "each adds a copy of b, moved by τ and scaled by the number of a at τ";
  if (method === FLIP) return `b is flipped to ${listed([...b].reverse())} and slides along a`;
  return `b stays ${listed(b)}, not flipped, and slides along a`;
}

function now(a, b, method, step) {
  const tau = step - 1;
  if (method === TRANSLATE) return `τ = ${tau}: ${factor(a[tau])} · b, moved by ${tau}, is ${listed(copiesOf(a, b)[tau])}`;
  const t = placesOf(a, b, method)[tau];
  const terms = factorsAt(a, b, method, t).map(([, x, k]) => `${factor(x)}·${factor(k)}`).join(" + ");
  return `t = ${short(t)}: ${terms} = ${short(resultOf(a, b, method)[tau])}`;
}

export function stepWords(a, b, method, step) {
  const steps = stepsOf(a, b, method);
  if (step === 0) return `Start, ${steps} ${steps > 1 ? "steps" : "step"} to go: ${plan(b, method)}.`;
  const whole = method === CORRELATE ? "the cross-correlation" : "a ∗ b";
  const part = method === TRANSLATE ? "sum so far" : "output so far";
  const known = `${step === steps ? whole : part} is ${listed(soFar(a, b, method, step))}`;
  return `Step ${step} of ${steps}, ${now(a, b, method, step)}; ${known}.`;
}
