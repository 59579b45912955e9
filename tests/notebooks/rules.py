"""The rules of the house that a machine can hold over a notebook.

Each rule takes a notebook and yields one sentence for each fault, naming the cell. test_rules.py shows every
rule catching what it is for; test_style.py applies them to every notebook of the course.
"""

import ast
import builtins
import re
import symtable
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
LECTURES = sorted((ROOT / "lectures").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
LABS = sorted((ROOT / "labs").glob("*/*.ipynb"))
START = ROOT / "start.ipynb"
STORED = [START, *LECTURES, *SOLUTIONS]
IGNORED = "nbval-ignore-output"
LEDGER = tomllib.loads((Path(__file__).parent / "claims.toml").read_text(encoding="utf-8"))


def read(path: Path) -> NotebookNode:
    """Read a notebook file."""
    return nbformat.read(path, as_version=4)


def name_of(path: Path) -> str:
    """Name a notebook for a test's id."""
    return path.relative_to(ROOT).as_posix().removesuffix(".ipynb")


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """List the code cells that hold something."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def role(cell: NotebookNode, key: str) -> bool:
    """Say whether nbgrader marks this cell as `grade`, `solution` or `task`."""
    return bool(cell.metadata.get("nbgrader", {}).get(key))


# --------------------------------------------------------------------------------------------------- cells


def ids(notebook: NotebookNode) -> Iterator[str]:
    """Every cell has a unique id that says what it is, not eight random digits."""
    seen = set()
    for index, cell in enumerate(notebook.cells):
        cell_id = cell.get("id", "")
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", cell_id):
            yield f"cell {index}: the id {cell_id!r} is not a slug of lower-case words"
        elif re.fullmatch(r"[0-9a-f]{8}", cell_id):
            yield f"cell {index}: the id {cell_id!r} is random; name what the cell does"
        if cell_id in seen:
            yield f"cell {index}: the id {cell_id!r} occurs twice"
        seen.add(cell_id)


def lengths(notebook: NotebookNode) -> Iterator[str]:
    """A code cell has at most 15 lines, a markdown cell 120 words, and at most two code cells in a row."""
    in_a_row = 0
    for cell in notebook.cells:
        in_a_row = in_a_row + 1 if cell.cell_type == "code" else 0
        if in_a_row == 3:
            yield f"{cell.id}: a third code cell in a row"
        if cell.cell_type == "code" and cell.source.count("\n") >= 15:
            yield f"{cell.id}: {cell.source.count(chr(10)) + 1} lines of code, at most 15 are allowed"
        if cell.cell_type == "markdown" and words(cell.source) > 120:
            yield f"{cell.id}: {words(cell.source)} words, at most 120 are allowed"


def words(text: str) -> int:
    """Count the words of prose: a formula counts as one, markup and link targets as none."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " formula ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>|\]\([^)]*\)|```.*?```", " ", text, flags=re.DOTALL)
    return len(re.findall(r"[\w'’.,-]*\w[\w'’.,-]*", text))


def slides(notebook: NotebookNode) -> Iterator[str]:
    """Every markdown cell says which part of a slide it is."""
    known = {"slide", "subslide", "fragment", "notes", "skip", "-"}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("slideshow", {}).get("slide_type") not in known:
            yield f"{cell.id}: no slide mark (slideshow.slide_type)"


# ---------------------------------------------------------------------------------------------------- code

FORBIDDEN_TEXT = {
    r"(?m)^\s*[!%]": "a shell or magic line",
    r"\b(plt|ax|axes)\.": "plotting boilerplate (one helper call a figure)",
    r"\bimport matplotlib|\bfrom matplotlib": "matplotlib imported in a notebook",
    r"from \S+ import \*": "a star import",
    r"(?m)^\s*global\b": "global",
    r"[\"'](/|[A-Za-z]:\\|~/)\w": "an absolute path",
    r"warnings\.|filterwarnings|simplefilter": "a silenced warning",
    r"\binteract\b|\binteractive_output\b|\binteractive\(": "interact, which hangs when executed",
    r"\bOutput\(|ipympl": "an Output widget or ipympl, which hang when executed",
    r"image/(png|svg)|savefig|\.show\(\)": "a figure that leaves by another way than plots.show",
}


def code(notebook: NotebookNode) -> Iterator[str]:
    """No boilerplate, no magic, no trick that breaks elsewhere; definitions of at most ten lines."""
    for cell in code_cells(notebook):
        for pattern, what in FORBIDDEN_TEXT.items():
            if re.search(pattern, cell.source):
                yield f"{cell.id}: {what}"
        for node in ast.walk(parsed(cell)):
            is_definition = isinstance(node, ast.FunctionDef | ast.ClassDef) and not role(cell, "solution")
            if is_definition and node.end_lineno - node.lineno >= 10:
                yield f"{cell.id}: {node.name} has over 10 lines; it belongs in the package, tested"


def parsed(cell: NotebookNode) -> ast.Module:
    """Parse a cell less its shell and magic lines, which FORBIDDEN_TEXT reports."""
    return ast.parse(re.sub(r"(?m)^\s*[!%].*", "pass", cell.source))


def names(notebook: NotebookNode) -> Iterator[str]:
    """A name is bound once in a section, and a function uses its arguments, never a notebook global."""
    bound: dict[str, str] = {}
    importable: set[str] = set(dir(builtins))
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.match(r"## ", cell.source):
            bound = {}
        if cell.cell_type != "code":
            continue
        tree = parsed(cell)
        importable |= defined(tree)
        for name in assigned(tree):
            if name in bound and bound[name] != cell.id:
                yield f"{cell.id}: {name} was bound in {bound[name]} already, in the same section"
            bound[name] = cell.id
        for function, name in free_names(cell.source):
            if name not in importable:
                yield f"{cell.id}: {function} uses the notebook's global {name}; make it an argument"


