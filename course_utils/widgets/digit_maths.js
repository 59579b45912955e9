// The draw-a-digit explorer's network and words. course_utils.reference defines it; the tests hold both equal. Images
// and maps are typed arrays, row after row, map after map.

const EMPTY = "Nothing is drawn yet, so nothing is predicted. Draw one digit, large, on the dark field.";

export function floats(view) { // copied, because the bytes may begin anywhere in their buffer
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

export function readNetwork(view, shapes) { // the arrays by layer: { weight, bias, shape of weight }
  const all = floats(view);
  const network = {};
  let start = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const [layer, part] = name.split(".");
    const size = shape.reduce((product, length) => product * length, 1);
    network[layer] = { ...network[layer], [part]: all.subarray(start, start + size), ...(part === "weight" ? { shape } : {}) };
    start += size;
  }
  return network;
}

export function padded(x, side, around) { // zeros around one image
  const wide = side + 2 * around;
  const found = new Float64Array(wide * wide);
  for (let row = 0; row < side; row += 1) found.set(x.subarray(row * side, (row + 1) * side), (row + around) * wide + around);
  return found;
}

export function convolved(x, side, { weight, bias, shape: [outputs, inputs, size] }) { // every whole window, not flipped
  const room = side - size + 1;
  const found = new Float64Array(outputs * room * room);
  for (let o = 0, k = 0; o < outputs; o += 1) {
    for (let row = 0; row < room; row += 1) {
      for (let column = 0; column < room; column += 1, k += 1) {
        let z = bias[o];
        for (let c = 0; c < inputs; c += 1) {
          for (let u = 0; u < size; u += 1) {
            const [from, w] = [c * side * side + (row + u) * side + column, ((o * inputs + c) * size + u) * size];
            for (let v = 0; v < size; v += 1) z += weight[w + v] * x[from + v];
          }
        }
        found[k] = z;
      }
    }
  }
  return found;
}

export function halved(h, side, kind) { // each square of 2 x 2 becomes one number
  const half = side / 2;
  return Float64Array.from({ length: h.length / 4 }, (_, k) => {
    const column = k % half;
    const at = 2 * side * ((k - column) / half) + 2 * column; // maps lie one below the other
    const [a, b, c, d] = [h[at], h[at + 1], h[at + side], h[at + side + 1]];
    return kind === "max" ? Math.max(a, b, c, d) : (a + b + c + d) / 4;
  });
}

export function weighed(x, { weight, bias, shape: [, inputs] }) {
  return Float64Array.from(bias, (b, unit) => {
    let z = b;
    for (let i = 0; i < inputs; i += 1) z += weight[unit * inputs + i] * x[i];
    return z;
  });
}

export function softmax(z) {
  const largest = Math.max(...z);
  const e = z.map((value) => Math.exp(value - largest));
  const sum = e.reduce((so, value) => so + value, 0);
  return e.map((value) => value / sum);
}

export function layersOf(x, network, activation, pooling) { // names as in digit_network.py
  const { c1, c3, f5, f6, output } = network;
  const active = (z) => z.map(ACTIVATIONS[activation]);
  const C1 = active(convolved(padded(x, 28, 2), 32, c1));
  const S2 = halved(C1, 28, pooling);
  const C3 = active(convolved(S2, 14, c3));
  const S4 = halved(C3, 10, pooling);
  const F5 = active(weighed(S4, f5));
  const F6 = active(weighed(F5, f6));
  return { x, C1, S2, C3, S4, F5, F6, p: softmax(weighed(F6, output)) };
}

export function probability(p) { // never as certain or impossible
  if (p >= 0.995) return "over 0.99";
  return p < 0.005 ? "under 0.01" : p.toFixed(2);
}

export function ranked(p) { // the classes, the likeliest first
  return Array.from(p, (_, k) => k).sort((a, b) => p[b] - p[a] || a - b);
}

export function predictionWords(p, classes) {
  if (!p) return EMPTY;
  const [best, second] = ranked(p);
  return `Prediction: ${classes[best]}, with probability ${probability(p[best])}. ` +
    `Second best: ${classes[second]}, with ${probability(p[second])}.`;
}
