// The convolution explorer: two short signals, convolved step by step in two ways, and cross-correlated.

const LABELS = 172; // pixels that the words at the left take
const [ROW, TALL] = [40, 34]; // pixels from one row of cells to the next, and of a cell
const WIDEST = 800;

// Rows of cells, one column for each place from `first` on.
class SignalSheet extends CellSheet {
  constructor(canvas, first, count, rows) {
    const side = Math.min(54, Math.floor((WIDEST - LABELS - 64) / count));
    super(canvas, Math.max(600, LABELS + count * side + 64), 30 + rows * ROW + 6);
    Object.assign(this, { first, count, side });
  }

  box(place, row) {
    return [LABELS + (place - this.first) * this.side + 2, 28 + row * ROW, this.side - 4, TALL];
  }

  axis(name, marked) {
    this.text(name, [LABELS - 14, 14], { align: "right", colour: FAINT });
    for (let place = this.first; place < this.first + this.count; place += 1) {
      const [left, , width] = this.box(place, 0);
      const now_ = marked.includes(place);
      this.text(short(place), [left + width / 2, 14], { align: "center", bold: now_, colour: now_ ? BLACK : FAINT });
    }
  }

  label(words, row, bold = false) {
    this.fitted(words, [LABELS - 14, 29 + row * ROW + TALL / 2], LABELS - 18, { align: "right", bold });
  }

  numbers(values, start, row, look, marked = () => false) { // undefined leaves an empty cell
    values.forEach((value, k) => {
      this.cell(value, this.box(start + k, row), { edge: look, thick: marked(start + k), empty: value === undefined });
    });
  }

  zeros(row, from, taken) { // what is not written is 0
    for (let place = from; place < this.first + this.count; place += 1) {
      const [left, top, width, height] = this.box(place, row);
      const middle = [left + width / 2, top + height / 2 + 1];
      if (!taken(place)) this.text("0", middle, { align: "center", colour: FAINT });
    }
  }
}

const within = (low, count) => (place) => low <= place && place < low + count;
const padded = (values, count) => Array.from({ length: count }, (_, k) => values[k]);

function drawCopies(canvas, a, b, step) {
  const count = a.length + b.length - 1;
  const sheet = new SignalSheet(canvas, 0, count, a.length + 3);
  const [tau, last] = [step - 1, a.length + 2];
  sheet.clear();
  sheet.axis("τ in a, t in the sum", []);
  sheet.label("a", 0);
  sheet.numbers(a, 0, 0, BLUE, (place) => place === tau);
  sheet.label("b", 1);
  sheet.numbers(b, 0, 1, VERMILLION);
  a.forEach((scale, k) => {
    if (k > tau) return sheet.numbers(padded([], b.length), k, 2 + k, PURPLE); // its place
    const copy = copiesOf(a, b)[k].slice(k, k + b.length);
    sheet.label(`${k ? "+ " : ""}${factor(scale)} · b, moved by ${k}`, 2 + k, k === tau);
    sheet.zeros(2 + k, 0, within(k, b.length));
    return sheet.numbers(copy, k, 2 + k, PURPLE, () => k === tau);
  });
  const rule = 25 + last * ROW;
  sheet.stroke([[12, rule], [LABELS + count * sheet.side, rule]], BLACK, 1.5);
  sheet.label(step === a.length ? "a ∗ b" : "sum so far", last, step === a.length);
  sheet.numbers(step ? soFar(a, b, TRANSLATE, step) : padded([], count), 0, last, GREEN);
}

