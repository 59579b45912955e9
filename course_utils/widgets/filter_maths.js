// The filter explorer's mathematics and words. course_utils.reference defines it; the tests hold both equal.

const [HEIGHT, WIDTH, ZOOM] = [96, 128, 3]; // pixels of the photograph, and screen pixels of each
const [LARGEST, LARGEST_DIVISOR] = [99, 999];
const OWN = "own"; // a kernel that is no filter of the decks
const OPERATIONS = ["convolution", "cross-correlation"];
const DISPLAYS = {
  clipped: "clipped: 0 and below is black, 255 and above is white",
  signed: "signed: 0 is mid-grey, negative is darker, positive is lighter",
  stretched: "stretched: the lowest number is black, the highest is white",
};

export const flipped = (kernel) => kernel.map((row) => [...row].reverse()).reverse();
export const reachOf = (kernel) => (kernel.length - 1) / 2;

export function windowAt(pixels, [row, column], reach) {
  const along = (middle) => Array.from({ length: 2 * reach + 1 }, (_, k) => middle - reach + k);
  return along(row).map((i) => along(column).map((j) => pixels[i * WIDTH + j]));
}

export function productsAt(pixels, position, used) {
  return windowAt(pixels, position, reachOf(used)).map((row, i) => row.map((x, j) => x * used[i][j]));
}

export function filtered(pixels, used, divisor) { // every window that lies wholly on the photograph
  const size = used.length;
  const [height, width] = [HEIGHT - size + 1, WIDTH - size + 1];
  const values = new Float64Array(height * width);
  for (let i = 0; i < height; i += 1) {
    for (let j = 0; j < width; j += 1) {
      let sum = 0;
      for (let s = 0; s < size; s += 1) {
        for (let t = 0; t < size; t += 1) sum += used[s][t] * pixels[(i + s) * WIDTH + j + t];
      }
      values[i * width + j] = sum / divisor;
    }
  }
  return { values, height, width };
}

export function scaleOf(values, display) { // the numbers shown black and white
  if (display === "clipped") return [0, 255];
  const [low, high] = values.reduce(([l, h], v) => [Math.min(l, v), Math.max(h, v)], [Infinity, -Infinity]);
  const largest = Math.max(-low, high);
  return display === "signed" ? [-largest, largest] : [low, high];
}

export function grey(value, [low, high]) {
  if (low === high) return 128;
  return Math.floor((255 * (Math.min(Math.max(value, low), high) - low)) / (high - low) + 0.5);
}

export function windowWords([row, column], products, divisor) {
  const size = products.length;
  const sum = total(products.flat());
  const what = size === 3 ? "the products" : `the ${size} rows of products`;
  const terms = size === 3 ? products.flat() : products.map(total);
  const divided = divisor === 1 ? "" : `; ${short(sum)} / ${short(divisor)} = ${short(sum / divisor)}`;
  return `Row ${row}, column ${column}: ${what} sum to ${summed(terms)} = ${short(sum)}${divided}.`;
}

export function kernelWords(kernel, divisor, display) {
  const gain = short(total(kernel.flat()) / divisor);
  const flat = gain === "1" ? "keeps its brightness" : `is multiplied by ${gain}`;
  const flip = String(flipped(kernel)) === String(kernel)
    ? "Flipping does not change this kernel, so convolution and cross-correlation agree."
    : "Flipping changes this kernel, so convolution and cross-correlation differ.";
  return `A flat area ${flat}. ${flip} Shown ${DISPLAYS[display]}.`;
}

export function nearest(position, reach) { // the window that is nearest and lies on the photograph
  return position.map((part, axis) => Math.max(reach, Math.min([HEIGHT, WIDTH][axis] - 1 - reach, part)));
}
