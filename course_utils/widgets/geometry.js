// The layer-geometry explorer: the input with its padding, the window of one output cell, the output; of several equal
// layers all of them, one beside the other.

const NAMES_OF_LAYER = ["size", "kernel", "stride", "padding", "dilation", "depth", "channels"];
const [WIDE, HIGH] = [890, 372];
const [ABOVE, BELOW, ASIDE, BETWEEN] = [46, 40, 26, 62]; // room for titles, the legend, row numbers, and between grids
const [LARGEST_CELL, TITLE] = [36, 112];
const OWN = "own setting";

function placed(sheet, layer, sizes) { // a grid for each level, all with cells of one size
  const [before, after] = zerosOf(layer);
  const last = sizes.length - 1;
  const padded = (level) => (level < last || last === 0 ? [before, after] : [0, 0]);
  const least = last === 0 ? covered(layer) : 0; // a window that does not fit is drawn too
  const extent = sizes.map((size, level) => size.map((length) => Math.max(length + padded(level)[0] + padded(level)[1], least)));
  const across = extent.reduce((sum, [, width]) => sum + width, 0);
  const down = Math.max(...extent.map(([height]) => height));
  const room = (gap) => WIDE - ASIDE - 14 - gap * last;
  const cellAt = (gap) => Math.min(LARGEST_CELL, room(gap) / across, (HIGH - ABOVE - BELOW) / down);
  const narrow = Math.min(...extent.map(([, width]) => width)) * cellAt(BETWEEN) < TITLE / 2;
  const gap = narrow ? TITLE : BETWEEN; // narrow grids need room for their titles
  const cell = cellAt(gap);
  const middle = ABOVE + (HIGH - ABOVE - BELOW) / 2;
  let left = ASIDE + (room(gap) - cell * across) / 2;
  return sizes.map((size, level) => {
    const [high, wide] = extent[level].map((length) => length * cell);
    const top = middle - high / 2;
    const grid = new Grid(sheet, size, cell, [left + padded(level)[0] * cell, top + padded(level)[0] * cell]);
    left += wide + gap;
    return Object.assign(grid, { padded: padded(level) });
  });
}

function title(level, sizes, layer) {
  const size = sizes[level].join(" × ");
  if (level === 0) return `input ${size}`;
  return layer.depth === 1 ? `output ${size}` : `layer ${level}: ${size}`;
}

function drawGrid(grid, unread, read, last) {
  const [before, after] = grid.padded;
  grid.padding(before, after);
  grid.striped(...unread);
  const full = read.every((part) => part.length);
  if (full) grid.fill(...read, last ? pale(GREEN) : PALE_BLUE);
  grid.lines(before, after);
  grid.zeros(before, after);
  grid.sheet.frame(grid.box([0, grid.size[0] - 1], [0, grid.size[1] - 1]), INK, 1.4);
  if (full) grid.sheet.frame(grid.box(...read), last ? GREEN : BLUE, 3);
  grid.places(before * grid.cell);
}

function legendOf(layer, sizes, unread) {
  const entries = sizes.length > 1
    ? [["chosen output cell", { fill: pale(GREEN), edge: GREEN }], ["what it reads", { fill: PALE_BLUE, edge: BLUE }]]
    : [["the window does not fit", { edge: VERMILLION, dash: [6, 4] }]];
  if (zerosOf(layer)[1] > 0) entries.push(["zeros of the padding", { fill: ZEROS, edge: LINE }]);
  if (unread.some((level) => level.some((part) => part.length))) {
    entries.push(["read by no window", { edge: LINE, stripes: true }]);
  }
  return entries;
}

function drawStack(sheet, layer, cell) { // returns the grids, so that a click finds its cell
  const sizes = sizesOf(layer);
  const grids = placed(sheet, layer, sizes);
  const last = sizes.length - 1;
  const read = last ? readsOf(layer, cell.map((place) => [place])) : [[[], []]];
  const unread = last ? unreadOf(layer) : [[[], []]];
  sheet.clear();
  grids.forEach((grid, level) => drawGrid(grid, unread[level], read[level], last > 0 && level === last));
  grids.slice(0, -1).forEach((grid, level) => {
    if (![...read[level], ...read[level + 1]].every((part) => part.length)) return;
    sheet.cone(grid.box(...read[level]), grids[level + 1].box(...read[level + 1]));
  });
  if (!last) {
    const [from, window] = [-grids[0].padded[0], count(covered(layer))];
    sheet.frame(grids[0].box(...[window, window].map((part) => part.map((i) => i + from))), VERMILLION, 3, [6, 4]);
  }
  grids.forEach((grid, level) => {
    const centre = grid.left + (grid.size[1] * grid.cell) / 2;
    const middle = Math.max(TITLE / 2, Math.min(WIDE - TITLE / 2, centre));
    const top = grid.top - grid.padded[0] * grid.cell - 26;
    sheet.text(title(level, sizes, layer), [middle, top], { align: "center", bold: true, halo: true });
  });
  sheet.legend(legendOf(layer, sizes, unread), HIGH - 16);
  return grids;
}

