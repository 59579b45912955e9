// A digit in a blank field, its edge maps and what pooling leaves of them, and what is said of it. course_utils.reference,
// and shifting.py and shift_words.py beside this file, define it; the tests hold both equal. Images are lists of rows.

export const FIELD = 16;
const SIDE = 8;
export const START = (FIELD - SIDE) / 2; // where a digit that has not moved begins
export const FARTHEST = SIDE;

const make = (height, width, value) => Array.from({ length: height }, (_, row) => Array.from({ length: width }, (__, column) => value(row, column)));
const at = (image, row, column) => ((image[row] || [])[column] || 0); // zeros all around

export function movedBy(image, [down, right]) {
  return make(image.length, image[0].length, (row, column) => at(image, row - down, column - right));
}

export function digitInField(image, by) {
  return movedBy(make(FIELD, FIELD, (row, column) => at(image, row - START, column - START)), by);
}

export function edges(x, kernel) { // cross-correlation with zeros around, then what is below zero becomes zero
  return make(x.length, x[0].length, (row, column) => {
    let z = 0;
    kernel.forEach((weights, m) => weights.forEach((w, n) => { z += w * at(x, row + m - 1, column + n - 1); }));
    return Math.max(0, z);
  });
}

export function pooled(h, kind, size) {
  if (kind === "none") return h;
  return make(h.length / size, h[0].length / size, (row, column) => {
    const square = h.slice(row * size, (row + 1) * size).flatMap((line) => line.slice(column * size, (column + 1) * size));
    return kind === "max" ? Math.max(...square) : square.reduce((sum, value) => sum + value, 0) / (size * size);
  });
}

export function change(now, first) { // both are lists of maps
  const [a, b] = [now.flat(2), first.flat(2)];
  const length = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return length(a.map((value, i) => value - b[i])) / length(b);
}

// Everything that is drawn and said: of the digit as it was first, and as it is now.
export function stages(image, kernels, by, kind, size) {
  const [first, now] = [[0, 0], by].map((where) => {
    const x = digitInField(image, where);
    const h = kernels.map((kernel) => edges(x, kernel));
    return { x, h, p: h.map((map) => pooled(map, kind, size)), whole: h.map((map) => pooled(map, kind, FIELD)) };
  });
  const before = first.x.flat();
  const changes = {
    pixels: now.x.flat().filter((value, i) => value !== before[i]).length,
    feature_maps: change(now.h, first.h),
    moved_along: change(now.h, first.h.map((map) => movedBy(map, by))),
    pooled: change(now.p, first.p),
    global_pool: kind === "none" ? null : change(now.whole, first.whole),
  };
  return { first, now, changes };
}

const MEANING = "A change will be the length of the difference, in percent of the length at first.";

export function percent(share) {
  if (share === 0) return "0 %";
  return share < 0.0005 ? "less than 0.1 %" : `${(100 * share).toFixed(1)} %`;
}

function distanceWords([down, right]) {
  const parts = [];
  if (down) parts.push(`${Math.abs(down)} ${down > 0 ? "down" : "up"}`);
  if (right) parts.push(`${Math.abs(right)} to the ${right > 0 ? "right" : "left"}`);
  return parts.join(" and ");
}

export function changeWords(digit, by, kind, size, changes) {
  if (!by[0] && !by[1]) return `Digit ${digit} has not moved yet, so nothing has changed.\n${MEANING}`;
  const why = changes.moved_along ? "part of it is outside" : "equivariance";
  const said = [
    `Digit ${digit} moved ${distanceWords(by)}: ${changes.pixels} of ${FIELD * FIELD} input pixels changed.`,
    `Feature maps: changed by ${percent(changes.feature_maps)} in place, by ${percent(changes.moved_along)} from the ` +
      `first ones moved along: ${why}.`,
  ];
  if (kind === "none") return [...said, "Nothing is pooled: what comes next sees the changed feature maps."].join("\n");
  const still = changes.global_pool === 0 ? ": invariance" : "";
  const name = kind[0].toUpperCase() + kind.slice(1);
  const whole = `over the whole map: changed by ${percent(changes.global_pool)}${still}`;
  return [...said, `${name} pooling, ${size} × ${size}: changed by ${percent(changes.pooled)}; ${whole}.`].join("\n");
}
