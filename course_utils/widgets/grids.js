// Grids of cells on a sheet: a layer's input with its padding, what a window reads of it, and a layer's output. In the
// layers' explorers blue is what is read, green the output, and vermillion what does not fit.

const LINE = "#C4C4C4", ZEROS = "#E9E9E9", STRIPES = "#8C8C8C", NOTE = "#5C5C5C";

class Grid {
  constructor(sheet, size, cell, [left, top]) { // left and top of the grid itself, without its padding
    Object.assign(this, { sheet, size, cell, left, top });
  }

  box(rows, columns) { // around whole cells, from the first to the last one
    const ends = ([first], part) => [first, part[part.length - 1] + 1];
    const [[top, bottom], [left, right]] = [ends(rows, rows), ends(columns, columns)];
    const { cell } = this;
    return [this.left + left * cell, this.top + top * cell, (right - left) * cell, (bottom - top) * cell];
  }

  fill(rows, columns, colour) { // each cell by itself, for a dilated window has gaps
    this.sheet.context.fillStyle = colour;
    for (const row of rows) for (const column of columns) this.sheet.context.fillRect(...this.box([row], [column]));
  }

  lines(before, after) {
    const [height, width] = this.size.map((length) => length + before + after);
    if (this.cell < 4) return;
    const [left, top] = [this.left - before * this.cell, this.top - before * this.cell];
    for (let i = 1; i < height; i += 1) {
      this.sheet.stroke([[left, top + i * this.cell], [left + width * this.cell, top + i * this.cell]], LINE, 0.8);
    }
    for (let i = 1; i < width; i += 1) {
      this.sheet.stroke([[left + i * this.cell, top], [left + i * this.cell, top + height * this.cell]], LINE, 0.8);
    }
  }

  padding(before, after) {
    if (before + after === 0) return;
    const [height, width] = this.size;
    const outer = this.box([-before, height + after - 1], [-before, width + after - 1]);
    this.sheet.context.fillStyle = ZEROS;
    this.sheet.context.fillRect(...outer);
    this.sheet.context.fillStyle = "#FFFFFF";
    this.sheet.context.fillRect(...this.box([0, height - 1], [0, width - 1]));
  }

  zeros(before, after) { // written where there is room
    if (before + after === 0 || this.cell < 15) return;
    const [height, width] = this.size;
    for (let row = -before; row < height + after; row += 1) {
      for (let column = -before; column < width + after; column += 1) {
        if (row >= 0 && row < height && column >= 0 && column < width) continue;
        const [left, top] = this.box([row], [column]);
        this.sheet.text("0", [left + this.cell / 2, top + this.cell / 2 + 1], { align: "center", colour: NOTE, font: SMALL });
      }
    }
  }

  striped(rows, columns) { // every cell that is in one of these rows or columns
    const { context } = this.sheet;
    const [height, width] = this.size;
    context.save();
    context.beginPath();
    for (const row of rows) context.rect(...this.box([row], [0, width - 1]));
    for (const column of columns) context.rect(...this.box([0, height - 1], [column]));
    context.clip();
    this.sheet.stripes(this.box([0, height - 1], [0, width - 1]));
    context.restore();
  }

  places(aside) { // first and last row and column, counted from 0
    const [height, width] = this.size;
    const note = { colour: NOTE, font: SMALL };
    for (const row of new Set(this.cell * height < 18 ? [0] : [0, height - 1])) {
      const [left, top] = this.box([row], [0]);
      this.sheet.text(String(row), [left - aside - 5, top + this.cell / 2 + 1], { ...note, align: "right" });
    }
    for (const column of new Set(this.cell * width < 22 ? [0] : [0, width - 1])) {
      const [left, top] = this.box([0], [column]);
      this.sheet.text(String(column), [left + this.cell / 2, top - aside - 8], { ...note, align: "center" });
    }
  }
}

class GridSheet extends CellSheet {
  stripes([left, top, width, height]) {
    for (let along = -height; along < width; along += 6) {
      this.stroke([[left + along, top + height], [left + along + height, top]], STRIPES, 1.1);
    }
  }

  cone([left, top, width, height], to) { // from what is read to who reads it
    const from = left + width;
    this.stroke([[from, top], [to[0], to[1]]], BLUE, 1);
    this.stroke([[from, top + height], [to[0], to[1] + to[3]]], BLUE, 1);
  }

  legend(entries, row) { // entries: [words, { fill, edge, dash, inset, stripes }]
    let column = 12;
    for (const [words, { fill = "#FFFFFF", edge, dash = [], inset = 0, stripes = false }] of entries) {
      const swatch = [column, row - 8, 20, 16];
      this.context.fillStyle = fill;
      this.context.fillRect(...swatch);
      if (stripes) this.stripedSwatch(swatch);
      const frame = [column + inset, row - 8 + inset, 20 - 2 * inset, 16 - 2 * inset];
      this.frame(frame, edge, edge === LINE || inset ? 1.2 : 2.2, dash);
      this.text(words, [column + 28, row + 1]);
      this.context.font = FONT;
      column += 28 + this.context.measureText(words).width + 24;
    }
  }

  stripedSwatch(swatch) {
    this.context.save();
    this.context.beginPath();
    this.context.rect(...swatch);
    this.context.clip();
    this.stripes(swatch);
    this.context.restore();
  }
}
