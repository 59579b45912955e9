// Numbers in cells on a sheet, and fields in which numbers are written. In the convolution and the filter explorer
// blue is the input, vermillion the kernel, purple a product and green the output.

const FAINT = "#6E6E6E"; // what counts as 0
const [SIZE, SMALLEST] = [14, 9]; // pixels of a cell's text

const pale = (colour) => `${colour}2B`;

export function short(value, decimals = 3) { // at most so many decimals
  const text = String(Number(Math.abs(tidy(value)).toFixed(decimals)));
  return value < 0 && text !== "0" ? `−${text}` : text;
}

export const factor = (value) => (short(value).startsWith("−") ? `(${short(value)})` : short(value));
export const listed = (values) => `(${values.map((value) => short(value)).join(", ")})`;
export const total = (values) => values.reduce((sum, value) => sum + value, 0);

export function summed([first, ...others]) { // 2 − 1 + 0
  const signed = others.map((value) => short(value)).map((text) => (text[0] === "−" ? `− ${text.slice(1)}` : `+ ${text}`));
  return [short(first), ...signed].join(" ");
}

class CellSheet extends Sheet {
  cell(value, [left, top, width, height], { edge, fill = pale(edge), ink = BLACK, thick = false, empty = false }) {
    const { context } = this;
    if (!empty) {
      context.fillStyle = fill;
      context.fillRect(left, top, width, height);
    }
    this.frame([left, top, width, height], edge, thick ? 3.5 : 1.2, empty ? [3, 3] : []);
    if (!empty) this.number(value, [left + width / 2, top + height / 2 + 1], width - 3, { colour: ink, bold: thick });
  }

  number(value, middle, room, { bold, colour }) { // as large as fits; fewer decimals only where small letters do not
    const fits = (words, heavy) => this.sizeOf(words, room, heavy) >= SMALLEST;
    const texts = [3, 2, 1, 0].map((decimals) => short(value, decimals));
    const words = texts.find((text) => fits(text, false)) ?? texts[3];
    this.fitted(words, middle, room, { align: "center", bold: bold && fits(words, true), colour });
  }

  fitted(words, place, room, look) {
    const size = Math.max(SMALLEST, this.sizeOf(words, room, look.bold));
    this.text(words, place, { ...look, font: FONT.replace("13px", `${size}px`) });
  }

  sizeOf(words, room, bold) { // pixels
    this.context.font = `${bold ? "bold " : ""}${FONT.replace("13px", `${SIZE}px`)}`;
    return Math.min(SIZE, Math.floor((SIZE * room) / this.context.measureText(words).width));
  }

  frame([left, top, width, height], colour, wide, dash = []) {
    this.context.setLineDash(dash);
    Object.assign(this.context, { strokeStyle: colour, lineWidth: wide, lineJoin: "miter" });
    this.context.strokeRect(left, top, width, height);
    this.context.setLineDash([]);
  }
}

export function readSignal(words, name, longest, largest) { // {values} or {problem: [what, remedy]}
  const remedy = `write 1 to ${longest} numbers with commas between them, such as 2, −1, 1`;
  const parts = words.replaceAll("−", "-").split(/[\s,;]+/).filter(Boolean);
  const wrong = parts.find((part) => !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(part));
  const beyond = parts.find((part) => Math.abs(Number(part)) > largest);
  if (!parts.length) return { problem: [`Signal ${name} is empty`, remedy] };
  if (wrong) return { problem: [`“${wrong}” in signal ${name} is not a number`, remedy] };
  if (beyond) return { problem: [`${beyond} in signal ${name} is too large`, `write numbers from −${largest} to ${largest}`] };
  if (parts.length > longest) return { problem: [`Signal ${name} has ${parts.length} numbers`, remedy] };
  return { values: parts.map(Number) };
}

export function readNumber(words, name, low, high) { // words are empty too where the browser finds no number in them
  const value = Number(words);
  if (words.trim() !== "" && low <= value && value <= high) return { values: value };
  const given = words.trim() === "" ? "empty or no number" : words;
  return { problem: [`${name} is ${given}`, `write a number from ${short(low)} to ${short(high)}`] };
}

// Fields whose text is kept when it cannot be read: the model stays as it is, and one sentence says what to do.
class Fields {
  constructor() {
    this.wrong = new Map();
    this.shown = new Map();
    this.sentence = element("p", { className: "course-problem" });
    this.sentence.setAttribute("role", "alert");
  }

  listen(input, read, apply) { // read: text -> {values} or {problem}
    input.addEventListener("change", () => {
      const { values, problem } = read(input.value);
      this.tell(input, problem);
      if (!problem) apply(values);
    });
  }

  tell(input, problem) {
    if (problem) this.wrong.set(input, problem);
    else this.wrong.delete(input);
    input.setAttribute("aria-invalid", String(Boolean(problem)));
    const [what, remedy] = [...this.wrong.values()].pop() || [];
    this.sentence.textContent = what ? `${what}, so the numbers before still count; ${remedy}.` : "";
  }

  show(input, text) { // overwrites only what the model has changed, not what is being put right
    if (this.shown.get(input) === text) return;
    this.shown.set(input, text);
    if (input.value !== text) input.value = text;
    this.tell(input);
  }

  startAfresh() { // whatever was written, the model's numbers are shown next
    this.shown.clear();
    [...this.wrong.keys()].forEach((input) => this.tell(input));
  }
}
