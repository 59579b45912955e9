// What the draw-a-digit explorer draws: the field with its strokes and cursor, and every layer of the network.

const UNIT = 9; // screen pixels of a pixel of the field
const SURFACE = FIELD * UNIT;
const NIGHT = "#000000", GRID = "#2E2E2E", NOTE = "#5C5C5C", BLANK = "#EFEFEF";

// Red is above zero and blue below: ColorBrewer's RdBu turned round, as Matplotlib draws it.
const SIGNED_ANCHORS = ["#053061", "#2166AC", "#4393C3", "#92C5DE", "#D1E5F0", "#F7F7F7", "#FDDBC7", "#F4A582", "#D6604D",
  "#B2182B", "#67001F"].map(channels);
const SIGNED = blended(SIGNED_ANCHORS);
const GREYS = Array.from({ length: 256 }, (_, i) => [i, i, i]);

class MosaicSheet extends Sheet {
  constructor(canvas, width, height) {
    super(canvas, width, height);
    this.scratch = document.createElement("canvas");
  }

  mosaics(values, [rows, columns], boxes, colours, [low, high]) { // maps that follow one another, a box for each
    const { scratch, context } = this;
    Object.assign(scratch, { width: columns, height: rows * boxes.length });
    const small = scratch.getContext("2d");
    const image = small.createImageData(scratch.width, scratch.height);
    const scale = 255 / (high - low || 1);
    for (let k = 0; k < values.length; k += 1) {
      image.data.set(colours[Math.round(within((values[k] - low) * scale, 0, 255))], 4 * k);
      image.data[4 * k + 3] = 255;
    }
    small.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    boxes.forEach((box, map) => {
      context.drawImage(scratch, 0, map * rows, columns, rows, ...box);
      this.frame(box, NOTE, 0.8);
    });
  }

  frame(box, colour, wide) {
    Object.assign(this.context, { strokeStyle: colour, lineWidth: wide });
    this.context.strokeRect(...box);
  }

  filled(box, colour) {
    this.context.fillStyle = colour;
    this.context.fillRect(...box);
  }
}

class PenSheet extends MosaicSheet {
  constructor(canvas) {
    super(canvas, SURFACE, SURFACE + 22);
  }

  draw(strokes, image, [row, column], down) {
    this.clear();
    if (image) this.mosaics(image, [FIELD, FIELD], [[0, 0, SURFACE, SURFACE]], GREYS, [0, 1]);
    else this.blank();
    for (const stroke of strokes) {
      const path = [stroke[0], ...stroke].map(([y, x]) => [x * UNIT, y * UNIT]);
      Object.assign(this.context, { lineCap: "round", lineJoin: "round" });
      this.stroke(path, "#FFFFFF", 2 * PEN * UNIT);
    }
    const middle = [(column + 0.5) * UNIT, (row + 0.5) * UNIT];
    for (const [paint, wide] of [["#FFFFFF", 6], [VERMILLION, 3]]) this.circle(middle, PEN * UNIT + 1, paint, wide);
    if (down) this.context.fill();
    this.filled([0, SURFACE, SURFACE, 22], "#FFFFFF");
    this.text(`pen ${down ? "down" : "up"}, row ${row}, column ${column}`, [SURFACE / 2, SURFACE + 12], { align: "center", colour: INK });
  }

  blank() {
    this.filled([0, 0, SURFACE, SURFACE], NIGHT);
    for (let at = UNIT; at < SURFACE; at += UNIT) {
      this.stroke([[at, 0], [at, SURFACE]], GRID, 1);
      this.stroke([[0, at], [SURFACE, at]], GRID, 1);
    }
  }

  where(event) { // the point under the pointer, also when the page scales the canvas; outside, the nearest one
    const { left, top, width } = this.canvas.getBoundingClientRect();
    const scale = this.width / width / UNIT;
    return [event.clientY - top, event.clientX - left].map((part) => within(Math.round(100 * part * scale) / 100, 0, FIELD));
  }
}

const [PAGE, TALLEST, LEFT] = [566, 432, 112]; // pixels of the layers' sheet, and left of their maps
const ROOM = PAGE - LEFT - 4;
const ROWS = [["C1", 92, 56], ["S2", 155, 42], ["C3", 204, 32], ["S4", 243, 26], ["F5", 279, 22], ["F6", 313, 22]]; // top, height
const [INPUT_SIDE, OUTPUT, BAR] = [84, 344, 46]; // side of the input, top of the output, pixels of probability 1

class LayerSheet extends MosaicSheet {
  constructor(canvas, shapes) { // shapes: name -> [maps, rows, columns] or [units]
    super(canvas, PAGE, TALLEST);
    this.shapes = shapes;
  }

