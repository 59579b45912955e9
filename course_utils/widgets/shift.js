// The shift explorer: a digit that arrow keys move, its feature maps, and what pooling leaves of them, now and at first.

const [BROAD, TALL] = [890, 464];
const [HEAD, ROW] = [54, 124]; // top of the first row of maps, and from a row to the next
const INPUT = [14, HEAD + ROW - 40, 192]; // left, top and side of the input
const [KERNEL, WEIGHT] = [232, 24]; // left of the filters, and side of a weight's cell
const [MAP, NOW, FIRST, WHOLE, MAP_SIDE] = [328, 480, 612, 756, 112];
const ONE = 34; // side of a map that was pooled to one number
const KINDS = { max: "max", average: "average", none: "none" };

function heading(sheet, words, left, width) {
  words.forEach((line, i) => sheet.text(line, [left + width / 2, HEAD - 34 + 17 * i], { align: "center", bold: i === 0 }));
}

function headings(sheet, kind, size) {
  const pooled = kind === "none" ? "not pooled" : `${kind} ${size} × ${size}`;
  sheet.text("input", [INPUT[0] + INPUT[2] / 2, INPUT[1] - 14], { align: "center", bold: true });
  heading(sheet, ["filter"], KERNEL, 3 * WEIGHT);
  heading(sheet, ["feature map", "now"], MAP, MAP_SIDE);
  heading(sheet, [pooled, "now"], NOW, MAP_SIDE);
  heading(sheet, [pooled, "at first"], FIRST, MAP_SIDE);
  if (kind !== "none") heading(sheet, [`global ${kind}`, "now       at first"], WHOLE, 2 * ONE + 36);
}

function drawWhole(sheet, [now, first], top, colourOf) {
  [now, first].forEach(([[value]], i) => {
    const box = [WHOLE + 4 + i * (ONE + 28), top + 28, ONE];
    sheet.picture([[value]], box, colourOf);
    if (!i) sheet.differing([[value]], first, box);
    sheet.text(number(value, 0), [box[0] + ONE / 2, box[1] + ONE + 14], { align: "center" });
  });
}

function drawShift(sheet, { first, now }, names, kernels, by, kind, size) {
  const most = Math.max(...first.h.flat(2));
  const colourOf = (value) => VIRIDIS[Math.round(255 * Math.min(1, value / most))];
  sheet.clear();
  sheet.picture(now.x, INPUT, greyOf);
  sheet.place(INPUT, [START, START, 8], [4, 3]);
  sheet.place(INPUT, [START + by[0], START + by[1], 8], []);
  now.h.forEach((map, k) => {
    const top = HEAD + k * ROW;
    sheet.text(names[k], [KERNEL + 1.5 * WEIGHT, top + 12], { align: "center" });
    sheet.kernel(kernels[k], [KERNEL, top + 26, WEIGHT]);
    const boxes = [MAP, NOW, FIRST].map((left) => [left, top, MAP_SIDE]);
    sheet.picture(map, boxes[0], colourOf);
    sheet.place(boxes[0], [START - 1, START - 1, 10], [4, 3]);
    sheet.place(boxes[0], [START - 1 + by[0], START - 1 + by[1], 10], []);
    sheet.picture(now.p[k], boxes[1], colourOf);
    if (kind !== "none") sheet.differing(now.p[k], first.p[k], boxes[1]);
    sheet.picture(first.p[k], boxes[2], colourOf);
    if (kind !== "none") drawWhole(sheet, [now.whole[k], first.whole[k]], top, colourOf);
  });
  headings(sheet, kind, size);
  const dark = { fill: INK, edge: "#FFFFFF", inset: 3 };
  const changed = kind === "none" ? [] : [["not as at first", { edge: VERMILLION }]];
  sheet.legend([["digit now", dark], ["digit at first", { ...dark, dash: [3, 2] }], ...changed], TALL - 16);
  sheet.scale([690, TALL - 24, 130, 16], most, Math.max(...now.h.flat(2)) > most);
}

function render({ model, el }) {
  const canvas = element("canvas", { className: "course-maps" });
  const sheet = new MapSheet(canvas, BROAD, TALL);
  const [names, kernels] = [Object.keys(model.get("_filters")), Object.values(model.get("_filters"))];
  const put = (by) => send(model, { shift: by.map((part) => Math.max(-FARTHEST, Math.min(FARTHEST, part))) });
  const step = (down, right) => () => put([model.get("shift")[0] + down, model.get("shift")[1] + right]);
  stepped(canvas, {
    ArrowUp: step(-1, 0), ArrowDown: step(1, 0), ArrowLeft: step(0, -1), ArrowRight: step(0, 1), Home: () => put([0, 0]),
  });
  const digits = model.get("_digits").map((_, digit) => [String(digit), String(digit)]);
  const which = choice("Handwritten digit", digits, (digit) => send(model, { digit: Number(digit) }));
  const how = choice("Pooling kind", Object.entries(KINDS), (pooling) => send(model, { pooling }));
  const sizes = [2, 4, 8].map((size) => [String(size), `${size} × ${size}`]);
  const wide = choice("Pooling size", sizes, (size) => send(model, { pool_size: Number(size) }));
  const draw = () => {
    const [digit, by, kind, size] = ["digit", "shift", "pooling", "pool_size"].map((name) => model.get(name));
    const found = stages(model.get("_digits")[digit], kernels, by, kind, size);
    drawShift(sheet, found, names, kernels, by, kind, size);
    which.select.value = String(digit);
    how.select.value = kind;
    wide.select.value = String(size);
    wide.select.disabled = kind === "none";
    const words = changeWords(digit, by, kind, size, found.changes);
    canvas.setAttribute("aria-label", `A digit, its feature maps and the pooled maps. ${words}`);
    return words;
  };
  return mount({ model, el }, {
    instruction: "Click the picture or Tab to it, then move the digit by a pixel with the arrow keys; Home puts it back.",
    parts: [canvas, element("div", { className: "course-controls" }, ...[which, how, wide].map(({ field }) => field))],
    names: ["digit", "shift", "pooling", "pool_size"],
    draw,
  });
}

export default { render };
