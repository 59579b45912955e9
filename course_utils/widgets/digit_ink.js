// What a pen leaves on the field, and how it is brought into a data set's format. digit_ink.py says why each number is
// what it is; the tests hold both equal. Points are [how far down, how far right] in pixels.

const FIELD = 28;
const [PEN, FINE, BOX, TIE] = [1.3, 4, 20, 1e-6]; // radius, points along a pixel, pixels of a digit's longer side
const [TALL, BROAD, BLOCK, SHARE, MOST_STRETCH] = [32, 20, 4, 0.29, 2];

const within = (value, low, high) => Math.min(high, Math.max(low, value));
const half = (value) => Math.floor(value + 0.5);

function press(ink, side, fine, radius, from, to) { // a straight piece of a stroke
  const [down, right] = [to[0] - from[0], to[1] - from[1]];
  const square = down * down + right * right;
  const reach = radius + 1 / fine;
  const [[top, bottom], [left, last]] = [0, 1].map((axis) => {
    const [low, high] = [Math.min(from[axis], to[axis]) - reach, Math.max(from[axis], to[axis]) + reach];
    return [Math.max(0, Math.floor(low * fine)), Math.min(side * fine - 1, Math.ceil(high * fine))];
  });
  for (let i = top; i <= bottom; i += 1) {
    for (let j = left; j <= last; j += 1) {
      const [y, x] = [(i + 0.5) / fine - from[0], (j + 0.5) / fine - from[1]];
      const along = square ? within((y * down + x * right) / square, 0, 1) : 0;
      const distance = Math.hypot(y - along * down, x - along * right);
      const k = i * side * fine + j;
      ink[k] = Math.max(ink[k], Math.min(1, (radius - distance) * fine + 0.5));
    }
  }
}

export function inkOf(strokes, side, fine, radius) {
  const ink = new Float64Array(side * fine * side * fine);
  for (const stroke of strokes) stroke.forEach((to, k) => press(ink, side, fine, radius, stroke[Math.max(0, k - 1)], to));
  return ink;
}

export function averaging(old, count) { // for each new pixel the shares of the old ones, by area
  return Array.from({ length: count }, (_, i) => Float64Array.from({ length: old }, (__, j) => {
    const [first, last] = [Math.max((i * old) / count, j), Math.min(((i + 1) * old) / count, j + 1)];
    return (Math.max(0, last - first) * count) / old;
  }));
}

export function mixing(old, count) { // for each new pixel the shares of the old ones around it
  return Array.from({ length: count }, (_, i) => {
    const place = within(((i + 0.5) * old) / count - 0.5, 0, old - 1);
    return Float64Array.from({ length: old }, (__, j) => Math.max(0, 1 - Math.abs(place - j)));
  });
}

function resampled(image, rows, columns) { // rows and columns: shares of the old ones
  const [old, width] = [columns[0].length, columns.length];
  const found = new Float64Array(rows.length * width);
  rows.forEach((above, i) => above.forEach((share, r) => {
    if (!share) return;
    for (let j = 0; j < width; j += 1) {
      let sum = 0;
      for (let c = 0; c < old; c += 1) sum += columns[j][c] * image[r * old + c];
      found[i * width + j] += share * sum;
    }
  }));
  return found.map((value) => Math.min(value, 1)); // sums of shares round up
}

function boxOf(ink, side) { // first row and the one after the last, and the columns
  let [top, bottom, left, right] = [side, 0, side, 0];
  ink.forEach((value, k) => {
    if (value < 0.5 - TIE) return;
    const column = k % side;
    const row = (k - column) / side;
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
  });
  return [top, bottom, left, right];
}

function middles(image, width) { // row and column of the centre of mass
  let [sum, down, along] = [0, 0, 0];
  image.forEach((value, k) => {
    const column = k % width;
    sum += value;
    down += value * ((k - column) / width);
    along += value * column;
  });
  return [down / sum, along / sum];
}

export function asMnist(strokes) {
  const side = FIELD * FINE;
  const ink = inkOf(strokes, FIELD, FINE, PEN);
  const [top, bottom, left, right] = boxOf(ink, side);
  const sizes = [bottom - top, right - left];
  const [height, width] = sizes.map((length) => Math.max(1, half((BOX * length) / Math.max(...sizes))));
  const box = Float64Array.from({ length: sizes[0] * sizes[1] }, (_, k) => {
    const column = k % sizes[1];
    return ink[(top + (k - column) / sizes[1]) * side + left + column];
  });
  const small = resampled(box, averaging(sizes[0], height), averaging(sizes[1], width));
  const [above, before] = middles(small, width).map((middle, axis) => (
    within(half(FIELD / 2 - middle + TIE), 0, FIELD - [height, width][axis])));
  const image = new Float64Array(FIELD * FIELD);
  for (let i = 0; i < height; i += 1) image.set(small.subarray(i * width, (i + 1) * width), (above + i) * FIELD + before);
  return image;
}

function fitted(strokes, room) {
  const points = strokes.flat();
  const [low, high] = [Math.min, Math.max].map((end) => [0, 1].map((axis) => (
    points.reduce((so, point) => end(so, point[axis]), points[0][axis]))));
  const fill = room.map((length, axis) => length / Math.max(high[axis] - low[axis], 1e-6));
  const scales = fill.map((scale) => Math.min(scale, MOST_STRETCH * Math.min(...fill)));
  return strokes.map((stroke) => stroke.map((point) => (
    point.map((part, axis) => TALL / 2 + (part - (low[axis] + high[axis]) / 2) * scales[axis]))));
}

export function asDigits(strokes) {
  let bitmap = [];
  for (let radius = 1.5; radius <= 7; radius += 0.5) {
    const room = [TALL - 2 * radius, BROAD - 2 * radius];
    bitmap = inkOf(fitted(strokes, room), TALL, 1, radius).map((value) => (value >= 0.5 - TIE ? 1 : 0));
    if (bitmap.reduce((so, value) => so + value, 0) / bitmap.length >= SHARE) break;
  }
  const [blocks, finer] = [averaging(TALL, TALL / BLOCK), mixing(TALL / BLOCK, FIELD)];
  return resampled(resampled(bitmap, blocks, blocks), finer, finer);
}

export function onImage(image, strokes) {
  const shares = averaging(FIELD * FINE, FIELD);
  const ink = resampled(inkOf(strokes, FIELD, FINE, PEN), shares, shares);
  return ink.map((value, k) => Math.max(image[k], value));
}

export function seenBy(strokes, image, prepare) { // image: the given one, or null; null if nothing is drawn
  if (image) return onImage(image, strokes);
  if (!strokes.length) return null;
  return prepare === "mnist" ? asMnist(strokes) : asDigits(strokes);
}