  boxes(name, top, height) { // a box for each map, in as many rows as make them largest; a strip for units
    const [count, side] = this.shapes[name];
    if (!side) return [[LEFT, top, Math.min(4, ROOM / count) * count, height]];
    const sideIn = (rows) => Math.min((height - 2 * (rows - 1)) / rows, ROOM / Math.ceil(count / rows) - 3);
    const rows = [1, 2, 3, 4].reduce((best, next) => (sideIn(next) > sideIn(best) ? next : best));
    const across = Math.ceil(count / rows);
    const drawn = Math.floor(sideIn(rows));
    const apart = Math.min(drawn + 8, ROOM / across);
    return Array.from({ length: count }, (_, k) => [
      Math.round(LEFT + (k % across) * apart), Math.round(top + Math.floor(k / across) * (drawn + 2)), drawn, drawn,
    ]);
  }

  heading(name, middle, size, below) {
    const small = { colour: NOTE, font: SMALL };
    this.text(name, [4, middle - 7], { bold: true });
    this.text(size, [27, middle - 7], small);
    this.text(below, [4, middle + 7], small);
  }

  draw(found, { activation, pooling, notes, classes }) {
    const signed = activation === "tanh";
    this.clear();
    this.input(found, notes, signed);
    for (const [name, top, height] of ROWS) {
      const [count, side] = this.shapes[name];
      const boxes = this.boxes(name, top, height);
      const most = found ? found[name].reduce((so, value) => Math.max(so, Math.abs(value)), 0) : 0;
      const kind = name[0] === "S" ? pooling : activation;
      const size = side ? `${count} × ${side} × ${side}` : `${count} units`;
      this.heading(name, top + height / 2, size, found ? `${kind}, m = ${number(most)}` : kind);
      if (found) {
        const shape = side ? [side, side] : [1, count];
        this.mosaics(found[name], shape, boxes, signed ? SIGNED : VIRIDIS, [signed ? -most : 0, most]);
      } else boxes.forEach((box) => { this.filled(box, BLANK); this.frame(box, NOTE, 0.8); });
    }
    this.output(found && found.p, classes);
  }

  input(found, notes, signed) {
    const box = [LEFT, 2, INPUT_SIDE, INPUT_SIDE];
    this.heading("x", 44, "28 × 28", "network's input");
    if (found) this.mosaics(found.x, [FIELD, FIELD], [box], GREYS, [0, 1]);
    else { this.filled(box, BLANK); this.frame(box, NOTE, 0.8); }
    notes.forEach((line, k) => this.text(line, [LEFT + INPUT_SIDE + 14, 16 + 18 * k], { colour: INK }));
    const [left, top, wide] = [LEFT + ROOM - 138, 68, 120];
    const colours = signed ? SIGNED : VIRIDIS;
    for (let i = 0; i < wide; i += 1) this.filled([left + i, top, 1.5, 12], `rgb(${colours[Math.floor((255 * i) / wide)].join()})`);
    this.frame([left, top, wide, 12], INK, 0.8);
    const ends = signed ? ["−m", "0", "m"] : ["0", "", "m"];
    const small = { font: SMALL, colour: NOTE };
    this.text(`${ends[0]} `, [left - 4, top + 7], { ...small, align: "right" });
    this.text(ends[1], [left + wide / 2, top + 18], { ...small, align: "center" });
    this.text(ends[2], [left + wide + 3, top + 7], small);
    this.text("m: the largest size in its layer", [left - 36, top + 7], { ...small, align: "right" });
  }

  fitting(words, room) { // a long name of a class in smaller letters
    this.context.font = `bold ${FONT}`;
    return FONT.replace("13px", `${Math.min(13, (13 * room) / this.context.measureText(words).width)}px`);
  }

  output(p, classes) {
    const [apart, floor] = [ROOM / classes.length, OUTPUT + 18 + BAR];
    this.heading("y", OUTPUT + 44, `${classes.length} classes`, "probabilities");
    const best = p ? ranked(p)[0] : -1;
    classes.forEach((name, k) => {
      const [left, wide] = [LEFT + k * apart, apart - 10];
      const high = p ? p[k] * BAR : 0;
      this.filled([left, floor - high, wide, high], k === best ? BLUE : PALE_BLUE);
      if (high) this.frame([left, floor - high, wide, high], BLUE, 1);
      const words = p ? probability(p[k]).replace("over ", "> ").replace("under ", "< ") : "";
      this.text(words, [left + wide / 2, floor - high - 9], { align: "center", bold: k === best, font: SMALL });
      this.text(name, [left + wide / 2, floor + 13], { align: "center", bold: k === best, font: this.fitting(name, apart - 2) });
    });
    this.stroke([[LEFT - 4, floor], [LEFT + ROOM, floor]], INK, 1.2);
  }
}
