// A sheet of lines and words on a canvas, and on it a plane with axes, surfaces and points, in the course's palette.

const BLUE = "#0072B2", VERMILLION = "#D55E00", GREEN = "#009E73", PURPLE = "#CC79A7", BLACK = "#000000";
const PALE_BLUE = "#D3E6F2", PALE_VERMILLION = "#F9E0CD", INK = "#333333";
const DASHED = [9, 4], DASH_DOT = [13, 4, 3, 4], DOTTED = [3, 4];
const FONT = "13px system-ui, 'DejaVu Sans', sans-serif";
const SMALL = FONT.replace("13px", "11px");

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

// 256 colours between a few given ones.
function blended(anchors) {
  return Array.from({ length: 256 }, (_, i) => {
    const at = Math.min((i * (anchors.length - 1)) / 255, anchors.length - 1.001);
    const [low, high] = [anchors[Math.floor(at)], anchors[Math.floor(at) + 1]];
    return low.map((c, k) => Math.round(c + (high[k] - c) * (at % 1)));
  });
}

// Viridis, between nine of its colours.
const ANCHORS = ["#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725"];
const VIRIDIS = blended(ANCHORS.map(channels));
const PALE = [channels(PALE_BLUE), channels(PALE_VERMILLION)];

class Sheet {
  constructor(canvas, width, height) {
    Object.assign(this, { canvas, width, height });
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    Object.assign(canvas, { width: width * ratio, height: height * ratio });
    Object.assign(canvas.style, { width: `${width}px` });
    this.context = canvas.getContext("2d");
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.lineJoin = "round";
  }

  clear() {
    this.context.fillStyle = "#FFFFFF";
    this.context.fillRect(0, 0, this.width, this.height);
  }

  stroke(path, colour, width, dash = []) { // path in pixels
    const { context } = this;
    context.beginPath();
    path.forEach(([column, row]) => context.lineTo(column, row));
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }

  text(words, [column, row], { align = "left", halo = false, bold = false, colour = BLACK, font = FONT } = {}) {
    const { context } = this;
    Object.assign(context, { font: bold ? `bold ${font}` : font, textAlign: align, textBaseline: "middle" });
    Object.assign(context, { strokeStyle: "#FFFFFF", lineWidth: 4, fillStyle: colour });
    if (halo) context.strokeText(words, column, row);
    context.fillText(words, column, row);
  }

  circle([column, row], radius, colour, width) {
    this.context.beginPath();
    this.context.arc(column, row, radius, 0, 2 * Math.PI);
    Object.assign(this.context, { strokeStyle: colour, lineWidth: width });
    this.context.stroke();
  }
}

class Plane extends Sheet {
  constructor(canvas, { low, high, size, right = 14 }) {
    const [left, top, bottom] = [46, 12, 42];
    super(canvas, left + size + right, top + size + bottom);
    Object.assign(this, { low, high, size, left, top, right, bottom });
    this.samples = document.createElement("canvas");
    this.samples.width = this.samples.height = 200;
  }

  at([x, y]) {
    const unit = this.size / (this.high - this.low);
    return [this.left + (x - this.low) * unit, this.top + (this.high - y) * unit];
  }

  where(event) { // the point of the plane under the pointer, also when the page scales the canvas
    const box = this.canvas.getBoundingClientRect();
    const unit = (this.high - this.low) / this.size;
    const column = ((event.clientX - box.left) * this.width) / box.width - this.left;
    const row = ((event.clientY - box.top) * this.height) / box.height - this.top;
    return [this.low + column * unit, this.high - row * unit];
  }

  surface(colourOf) { // colourOf: point -> [red, green, blue]
    const { width: count } = this.samples;
    const context = this.samples.getContext("2d");
    const image = context.createImageData(count, count);
    const step = (this.high - this.low) / count;
    for (let row = 0, k = 0; row < count; row += 1) {
      const y = this.high - (row + 0.5) * step;
      for (let column = 0; column < count; column += 1, k += 4) {
        const [red, green, blue] = colourOf([this.low + (column + 0.5) * step, y]);
        image.data[k] = red; image.data[k + 1] = green; image.data[k + 2] = blue; image.data[k + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    this.context.drawImage(this.samples, this.left, this.top, this.size, this.size);
  }

  axes(names, ticks) {
    const { context, left, top, size } = this;
    context.lineWidth = 1;
    context.strokeStyle = INK;
    context.strokeRect(left, top, size, size);
    for (const tick of ticks) {
      const [column, row] = this.at([tick, tick]);
      this.stroke([[column, top + size], [column, top + size + 5]], INK, 1);
      this.stroke([[left - 5, row], [left, row]], INK, 1);
      this.text(number(tick, 0), [column, top + size + 14], { align: "center" });
      this.text(number(tick, 0), [left - 9, row], { align: "right" });
    }
    this.text(names[0], [left + size / 2, top + size + 32], { align: "center" });
    this.text(names[1], [16, top + size / 2], { align: "center" });
  }

  inside(draw) {
    this.context.save();
    this.context.beginPath();
    this.context.rect(this.left, this.top, this.size, this.size);
    this.context.clip();
    draw();
    this.context.restore();
  }

  line([w_1, w_2, b], colour, width, dash = []) { // where w_1 x + w_2 y + b = 0
    const square = w_1 * w_1 + w_2 * w_2;
    if (square === 0) return;
    const foot = [(-b * w_1) / square, (-b * w_2) / square];
    const far = (100 * (this.high - this.low)) / Math.sqrt(square);
    const ends = [-far, far].map((t) => this.at([foot[0] - t * w_2, foot[1] + t * w_1]));
    this.stroke(ends, "#FFFFFF", width + 3);
    this.stroke(ends, colour, width, dash);
  }

  arrow(from, to, colour, handle = false) { // a handle, a ring at the tip, says that the tip can be dragged
    const [start, end] = [this.at(from), this.at(to)];
    const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
    if (length === 0) return;
    const [across, down] = [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
    const fromEnd = (back, aside) => [end[0] - back * across - aside * down, end[1] - back * down + aside * across];
    const tip = handle ? 6 : 0;
    const head = [fromEnd(tip, 0), fromEnd(tip + 14, 6), fromEnd(tip + 14, -6), fromEnd(tip, 0)];
    const shaft = [start, fromEnd(Math.min(tip + 12, length), 0)];
    for (const [paint, wider] of [["#FFFFFF", 3], [colour, 0]]) {
      this.stroke(shaft, paint, 3 + wider);
      this.stroke(head, paint, 1 + wider);
      this.context.fillStyle = paint;
      this.context.fill();
      if (handle) this.circle(end, 5, paint, 2.5 + wider);
    }
  }

  point(x, label) { // class 0 a blue circle, class 1 a vermillion triangle
    const [column, row] = this.at(x);
    const { context } = this;
    context.beginPath();
    if (label === 0) context.arc(column, row, 8, 0, 2 * Math.PI);
    else [[0, -10], [9.5, 7], [-9.5, 7]].forEach(([dx, dy]) => context.lineTo(column + dx, row + dy));
    context.closePath();
    Object.assign(context, { strokeStyle: "#FFFFFF", lineWidth: 5 });
    context.stroke();
    Object.assign(context, { strokeStyle: BLACK, lineWidth: 1.5, fillStyle: label === 0 ? BLUE : VERMILLION });
    context.fill();
    context.stroke();
  }

  mark(x) { // a ring around a point
    for (const [colour, width] of [["#FFFFFF", 7], [BLACK, 3]]) this.circle(this.at(x), 16, colour, width);
  }
}
