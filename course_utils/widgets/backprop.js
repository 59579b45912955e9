// The backprop explorer: a computation graph, gone through step by step, forward and back. Python has computed every
// place, number and sentence, and after which step each appears (drawings.py); this file draws what is due.

const GREY = "#8C8C8C";
const LOOK = { // as in plots.computation_graph
  forward: { kind: "value", paint: BLUE, pale: PALE_BLUE, dash: [], aside: 3 },
  backward: { kind: "bar", paint: VERMILLION, pale: PALE_VERMILLION, dash: [6, 3], aside: -3 },
};
const NAME = /^(\p{L})(?:_([\p{L}\p{N}]+))?(?:\^([\p{L}\p{N}]+))?$/u; // w, w_1, x^2
const RING = 5.5; // pixels from a node to the ring that says: its bar is a sum
const ROUNDED = 30; // pixels before and after a corner

const distance = ([a, b], [c, d]) => Math.hypot(c - a, d - b);
const between = (a, b, share) => a.map((part, k) => part + share * (b[k] - part));

function beside(path, aside) { // the path moved to the left of its direction
  const normal = (a, b) => [(b[1] - a[1]) / distance(a, b), (a[0] - b[0]) / distance(a, b)];
  return path.map((point, i) => {
    const pairs = [[path[i - 1], point], [point, path[i + 1]]].filter(([a, b]) => a && b);
    const sum = pairs.map(([a, b]) => normal(a, b)).reduce(([a, b], [c, d]) => [a + c, b + d]);
    return point.map((part, k) => part + (aside * sum[k]) / Math.hypot(...sum));
  });
}

function rounded(path) { // each corner replaced by points of a curve
  return path.flatMap((corner, i) => {
    if (i === 0 || i === path.length - 1) return [corner];
    const near = (other) => between(corner, other, Math.min(0.45, ROUNDED / distance(corner, other)));
    const [enter, leave] = [near(path[i - 1]), near(path[i + 1])];
    return [0, 0.2, 0.4, 0.6, 0.8, 1].map((t) => between(between(enter, corner, t), between(corner, leave, t), t));
  });
}

class GraphSheet extends Sheet {
  constructor(canvas, drawing) {
    super(canvas, ...drawing.size);
    this.drawing = drawing;
  }

  arrow(path, { paint, dash }, width) {
    const curve = rounded(path);
    const tip = curve[curve.length - 1];
    const back = between(tip, curve[curve.length - 2], 11 / distance(tip, curve[curve.length - 2]));
    const [across, down] = [(tip[0] - back[0]) / 2.3, (tip[1] - back[1]) / 2.3];
    const longer = dash.map((part) => (width > 2 ? 1.5 : 1) * part);
    this.stroke([...curve.slice(0, -1), between(tip, back, 0.7)], paint, width, longer);
    this.stroke([tip, [back[0] - down, back[1] + across], [back[0] + down, back[1] - across], tip], paint, 1);
    this.context.fillStyle = paint;
    this.context.fill();
  }

  pill([column, row], half, radius, width, fill) { // a circle, unless a long name needs more room
    const { context } = this;
    context.beginPath();
    context.roundRect(column - half, row - radius, 2 * half, 2 * radius, radius);
    Object.assign(context, { fillStyle: fill, strokeStyle: BLACK, lineWidth: width });
    context.fill();
    context.stroke();
  }

  // Set a name, such as L_reg with its index lowered, from a place to the right; without a place only measure it.
  symbol(name, at, { size = 17, bar = false, colour = BLACK } = {}) {
    const [, letter, index, power] = NAME.exec(name) || [null, null];
    const small = Math.round(0.7 * size);
    const slanted = (words) => (/^\p{L}$/u.test(words) ? "italic " : ""); // as in mathematics, where words are upright
    const parts = [[letter, size, 0], [index, small, 6], [power, small, -7]];
    let wide = 0;
    for (const [words, height, down] of letter ? parts : [[name, size - 3, 0]]) {
      if (!words) continue;
      const font = slanted(words) + FONT.replace("13px", `${height}px`);
      if (at) this.text(words, [at[0] + wide, at[1] + down], { halo: bar, colour, font });
      this.context.font = font;
      wide += this.context.measureText(words).width;
    }
    const above = at && at[1] - (/^[a-z]/.test(name) && !/^[bdfhiklt]/.test(name) ? 8 : 10); // tall letters are higher
    if (at && bar) this.stroke([[at[0] + 1, above], [at[0] + wide, above]], colour, 1.4);
    return wide;
  }

  node([name, column, row, half, ring], look) {
    const { radius } = this.drawing;
    if (ring) this.pill([column, row], half + RING, radius + RING, 1.2, "#FFFFFF");
    this.pill([column, row], half, radius, look ? 3.5 : 1.5, look ? look.pale : "#FFFFFF");
    this.symbol(name, [column - this.symbol(name) / 2, row + 1]);
  }

