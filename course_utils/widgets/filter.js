// The filter explorer: a small window slides over a photograph, and a kernel turns it into one output pixel.

function kernelEditor(fields, changed) { // changed: (kernel, divisor)
  const grid = element("div", { className: "course-kernel" });
  const field = (name) => {
    const input = element("input", { type: "number", step: "any", autocomplete: "off" });
    input.setAttribute("aria-label", name);
    return input;
  };
  const divisor = field("Divide the sum by");
  let [cells, kernel, divided] = [[], [], 1];
  fields.listen(divisor, (words) => readNumber(words, "The divisor", 1, LARGEST_DIVISOR), (value) => changed(kernel, value));
  const make = (size) => {
    fields.startAfresh();
    cells = Array.from({ length: size * size }, (_, k) => {
      const [row, column] = [Math.floor(k / size), k % size];
      const name = `Kernel, row ${row + 1}, column ${column + 1}`;
      const input = field(name);
      fields.listen(input, (words) => readNumber(words, name, -LARGEST, LARGEST), (value) => {
        changed(kernel.map((old, i) => old.map((v, j) => (i === row && j === column ? value : v))), divided);
      });
      return input;
    });
    grid.style.gridTemplateColumns = `repeat(${size}, auto)`;
    grid.replaceChildren(...cells);
  };
  const show = (nextKernel, nextDivisor) => {
    [kernel, divided] = [nextKernel, nextDivisor];
    if (cells.length !== kernel.length ** 2) make(kernel.length);
    cells.forEach((input, k) => fields.show(input, String(kernel.flat()[k])));
    fields.show(divisor, String(divided));
  };
  const root = element("fieldset", { className: "course-editor" }, element("legend", {}, "Kernel"), grid,
    element("div", { className: "course-field" }, element("span", {}, "sum divided by"), divisor));
  return { root, show };
}

function moving(sheet, model, again) { // the mouse's or the keyboard's window; a click or a key holds it
  let [follows, stride] = [true, 1];
  const go = (position) => {
    const next = nearest(position, reachOf(model.get("kernel")));
    if (String(next) === String(model.get("position"))) again();
    else send(model, { position: next });
  };
  const by = ([right, up]) => () => {
    follows = false;
    const [row, column] = model.get("position");
    go([row - stride * up, column + stride * right]);
  };
  sheet.canvas.addEventListener("keydown", ({ shiftKey }) => { stride = shiftKey ? 8 : 1; });
  stepped(sheet.canvas, Object.fromEntries(Object.entries(STEPS).map(([key, direction]) => [key, by(direction)])));
  sheet.canvas.addEventListener("pointermove", (event) => {
    const pixel = follows && sheet.where(event);
    if (pixel) go(pixel);
  });
  sheet.canvas.addEventListener("click", (event) => {
    const pixel = sheet.where(event);
    if (!pixel) return;
    follows = !follows;
    go(pixel);
  });
  return () => follows;
}

function remembered() { // filters the photograph only when something has changed
  let [found, key] = [{}, ""];
  return (view, used, divisor, display) => {
    const asked = JSON.stringify([used, divisor, display]);
    if (asked === key && view === found.view) return found;
    const pixels = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const { values, height, width } = filtered(pixels, used, divisor);
    const scale = scaleOf(values, display);
    const output = picture(values.map((value) => grey(value, scale)), height, width);
    [found, key] = [{ view, pixels, scale, output, photograph: picture(pixels, HEIGHT, WIDTH) }, asked];
    return found;
  };
}

function choices(model, fields, change) { // which filter, what is done with it, how the output is shown
  const filters = model.get("_filters");
  const plainly = (names) => names.map((name) => [name, name]);
  const titles = Object.entries(filters).map(([key, { title }]) => [key, title]);
  const preset = choice("Filter", [...titles, [OWN, "your own numbers"]], (key) => {
    fields.startAfresh();
    if (key === OWN) return change(model.get("kernel"), model.get("divisor")); // what is there already
    const { kernel, divisor, display } = filters[key];
    return change(kernel, divisor, { display });
  });
  const operations = choice("Operation", plainly(OPERATIONS), (operation) => send(model, { operation }));
  const displays = choice("Output shown", plainly(Object.keys(DISPLAYS)), (display) => send(model, { display }));
  const same = (filter, kernel, divisor) => String(filter.kernel) === String(kernel) && filter.divisor === divisor;
  const show = ({ kernel, divisor, operation, display }) => {
    preset.select.value = Object.keys(filters).find((key) => same(filters[key], kernel, divisor)) ?? OWN;
    operations.select.value = operation;
    displays.select.value = display;
  };
  const all = [preset, operations, displays].map(({ field }) => field);
  return { root: element("div", { className: "course-column" }, ...all), show };
}

function render({ model, el }) {
  const sheet = new FilterSheet(element("canvas"));
  const [fields, note, pictures] = [new Fields(), element("p", { className: "course-note" }), remembered()];
  let draw = () => {};
  const follows = moving(sheet, model, () => draw());
  const change = (kernel, divisor, more = {}) => {
    send(model, { kernel, divisor, position: nearest(model.get("position"), reachOf(kernel)), ...more });
    draw(); // a list may have been moved although no number changes
  };
  const [editor, lists] = [kernelEditor(fields, change), choices(model, fields, change)];
  draw = () => {
    const names = ["kernel", "divisor", "operation", "display", "photograph"];
    const state = Object.fromEntries(names.map((name) => [name, model.get(name)]));
    const { kernel, divisor, operation, display } = state;
    const used = operation === "convolution" ? flipped(kernel) : kernel;
    const shown = pictures(model.get("_pixels"), used, divisor, display);
    const position = nearest(model.get("position"), reachOf(kernel)); // a larger kernel may arrive before its position
    drawFilter(sheet, { ...state, position, used }, shown, follows());
    lists.show(state);
    editor.show(kernel, divisor);
    const here = windowWords(position, productsAt(shown.pixels, position, used), divisor);
    const about = kernelWords(kernel, divisor, display);
    if (note.textContent !== about) note.textContent = about; // said only when it changes
    sheet.canvas.setAttribute("aria-label", `Photograph with a window, and the output of the ${operation}. ${here} ${about}`);
    return here;
  };
  note.setAttribute("aria-live", "polite");
  const leave = mount({ model, el }, {
    instruction: "Point at the photograph, or click it or Tab to it and move the window with the arrow keys (Shift for " +
      "longer steps); the kernel's numbers can be rewritten.",
    parts: [sheet.canvas, element("div", { className: "course-controls course-filter" }, editor.root, lists.root),
      fields.sentence],
    names: ["kernel", "divisor", "operation", "display", "position", "_pixels"],
    draw,
  });
  el.lastElementChild.append(note);
  return leave;
}

export default { render };
