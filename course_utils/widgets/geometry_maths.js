// The geometry of a stack of equal convolution layers, and what is said of it. course_utils.shapes, and windows.py and
// geometry_words.py beside this file, define it; the tests hold both equal, number for number and word for word.
// A layer is { size, kernel, stride, padding, dilation, depth, channels }; cells are [rows, columns], a list each.

const count = (length) => Array.from({ length }, (_, i) => i);

export function covered({ kernel, dilation }) { // from the first to the last cell that a window reads
  return dilation * (kernel - 1) + 1;
}

export function zerosOf(layer) { // before and after each axis
  const total = covered(layer) - 1;
  if (layer.padding !== "same") return [layer.padding, layer.padding];
  return layer.stride === 1 ? [Math.floor(total / 2), Math.ceil(total / 2)] : [0, 0];
}

export function outputSize(layer, size) { // null where there is no output
  if (layer.padding === "same" && layer.stride !== 1) return null;
  const [before, after] = zerosOf(layer);
  const room = size.map((length) => length + before + after - covered(layer));
  return Math.min(...room) < 0 ? null : room.map((part) => Math.floor(part / layer.stride) + 1);
}

export function sizesOf(layer) {
  const found = [layer.size];
  while (found.length <= layer.depth) {
    const next = outputSize(layer, found[found.length - 1]);
    if (!next) break;
    found.push(next);
  }
  return found;
}

export function windowOf(layer, outputs) {
  const { kernel, stride, dilation } = layer;
  const [first] = zerosOf(layer);
  const places = outputs.flatMap((i) => count(kernel).map((m) => i * stride - first + m * dilation));
  return [...new Set(places)].sort((a, b) => a - b);
}

export function inside(cells, size) {
  return cells.map((part, axis) => part.filter((i) => i >= 0 && i < size[axis]));
}

export function readsOf(layer, cells) { // what is read at each level, the input first; the padding too
  return sizesOf(layer).slice(1).reverse().reduce(
    (chain, size) => [inside(chain[0], size).map((part) => windowOf(layer, part)), ...chain], [cells]);
}

export function unreadOf(layer) {
  const sizes = sizesOf(layer);
  const read = readsOf(layer, sizes[sizes.length - 1].map(count));
  return sizes.map((size, level) => size.map((length, axis) => {
    const found = new Set(read[level][axis]);
    return count(length).filter((i) => !found.has(i));
  }));
}

export function fieldsOf({ kernel, stride, dilation }, depth) { // [size, step] after each layer
  let [field, step] = [1, 1];
  return count(depth).map(() => {
    field += dilation * (kernel - 1) * step;
    step *= stride;
    return [field, step];
  });
}