def defined(tree: ast.Module) -> set[str]:
    """Name what a cell imports or defines: a function may use it."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


def assigned(tree: ast.Module) -> list[str]:
    """Name what a cell's top-level statements bind (an index of a loop may be used again)."""
    found = []
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        found += [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        found += [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    return [name for name in found if name != "_"]


ANONYMOUS = {"lambda", "listcomp", "dictcomp", "setcomp", "genexpr"}


def free_names(source: str) -> Iterator[tuple[str, str]]:
    """Yield (function, name) for each global that a named function of the cell, or a part of it, reads."""
    queue = [(symtable.symtable(source, "cell", "exec"), "")]
    while queue:
        table, function = queue.pop()
        named = table.get_type() == "function" and table.get_name() not in ANONYMOUS
        function = function or (table.get_name() if named else "")
        queue += [(child, function) for child in table.get_children()]
        for symbol in table.get_symbols() if function else ():
            if symbol.is_global() and symbol.is_referenced():
                yield function, symbol.get_name()


# ------------------------------------------------------------------------------------------------- outputs


def executed(notebook: NotebookNode) -> Iterator[str]:
    """Every code cell was executed, in order, on a fresh kernel, without an error or a warning."""
    for count, cell in enumerate(code_cells(notebook), start=1):
        if cell.execution_count != count:
            yield f"{cell.id}: execution count {cell.execution_count}, a fresh run gives {count}"
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"{cell.id}: stored error {output.ename}"
            if output.get("name") == "stderr":
                yield f"{cell.id}: stderr: {output.text[:80]!r}"


def figures(notebook: NotebookNode) -> Iterator[str]:
    """Every figure has an alt text that reaches the page, and stays under 60 KB."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            data = output.get("data", {})
            picture = data.get("image/png")
            if picture is None:
                continue
            found = re.search(r'<img[^>]*\balt="([^"]*)"', data.get("text/html", ""))
            if not found or len(found.group(1)) < 20:
                yield f"{cell.id}: a figure without alt text"
            if len(picture) * 3 // 4 > 60_000:
                yield f"{cell.id}: a figure of {len(picture) * 3 // 4000} KB, at most 60 are allowed"


def ignored_share(notebooks: list[NotebookNode]) -> float:
    """Return the share of code cells whose output is not compared."""
    cells = [cell for notebook in notebooks for cell in code_cells(notebook)]
    return sum(IGNORED in cell.metadata.get("tags", []) for cell in cells) / max(len(cells), 1)


# -------------------------------------------------------------------------------------------------- claims


def claims(notebook: NotebookNode) -> Iterator[str]:
    """A cell that names a claim computes and asserts it, and compares what it prints."""
    for cell in code_cells(notebook):
        named = cell.metadata.get("claims", [])
        for claim in named:
            if claim not in LEDGER:
                yield f"{cell.id}: {claim} is no claim of the ledger"
        if named and not any(asserts_something(node) for node in ast.walk(parsed(cell))):
            yield f"{cell.id}: claims {', '.join(named)} but asserts nothing that it computed"
        if named and IGNORED in cell.metadata.get("tags", []):
            yield f"{cell.id}: claims {', '.join(named)} but its output is not compared"


def asserts_something(node: ast.AST) -> bool:
    """Say whether this asserts a computed value: assert with a name in it, or a call of assert_...()."""
    if isinstance(node, ast.Assert):
        return any(isinstance(inner, ast.Name) for inner in ast.walk(node.test))
    return isinstance(node, ast.Call) and "assert_" in ast.unparse(node.func)


def covered(notebook: NotebookNode) -> set[str]:
    """Return the claims that a notebook's executed cells carry."""
    cells = [cell for cell in code_cells(notebook) if cell.execution_count]
    return {claim for cell in cells for claim in cell.metadata.get("claims", [])}


# ------------------------------------------------------------------------------------------------- lecture

PARTS = [
    "After this notebook you can",
    "Before it",
    "It takes",
    "What you have seen",
    "Exercises",
    "References",
]
FRAME = {"What you have seen", "Exercises", "References", "Set-up"}


def shape(notebook: NotebookNode) -> Iterator[str]:
    """A lecture has a claim for a title, its parts, four to seven sections and a question in each."""
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    text = "\n".join(cell.source for cell in prose)
    if not prose or not re.match(r"# \S.{15,}", prose[0].source):
        yield "the first cell has no title that says the claim"
    for part in PARTS:
        if part not in text:
            yield f"the part {part!r} is missing"
    sections = [title for title in re.findall(r"(?m)^## (.+)$", text) if title.strip() not in FRAME]
    if not 4 <= len(sections) <= 7:
        yield f"{len(sections)} sections, four to seven are wanted: {sections}"
    if text.count("**Predict") < len(sections):
        yield f"{text.count('**Predict')} questions to predict for {len(sections)} sections"
    if text.count("**Checkpoint") < len(sections) // 2:
        yield f"{text.count('**Checkpoint')} checkpoints for {len(sections)} sections, one in two is wanted"


LAB_RULES = [ids, lengths, slides, code, executed, figures, claims]
LECTURE_RULES = [*LAB_RULES, names, shape]
