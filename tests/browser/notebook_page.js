// What the browser tests do inside a page with JupyterLab: wait for a notebook, run it, look at it.
(() => {
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

  async function inTime(promise, seconds, what) {
    const late = sleep(1000 * seconds).then(() => { throw Error(`no ${what} within ${seconds} s`); });
    return Promise.race([promise, late]);
  }

  async function until(found) {
    for (;;) {
      const it = found();
      if (it) return it;
      await sleep(50);
    }
  }

  // Waiting for the idle icon is not enough: a click can come before the kernel's session.
  async function ready(name, seconds) {
    const app = await inTime(until(() => window.jupyterapp), seconds, "JupyterLab");
    await inTime(Promise.all([app.started, app.restored]), seconds, "layout");
    const notebook = await inTime(until(() => {
      const widget = app.shell.currentWidget;
      return widget && widget.sessionContext && widget.context.path.endsWith(name) && widget;
    }), seconds, `notebook ${name}`);
    const { context, revealed, sessionContext } = notebook;
    await inTime(Promise.all([context.ready, revealed, sessionContext.ready]), seconds, "session");
    await inTime(sessionContext.session.kernel.info, seconds, "kernel");
    return { app, notebook };
  }

  const joined = (text) => [].concat(text || "").join("");

  async function runAll(name, seconds) {
    const { app, notebook } = await ready(name, seconds);
    const cells = () => notebook.context.model.toJSON().cells.filter(
      (c) => c.cell_type === "code" && joined(c.source).trim());
    const notRun = () => cells().filter((c) => c.execution_count === null).length;
    await app.commands.execute("notebook:clear-all-cell-outputs"); // stored counts would pass for new ones
    const cleared = notRun() === cells().length;
    // The command rejects at the first error; a lab's test cells raise one and the cells after them go on.
    const ended = app.commands.execute("notebook:run-all-cells").catch(() => {});
    await inTime(ended.then(() => until(() => notRun() === 0)), seconds, `end of ${name}`);
    const code = cells();
    const outputs = code.flatMap((c) => c.outputs.map((o) => ({ cell: c.id, tags: c.metadata.tags || [], ...o })));
    return {
      cells: code.length,
      cleared,
      notRun: notRun(),
      errors: outputs.filter((o) => o.output_type === "error").map((o) => (
        { cell: o.cell, tags: o.tags, name: o.ename, value: o.evalue })),
      html: outputs.filter((o) => o.data && (o.data["image/png"] || o.data["text/html"])).map((o) => (
        { cell: o.cell, png: "image/png" in o.data, html: joined(o.data["text/html"]) })),
    };
  }

  async function runCell(name, index, seconds) {
    const { app, notebook } = await ready(name, seconds);
    const before = notebook.content.activeCellIndex;
    notebook.content.activeCellIndex = index;
    await inTime(app.commands.execute("notebook:run-cell"), seconds, "end of the cell");
    notebook.content.activeCellIndex = before;
    const { outputs } = notebook.context.model.toJSON().cells[index];
    return outputs.map((o) => joined(o.text || o.evalue)).join("");
  }

  function state() {
    const notebook = window.jupyterapp.shell.currentWidget;
    const { cells } = notebook.context.model.toJSON();
    return {
      cells: cells.map((c) => `${c.cell_type}: ${joined(c.source)}`),
      counts: cells.map((c) => c.execution_count ?? null),
      mode: notebook.content.mode,
      active: notebook.content.activeCellIndex,
      dialogs: document.querySelectorAll(".jp-Dialog").length,
    };
  }

  function pictures() {
    return [...document.querySelectorAll(".jp-Notebook img")].map((img) => ({
      alt: img.getAttribute("alt") || "",
      drawn: img.complete && img.naturalWidth > 0,
      source: img.src.slice(0, 80),
    }));
  }

  return { runAll, runCell, state, pictures };
})()