const plural = (word, amount) => (amount === 1 ? word : `${word}${word.endsWith("s") ? "es" : "s"}`);
const inWords = (parts, after) => (new Set(parts).size === 1 ? `${parts[0]} ${after}`
  : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]} ${after}`);
const grouped = (amount) => amount.toLocaleString("en-US");

export function span(name, places) {
  const [first, last] = [places[0], places[places.length - 1]];
  const gaps = [...new Set(places.slice(1).map((place, i) => place - places[i]))];
  if (gaps.length === 0) return `${name} ${first}`;
  if (places.length === 2) return `${name}s ${first} and ${last}`;
  if (gaps.length > 1) return `${places.length} of the ${name}s ${first} to ${last}`;
  return `${name}s ${first} to ${last}${gaps[0] > 1 ? ` in steps of ${gaps[0]}` : ""}`;
}

export function cellWords(layer, cell) {
  const layers = sizesOf(layer).length - 1;
  if (layers === 0) return trouble(layer, [layer.size]);
  const [rows, columns] = inside(readsOf(layer, cell.map((place) => [place]))[0], layer.size);
  const start = `Output cell (${cell.join(", ")})${layers > 1 ? ` of layer ${layers}` : ""}`;
  if (!rows.length || !columns.length) return `${start} reads nothing but padding.`;
  const cells = rows.length * columns.length;
  const padded = layer.kernel ** 2 - cells;
  const zeros = layers === 1 && padded ? ` and ${padded} ${plural("zero", padded)} of the padding` : "";
  const verb = layers === 1 ? "reads" : "depends on";
  const where = `${span("row", rows)} and ${span("column", columns)}`;
  return `${start} ${verb} ${where}: ${cells} input ${plural("cell", cells)}${zeros}.`;
}

function trouble(layer, sizes) {
  const none = sizes.length === 1 ? "No output" : `Layer ${sizes.length} has no output`;
  if (layer.padding === "same" && layer.stride !== 1) {
    return `${none}: padding “same” keeps the size only at stride 1, but the stride is ${layer.stride}; ` +
      "give the zeros as a number.";
  }
  const [height, width] = sizes[sizes.length - 1];
  const [before, after] = zerosOf(layer);
  const [room, name] = width < height ? [width, "columns"] : [height, "rows"];
  return `${none}: the kernel covers ${covered(layer)} ${name} but the padded input has ${room + before + after}; ` +
    "take a smaller kernel or more padding.";
}

function formula(layer, length) {
  const [before, after] = zerosOf(layer);
  const zeros = before === after ? `2·${before}` : `${before} + ${after}`;
  const cells = layer.dilation > 1 ? `(${layer.dilation}·(${layer.kernel} − 1) + 1)` : layer.kernel;
  return `⌊(${length} + ${zeros} − ${cells}) / ${layer.stride}⌋ + 1`;
}

function sizeWords(layer, sizes) {
  const [[height, width], [rows, columns]] = sizes;
  const [down, across] = [plural("row", rows), plural("column", columns)];
  const each = [`${formula(layer, height)} = ${rows} ${down}${height === width ? ` and ${across}` : ""}`];
  if (height !== width) each.push(`${formula(layer, width)} = ${columns} ${across}`);
  const levels = sizes.map((size) => size.join(" × ")).join(" → ");
  const said = `Output ${rows} × ${columns}: ${each.join(", ")}.${layer.depth > 1 ? ` Layer by layer: ${levels}.` : ""}`;
  return sizes.length > layer.depth ? said : `${said} ${trouble(layer, sizes)}`;
}

function unreadWords(layer, layers) {
  const [[height, width], [rows, columns]] = [layer.size, unreadOf(layer)[0]];
  if (!rows.length && !columns.length) return `Every input cell is read${layers > 1 ? ` through ${layers} layers` : ""}.`;
  const parts = [["row", rows], ["column", columns]].filter(([, part]) => part.length).map(([name, part]) => span(name, part));
  const lost = height * width - (height - rows.length) * (width - columns.length);
  const through = layers > 1 ? `Through ${layers} layers, no window` : "No window";
  return `${through} reaches ${parts.join(" and ")}: ${grouped(lost)} of ${grouped(height * width)} input cells are not read.`;
}

function fieldWords(layer) {
  const fields = fieldsOf(layer, 4);
  const sizes = inWords(fields.map(([size]) => `${grouped(size)} × ${grouped(size)}`), "cells");
  const steps = inWords(fields.map(([, step]) => grouped(step)), "apart");
  return `Receptive field after 1 to 4 such layers: ${sizes}; neighbours lie ${steps}.`;
}

function countWords(layer, sizes) {
  const [before, after] = layer.channels;
  const kernel = `${layer.kernel}·${layer.kernel}`;
  const first = `${before} ${plural("channel", before)} in, ${after} out${layer.depth > 1 ? ", first layer" : ""}`;
  const weights = after * before * layer.kernel ** 2;
  const learned = `${after}·${before}·${kernel} = ${grouped(weights)} ${plural("weight", weights)}, ${grouped(after)} ${plural("bias", after)}`;
  if (sizes.length === 1) return `${first}: no units, ${learned}.`;
  const [rows, columns] = sizes[1];
  const units = after * rows * columns;
  const connections = grouped(units * before * layer.kernel ** 2);
  return `${first}: ${after}·${rows}·${columns} = ${grouped(units)} ${plural("unit", units)}, ${learned}, ` +
    `${grouped(units)}·${before}·${kernel} = ${connections} connections.`;
}

export function facts(layer) {
  const sizes = sizesOf(layer);
  const always = [fieldWords(layer), countWords(layer, sizes)];
  if (sizes.length === 1) return always;
  return [sizeWords(layer, sizes), unreadWords(layer, sizes.length - 1), ...always];
}