function drawSliding(canvas, a, b, method, step) {
  const [low, count] = [1 - b.length, a.length + 2 * (b.length - 1)];
  const sheet = new SignalSheet(canvas, low, count, 4);
  const places = placesOf(a, b, method);
  const t = step ? places[step - 1] : null;
  const left = step === 0 ? 0 : t - (method === CORRELATE ? 0 : b.length - 1);
  const flipped = step > 0 && method === FLIP;
  const terms = step ? factorsAt(a, b, method, t) : [];
  const used = (place) => terms.some(([tau]) => tau === place);
  sheet.clear();
  sheet.axis("τ in a, t in the output", step ? [t] : []);
  sheet.label("a", 0);
  sheet.zeros(0, low, within(0, a.length));
  sheet.numbers(a, 0, 0, BLUE, used);
  sheet.label(step ? `b ${flipped ? "flipped" : "unflipped"}, at t = ${short(t)}` : "b", 1);
  sheet.numbers(flipped ? [...b].reverse() : b, left, 1, VERMILLION, used);
  sheet.label("products", 2);
  terms.forEach(([tau, x, k]) => sheet.numbers([x * k], tau, 2, PURPLE, used));
  sheet.label(method === CORRELATE ? "cross-correlation" : "a ∗ b", 3, step === places.length);
  sheet.numbers(padded(soFar(a, b, method, step), places.length), places[0], 3, GREEN, (place) => place === t);
  if (!step) return;
  const [from, top, width] = sheet.box(left, 0);
  sheet.frame([from - 4, top - 5, width + 8 + (b.length - 1) * sheet.side, 3 * ROW + 1], BLACK, 1.5, [6, 4]);
  const sum = sheet.box(left + b.length, 2);
  sheet.text(`= ${short(resultOf(a, b, method)[step - 1])}`, [sum[0] + 8, sum[1] + TALL / 2 + 1], { bold: true });
}

function render({ model, el }) {
  const canvas = element("canvas");
  const [fields, state] = [new Fields(), (...names) => names.map((name) => model.get(name))];
  const last = () => stepsOf(...state("a", "b", "method"));
  const to = (step) => send(model, { step: Math.max(0, Math.min(last(), step)) });
  const moves = {
    ArrowRight: () => to(model.get("step") + 1),
    ArrowLeft: () => to(model.get("step") - 1),
    Home: () => to(0),
    End: () => to(last()),
  };
  stepped(canvas, { ...moves, " ": moves.ArrowRight, Enter: moves.ArrowRight });
  const which = choice("Method", METHODS.map((name) => [name, name]), (method) => send(model, { step: 0, method }));
  const [back, on] = [button("Step back", moves.ArrowLeft), button("Step on", moves.ArrowRight)];
  const buttons = element("div", { className: "course-field" }, back, on);
  onKeys(buttons, moves);
  const signals = ["a", "b"].map((name) => {
    const input = element("input", { type: "text", className: "course-signal", autocomplete: "off", spellcheck: false });
    fields.listen(input, (words) => readSignal(words, name, LONGEST, LARGEST), (values) => {
      const [a, b, method] = state("a", "b", "method");
      const steps = name === "a" ? stepsOf(values, b, method) : stepsOf(a, values, method);
      send(model, { [name]: values, step: Math.min(model.get("step"), steps) });
    });
    return { name, input, field: labelled(`Signal ${name}`, input) };
  });
  const draw = () => {
    const [a, b, method] = state("a", "b", "method");
    const step = Math.min(model.get("step"), last()); // a shorter signal may arrive before its step does
    if (method === TRANSLATE) drawCopies(canvas, a, b, step);
    else drawSliding(canvas, a, b, method, step);
    which.select.value = method;
    signals.forEach(({ name, input }) => fields.show(input, model.get(name).map((value) => short(value)).join(", ")));
    for (const [control, end] of [[back, 0], [on, last()]]) control.setAttribute("aria-disabled", String(step === end));
    const words = stepWords(a, b, method, step);
    canvas.setAttribute("aria-label", `Convolution of two signals, ${method}. ${words}`);
    return words;
  };
  return mount({ model, el }, {
    instruction: "Click the drawing or Tab to it, then go one step on with the right arrow key and one back with the " +
      "left (Home: start, End: last step); both signals can be rewritten.",
    parts: [canvas, element("div", { className: "course-controls" }, buttons, which.field),
      element("div", { className: "course-controls" }, ...signals.map(({ field }) => field)), fields.sentence],
    names: ["a", "b", "method", "step"],
    draw,
  });
}

export default { render };
