// The filter explorer's drawing: photograph and output, and under them window, kernel, products and output pixel.

const [FIRST, TOP, GAP] = [6, 26, 32]; // left and upper edge of the photograph, and between it and the output
const GRIDS = TOP + HEIGHT * ZOOM + 52; // top of the cells

function picture(greys, height, width) {
  const canvas = Object.assign(document.createElement("canvas"), { height, width });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let k = 0; k < height * width; k += 1) {
    image.data.fill(greys[k], 4 * k, 4 * k + 3);
    image.data[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

class FilterSheet extends CellSheet {
  constructor(canvas) {
    super(canvas, 2 * (FIRST + WIDTH * ZOOM) + GAP, GRIDS + 138);
    this.second = FIRST + WIDTH * ZOOM + GAP; // left edge of the output
  }

  image(drawn, left, border) { // a border of pixels that have no full window stays grey
    const { context } = this;
    context.fillStyle = "#E4E4E4";
    context.fillRect(left, TOP, WIDTH * ZOOM, HEIGHT * ZOOM);
    context.imageSmoothingEnabled = false;
    const sides = [WIDTH - 2 * border, HEIGHT - 2 * border].map((side) => side * ZOOM);
    context.drawImage(drawn, left + border * ZOOM, TOP + border * ZOOM, ...sides);
  }

  outline([row, column], reach, left, colour) { // around a square of pixels
    const side = (2 * reach + 1) * ZOOM;
    const corner = [left + (column - reach) * ZOOM, TOP + (row - reach) * ZOOM];
    for (const [paint, wide, out] of [["#FFFFFF", 6, 2.5], [colour, 3, 2.5]]) {
      this.frame([corner[0] - out, corner[1] - out, side + 2 * out, side + 2 * out], paint, wide);
    }
  }

  grid(title, rows, left, colour, looks = () => ({})) {
    const count = rows.length;
    const [width, height] = count === 3 ? [52, 40] : [41, 26];
    const top = GRIDS + (130 - count * height) / 2;
    this.text(title, [left + (count * width) / 2, GRIDS - 14], { align: "center" });
    rows.flat().forEach((value, k) => {
      const box = [left + (k % count) * width, top + Math.floor(k / count) * height, width, height];
      this.cell(value, box, { edge: colour, ...looks(value) });
    });
    return left + count * width;
  }

  sign(words, left) {
    const font = FONT.replace("13px", "20px");
    this.text(words, [left + 12, GRIDS + 65], { align: "center", font });
    return left + 24;
  }

  where(event) { // the pixel under the pointer, on either picture, also when the page scales the canvas
    const [across, down] = [event.offsetX, event.offsetY].map((at) => (at * this.width) / this.canvas.clientWidth);
    const column = Math.floor((across - (across >= this.second ? this.second : FIRST)) / ZOOM);
    const row = Math.floor((down - TOP) / ZOOM);
    return row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH ? [row, column] : null;
  }
}

const onGrey = (level) => ({ fill: `rgb(${level}, ${level}, ${level})`, ink: level > 127 ? BLACK : "#FFFFFF" });

function drawFilter(sheet, { position, used, divisor, operation, display, photograph }, shown, follows) {
  const { pixels, scale } = shown;
  const reach = reachOf(used);
  const products = productsAt(pixels, position, used);
  const sum = total(products.flat());
  const { second } = sheet;
  const bottom = TOP + HEIGHT * ZOOM + 14;
  sheet.clear();
  sheet.text(`Photograph: ${photograph}, ${HEIGHT} × ${WIDTH} pixels`, [FIRST, 12], { bold: true });
  sheet.text(`Output of the ${operation}`, [second, 12], { bold: true });
  sheet.image(shown.photograph, FIRST, 0);
  sheet.image(shown.output, second, reach);
  sheet.outline(position, reach, FIRST, BLUE);
  sheet.outline(position, 0, second, GREEN);
  sheet.text(follows ? "the window follows the mouse; click to hold it" : "the window is held; click to let it follow the mouse",
    [FIRST, bottom], { colour: INK });
  sheet.text(`${display}: black is ${short(scale[0])}, white is ${short(scale[1])}`, [second, bottom], { colour: INK });
  const title = operation === "convolution" ? "kernel, flipped" : "kernel, not flipped";
  let at = sheet.grid("pixels in the window", windowAt(pixels, position, reach), FIRST, BLUE, onGrey);
  at = sheet.grid(title, used, sheet.sign("×", at), VERMILLION);
  at = sheet.grid("products", products, sheet.sign("=", at), PURPLE);
  const left = sheet.sign("→", at);
  const room = Math.min(150, sheet.width - left - FIRST);
  const value = sum / divisor;
  const words = divisor === 1 ? [] : [`${short(sum)} /`, `${short(divisor)} =`];
  sheet.text("output pixel", [left + room / 2, GRIDS - 14], { align: "center" });
  words.forEach((text, i) => sheet.text(text, [left + room / 2, GRIDS + 8 + 18 * i], { align: "center" }));
  sheet.cell(value, [left, GRIDS + 43, room, 44], { edge: GREEN, thick: true, ...onGrey(grey(value, scale)) });
}
