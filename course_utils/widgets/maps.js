// Images and maps on a sheet, on one scale, and frames that say where something was and is. White is a digit's place,
// vermillion what is not as it was.

const greyOf = (value) => [value, value, value];

class MapSheet extends GridSheet {
  picture(values, [left, top, side], colourOf) { // a square of side pixels; values: rows, colourOf: red, green, blue
    const small = element("canvas", { width: values[0].length, height: values.length });
    const context = small.getContext("2d");
    const image = context.createImageData(small.width, small.height);
    values.flat().forEach((value, i) => image.data.set([...colourOf(value), 255], 4 * i));
    context.putImageData(image, 0, 0);
    this.context.imageSmoothingEnabled = false;
    this.context.drawImage(small, left, top, side, side);
    this.frame([left, top, side, side], INK, 1.2);
  }

  differing(values, first, [left, top, side]) { // frames around the cells that are not what they were
    const cell = side / values.length;
    values.forEach((row, i) => row.forEach((value, j) => {
      if (value === first[i][j]) return;
      this.frame([left + j * cell + 1.2, top + i * cell + 1.2, cell - 2.4, cell - 2.4], VERMILLION, 2);
    }));
  }

  place([left, top, side], [row, column, length], dash) { // where a digit or its edges are, in cells of a field
    const cell = side / FIELD;
    this.context.save();
    this.context.beginPath();
    this.context.rect(left, top, side, side);
    this.context.clip();
    this.frame([left + column * cell, top + row * cell, length * cell, length * cell], "#FFFFFF", 1.6, dash);
    this.context.restore();
  }

  kernel(rows, [left, top, cell]) { // its numbers
    rows.forEach((row, i) => row.forEach((value, j) => {
      const box = [left + j * cell, top + i * cell, cell, cell];
      this.frame(box, LINE, 1);
      this.text(number(value, 0), [box[0] + cell / 2, box[1] + cell / 2 + 1], { align: "center" });
    }));
  }

  scale([left, top, width, height], most, open) { // the colours' numbers, from 0 to most; open if there are higher ones
    for (let i = 0; i < width; i += 1) {
      this.context.fillStyle = `rgb(${VIRIDIS[Math.floor((255 * i) / width)].join()})`;
      this.context.fillRect(left + i, top, 1.5, height);
    }
    this.frame([left, top, width, height], INK, 1);
    this.text("0", [left - 6, top + height / 2 + 1], { align: "right" });
    this.text(`${open ? "≥ " : ""}${number(most, 0)}`, [left + width + 6, top + height / 2 + 1]);
  }
}
