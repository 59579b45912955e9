// The draw-a-digit explorer: strokes on a field, and what each layer of the network makes of them, at every stroke.

const REST = 400; // ms without a change after which the read-out speaks
const LONG = 4; // cells of a step with Shift
const NOTES = {
  mnist: ["Your drawing as MNIST's makers would have kept it:", "its box scaled to 20 × 20 pixels, and moved until",
    "its centre of mass is in the middle."],
  digits: ["Your drawing as scikit-learn's digits were made:", "scaled into 32 × 32, with strokes of one thickness,",
    "counted in 4 × 4 blocks, the 8 × 8 counts enlarged."],
  given: ["The image that was given, and what you draw on it,", "nothing moved. Clear it to draw your own, which is",
    "then scaled as the training images were."],
};

const imageOf = (model) => (model.get("_image").byteLength ? floats(model.get("_image")) : null);

function shapesOf(network) {
  const [one, two] = [network.c1.shape[0], network.c3.shape[0]];
  return { C1: [one, 28, 28], S2: [one, 14, 14], C3: [two, 10, 10], S4: [two, 5, 5], F5: [network.f5.shape[0]], F6: [network.f6.shape[0]] };
}

class Pen { // the strokes of the model: what draws, undoes and clears them
  constructor(model, again) {
    Object.assign(this, { model, again, down: false, cursor: [14, 14], past: [] });
  }

  get strokes() {
    return this.model.get("strokes");
  }

  put(values) { // at once on the page; the kernel hears of it when the pen rests
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
  }

  change(values) { // something that can be undone
    this.past.push({ strokes: this.strokes, _image: this.model.get("_image") });
    this.put(values);
  }

  press(point) {
    this.down = true;
    this.change({ strokes: [...this.strokes, [point]] });
  }

  move(point) {
    const last = this.strokes.at(-1);
    if (!last || String(last.at(-1)) === String(point)) return;
    this.put({ strokes: [...this.strokes.slice(0, -1), [...last, point]] });
  }

  lift() {
    this.down = false;
    this.model.save_changes();
    this.again();
  }

  show(strokes) { // instead of all that is there
    if (strokes.length || this.strokes.length || imageOf(this.model)) {
      this.change({ strokes, _image: new DataView(new ArrayBuffer(0)) });
    }
    this.lift();
  }

  undo() {
    const before = this.past.pop() ?? { strokes: this.strokes.slice(0, -1) };
    this.put(before);
    this.lift();
  }
}

function byPointer(sheet, pen) {
  const { canvas } = sheet;
  const follow = (event) => {
    const point = sheet.where(event);
    pen.cursor = point.map((part) => Math.min(FIELD - 1, Math.floor(part)));
    return point;
  };
  const begin = (event) => {
    const { button, isPrimary, pointerId } = event;
    if (button !== 0 || !isPrimary) return;
    if (pen.down) pen.lift();
    canvas.setPointerCapture(pointerId);
    pen.press(follow(event));
  };
  const go = (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    (passed.length ? passed : [event]).forEach((one) => pen.move(follow(one)));
  };
  const end = (event) => { if (canvas.hasPointerCapture(event.pointerId)) pen.lift(); };
  const heard = { pointerdown: begin, pointermove: go, pointerup: end, pointercancel: end };
  Object.entries(heard).forEach(([name, listener]) => canvas.addEventListener(name, listener));
}

function byKeys(canvas, pen) {
  let [stride, undoing] = [1, false];
  const centre = () => pen.cursor.map((part) => part + 0.5);
  const go = ([right, up]) => () => {
    pen.cursor = [-up, right].map((part, axis) => within(pen.cursor[axis] + stride * part, 0, FIELD - 1));
    if (pen.down) pen.move(centre());
    pen.again();
  };
  const toggle = () => (pen.down ? pen.lift() : pen.press(centre()));
  const clear = () => pen.show([]);
  const prepared = (event) => { // before the key itself is answered
    stride = event.shiftKey ? LONG : 1;
    undoing = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    if (!undoing) return;
    event.preventDefault();
    pen.undo();
  };
  canvas.addEventListener("keydown", prepared);
  const arrows = Object.fromEntries(Object.entries(STEPS).map(([key, direction]) => [key, go(direction)]));
  stepped(canvas, { ...arrows, " ": toggle, Enter: toggle, Delete: clear, Backspace: clear });
  canvas.addEventListener("blur", () => { if (pen.down) pen.lift(); });
}

function render({ model, el }) {
  const network = readNetwork(model.get("_weights"), model.get("_shapes"));
  const [surface, layers] = [element("canvas"), element("canvas", { className: "course-layers" })];
  const [penSheet, layerSheet] = [new PenSheet(surface), new LayerSheet(layers, shapesOf(network))];
  layers.setAttribute("role", "img");
  let [words, timer, readout] = ["", 0, null];
  const draw = () => {
    const [strokes, prepare, activation, pooling, classes] = ["strokes", "prepare", "activation", "pooling", "_classes"]
      .map((name) => model.get(name));
    const image = imageOf(model);
    const x = seenBy(strokes, image, prepare);
    const found = x && layersOf(x, network, activation, pooling);
    penSheet.draw(strokes, image, pen.cursor, pen.down);
    layerSheet.draw(found, { activation, pooling, classes, notes: NOTES[image ? "given" : prepare] });
    words = predictionWords(found && found.p, classes);
    const [row, column] = pen.cursor;
    surface.setAttribute("aria-label", `Field of 28 × 28 cells to draw on. Pen ${pen.down ? "down" : "up"}, row ${row}, column ${column}.`);
    const all = found ? `Probabilities: ${classes.map((name, k) => `${name} ${probability(found.p[k])}`).join(", ")}.` : words;
    layers.setAttribute("aria-label", `What each layer makes of the drawing. ${all}`);
    if (example.select.value && strokes !== shown) example.select.value = "";
    return words;
  };
  const say = () => { if (readout.textContent !== words) readout.textContent = words; };
  const again = () => { // the picture at once, the words when the pen rests
    draw();
    clearTimeout(timer);
    timer = setTimeout(say, REST);
  };
  let shown = null;
  const pen = new Pen(model, again);
  const example = choice("Example", [["", "none"], ...model.get("_examples").map((_, digit) => [String(digit), String(digit)])], (digit) => {
    shown = digit ? model.get("_examples")[Number(digit)] : [];
    pen.show(shown);
  });
  byPointer(penSheet, pen);
  byKeys(surface, pen);
  const buttons = element("div", { className: "course-field" }, button("Clear", () => pen.show([])), button("Undo", () => pen.undo()));
  const left = element("div", { className: "course-pen" }, surface, buttons, example.field);
  const leave = mount({ model, el }, {
    instruction: "Draw a digit on the dark field; or Tab to it: arrow keys move (Shift: four cells), Space puts the pen " +
      "down and lifts it, Delete clears.",
    parts: [element("div", { className: "course-digit" }, left, layers)],
    names: [],
    draw,
  });
  readout = el.lastElementChild.lastElementChild;
  const names = ["strokes", "_image", "prepare", "activation", "pooling", "_classes"];
  names.forEach((name) => model.on(`change:${name}`, again));
  return () => {
    leave();
    clearTimeout(timer);
    names.forEach((name) => model.off(`change:${name}`, again));
  };
}

export default { render };