function whole(words, name, [low, high]) {
  if (/^\d+$/.test(words) && Number(words) >= low && Number(words) <= high) return { values: Number(words) };
  const given = words === "" ? "empty or no number" : words.replace("-", "−");
  return { problem: [`${name} is ${given}`, `write a whole number from ${low} to ${high}`] };
}

function settings(model) { // the number fields: their element, and how they follow the model
  const limits = model.get("_limits");
  const fields = new Fields();
  const made = [];
  const amount = (words, name, axis = null) => {
    const [min, max] = limits[name];
    const input = element("input", { type: "number", min, max, step: 1 });
    const put = (value) => send(model, { [name]: axis === null ? value : model.get(name).map((old, i) => (i === axis ? value : old)) });
    fields.listen(input, (text) => whole(text, words, limits[name]), put);
    made.push(() => fields.show(input, String(axis === null ? model.get(name) : model.get(name)[axis])));
    return labelled(words, input);
  };
  const [low, high] = limits.padding;
  const numbers = count(high + 1).slice(low).map((zeros) => [String(zeros), zeros === 0 ? "0 (valid)" : String(zeros)]);
  const padding = choice("Padding", [...numbers, ["same", "same"]],
    (zeros) => send(model, { padding: zeros === "same" ? zeros : Number(zeros) }));
  made.push(() => { padding.select.value = String(model.get("padding")); });
  const size = [amount("Input rows", "size", 0), amount("Input columns", "size", 1)];
  const layer = [amount("Kernel size", "kernel"), amount("Stride", "stride"), padding.field,
    amount("Dilation", "dilation"), amount("Layers", "depth")];
  const channels = [amount("Channels in", "channels", 0), amount("Channels out", "channels", 1)];
  return { parts: [...size, ...layer, ...channels], fields, show: () => made.forEach((show) => show()) };
}

function cases(model, fields) { // the list of ready settings
  const presets = model.get("_presets");
  const list = choice("Case", [[OWN, OWN], ...Object.keys(presets).map((name) => [name, name])], (name) => {
    if (!presets[name]) return;
    fields.startAfresh();
    send(model, { ...presets[name], cell: [0, 0] });
  });
  const same = (preset) => NAMES_OF_LAYER.every((name) => String(preset[name]) === String(model.get(name)));
  const show = () => {
    const found = Object.entries(presets).find(([, preset]) => same(preset));
    list.select.value = found ? found[0] : OWN;
  };
  return { field: list.field, show };
}

function render({ model, el }) {
  const canvas = element("canvas");
  const sheet = new GridSheet(canvas, WIDE, HIGH);
  const said = element("ul", { className: "course-facts" });
  said.setAttribute("aria-live", "polite");
  const layer = () => Object.fromEntries(NAMES_OF_LAYER.map((name) => [name, model.get(name)]));
  const end = () => {
    const sizes = sizesOf(layer());
    return sizes.length > 1 ? sizes[sizes.length - 1].map((length) => length - 1) : null;
  };
  const chosen = () => model.get("cell").map((place, axis) => Math.min(place, (end() || [0, 0])[axis]));
  const choose = (cell) => {
    if (!end()) return; // without an output the cell stays what it was
    send(model, { cell: cell.map((place, axis) => Math.max(0, Math.min(end()[axis], place))) });
  };
  const by = (down, right) => () => choose([chosen()[0] + down, chosen()[1] + right]);
  stepped(canvas, {
    ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1),
    Home: () => choose([0, 0]), End: () => choose(end()),
  });
  let output = null; // the last grid as it is drawn
  canvas.addEventListener("pointerdown", ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const across = ((clientX - box.left) * WIDE) / box.width - output.left;
    const down = ((clientY - box.top) * HIGH) / box.height - output.top;
    const cell = [down, across].map((part) => Math.floor(part / output.cell));
    if (cell.every((place, axis) => place >= 0 && place < output.size[axis])) choose(cell);
  });
  const form = settings(model);
  const list = cases(model, form.fields);
  const draw = () => {
    output = drawStack(sheet, layer(), chosen()).pop();
    list.show();
    form.show();
    const lines = facts(layer());
    if (said.textContent !== lines.join("")) said.replaceChildren(...lines.map((line) => element("li", {}, line)));
    const words = cellWords(layer(), chosen());
    canvas.setAttribute("aria-label", `Input, window and output of a convolution layer. ${words}`);
    return words;
  };
  return mount({ model, el }, {
    instruction: "Click the picture or Tab to it, go from output cell to output cell with the arrow keys, Home and End, " +
      "and set the layer in the fields.",
    parts: [canvas, element("div", { className: "course-controls" }, list.field, ...form.parts), form.fields.sentence, said],
    names: [...NAMES_OF_LAYER, "cell"],
    draw,
  });
}

export default { render };