  label([kind, [owner], column, row, name, words], bold) {
    const { paint: colour } = Object.values(LOOK).find((look) => look.kind === kind);
    const [first, ...rest] = words.split("\n");
    const look = { size: 15, bar: true, colour };
    const widths = [FONT, `bold ${FONT}`].map((font) => {
      this.context.font = font;
      return this.context.measureText(first).width;
    });
    const wide = widths[0] + (name ? this.symbol(name, null, look) : 0);
    const [, middle, , half] = this.drawing.nodes.find((node) => node[0] === owner);
    const growth = column < middle - half && bold ? widths[1] - widths[0] : 0; // away from the node at its right
    const [left, top] = [column - wide / 2 - growth, row - 8 * rest.length];
    const after = left + (name ? this.symbol(name, [left, top], look) : 0);
    this.text(first, [after, top], { halo: true, bold, colour });
    rest.forEach((line, i) => this.text(line, [column, top + 16 * (i + 1)], { align: "center", halo: true, bold, colour }));
  }

  legend() {
    const [row, ring] = [this.height - 16, this.drawing.nodes.some((node) => node[4])];
    let column = this.width / 2 - (ring ? 330 : 200);
    for (const [phase, words] of [["forward", "value, forward →"], ["backward", "← contribution, backward"]]) {
      this.stroke([[column, row], [column + 34, row]], LOOK[phase].paint, 2, LOOK[phase].dash);
      this.text(words, [column + 42, row]);
      column += phase === "forward" ? 180 : 234;
    }
    if (!ring) return;
    for (const radius of [4, 7]) this.circle([column, row], radius, BLACK, 1.2);
    this.text("double ring: the bar is a sum", [column + 16, row]);
  }

  draw(taken) {
    const [phase, now] = this.drawing.steps[taken - 1] || [];
    const used = ([parent, child]) => now && (phase === "forward" ? child : parent) === now;
    this.clear();
    for (const [parent, child, path, sent, returned] of this.drawing.edges) {
      const ahead = returned === null ? path : beside(path, LOOK.forward.aside);
      const look = sent <= taken ? LOOK.forward : { paint: GREY, dash: [] };
      this.arrow(ahead, look, phase === "forward" && used([parent, child]) ? 3.5 : 1.4);
      if (returned === null || returned > taken) continue;
      const back = beside(path, LOOK.backward.aside).reverse();
      this.arrow(back, LOOK.backward, phase === "backward" && used([parent, child]) ? 3.5 : 1.4);
    }
    for (const node of this.drawing.nodes) this.node(node, node[0] === now && LOOK[phase]);
    for (const label of this.drawing.labels) {
      const [kind, owner, , , , , since] = label;
      const here = owner.length === 1 ? owner[0] === now : used(owner);
      if (since <= taken) this.label(label, here && kind === LOOK[phase].kind);
    }
    this.legend();
  }
}

function render({ model, el }) {
  const canvas = element("canvas", { className: "course-graph" });
  const drawing = () => model.get("_drawings")[model.get("graph")];
  let [sheet, shown] = [null, ""];
  const last = () => drawing().steps.length;
  const go = (step) => {
    const bounded = Math.max(0, Math.min(last(), step));
    if (bounded !== model.get("step")) send(model, { step: bounded });
  };
  const by = (steps) => () => go(model.get("step") + steps);
  const [next, back, start, end] = [by(1), by(-1), () => go(0), () => go(last())];
  const keys = { ArrowRight: next, ArrowLeft: back, Home: start, End: end };
  stepped(canvas, { ...keys, " ": next, Enter: next });
  const backward = button("Back one step", back);
  const forward = button("Next step", () => (model.get("step") === last() ? start() : next()));
  const buttons = element("div", { className: "course-field" }, backward, forward);
  onKeys(buttons, keys);
  const titles = Object.entries(model.get("_drawings")).map(([name, { title }]) => [name, title]);
  const which = choice("Computation graph", titles, (graph) => send(model, { step: 0, graph }));
  const draw = () => {
    const step = Math.min(model.get("step"), last()); // a shorter graph may arrive before its step does
    const words = drawing().words[step];
    if (shown !== model.get("graph")) { // a graph has a sheet of its own size
      shown = model.get("graph");
      sheet = new GraphSheet(canvas, drawing());
    }
    sheet.draw(step);
    which.select.value = shown;
    backward.setAttribute("aria-disabled", String(step === 0));
    forward.textContent = step === last() ? "Start again" : "Next step";
    canvas.setAttribute("aria-label", `Computation graph: ${drawing().title}. ${words}`);
    return words;
  };
  return mount({ model, el }, {
    instruction: "Click the graph or Tab to it, then go one step on with the right arrow key and one step back with " +
      "the left; Home goes to the start and End to the last step.",
    parts: [canvas, element("div", { className: "course-controls" }, buttons, ...(titles.length > 1 ? [which.field] : []))],
    names: ["graph", "step"],
    draw,
  });
}

export default { render };
