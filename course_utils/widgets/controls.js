// Labelled controls that tell the model what was done; every view of a model redraws when it changes.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function labelled(words, control) {
  globalThis.courseControls = (globalThis.courseControls ?? 0) + 1; // each explorer is a module of its own
  control.id = `course-explorer-${globalThis.courseControls}`;
  return element("div", { className: "course-field" }, element("label", { htmlFor: control.id }, words), control);
}

function slider(words, { min, max, step }, changed) {
  const input = element("input", { type: "range", min, max, step });
  input.addEventListener("input", () => changed(Number(input.value)));
  const shown = element("span", { className: "course-value" });
  shown.setAttribute("aria-hidden", "true"); // the slider itself says its value
  const field = labelled(words, input);
  field.append(shown);
  const show = (value, text) => {
    input.value = value;
    input.setAttribute("aria-valuetext", text);
    shown.textContent = text;
  };
  return { input, field, show };
}

function choice(words, options, changed) { // options: [[value, text], ...]
  const select = element("select");
  select.append(...options.map(([value, text]) => element("option", { value }, text)));
  select.addEventListener("change", () => changed(select.value));
  return { select, field: labelled(words, select) };
}

function button(words, pressed) {
  const made = element("button", { type: "button" }, words);
  made.addEventListener("click", pressed);
  return made;
}

function onKeys(target, actions) { // actions: { key: what it does }
  target.addEventListener("keydown", (event) => {
    if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault(); // the page must not scroll
    actions[event.key]();
  });
}

function stepped(canvas, actions) { // a canvas that keys step through; a click gives it the keyboard
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.addEventListener("pointerdown", () => canvas.focus({ preventScroll: true }));
  onKeys(canvas, actions);
}

// An interactive canvas: arrow keys give unit steps (Shift: five times as far), dragging gives where the pointer was
// pressed and where it is now. A mere click moves nothing, so that it can give the canvas the keyboard.
function movable(plane, { step, grab, drag }) {
  const { canvas } = plane;
  let pressed = null;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.addEventListener("keydown", (event) => {
    const direction = STEPS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault(); // the page must not scroll
    step(direction.map((part) => (event.shiftKey ? 5 : 1) * part));
  });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    pressed = plane.where(event);
    grab(pressed);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) drag(pressed, plane.where(event));
  });
}

// Put the parts on the page, keep their keys away from JupyterLab's shortcuts, redraw when the model changes.
function mount({ model, el }, { instruction, parts, draw, names }) {
  const hint = element("p", { className: "course-hint" }, instruction);
  const readout = element("p", { className: "course-readout" });
  readout.setAttribute("aria-live", "polite");
  const root = element("div", { className: "course-explorer" }, hint, ...parts, readout);
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const redraw = () => { readout.textContent = draw(); };
  redraw();
  names.forEach((name) => model.on(`change:${name}`, redraw));
  el.append(root);
  return () => names.forEach((name) => model.off(`change:${name}`, redraw));
}

function send(model, values) {
  Object.entries(values).forEach(([name, value]) => model.set(name, value));
  model.save_changes();
}
