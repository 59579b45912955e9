"""How nbgrader generates, collects and grades the labs of this course; read from the folder it is run in."""

import os
import secrets
import tempfile
from pathlib import Path

from course_utils.grading.release import TagTests

os.environ.setdefault("TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR", "1")
ROOT = Path(__file__).resolve().parent
SOCKETS = str(Path(tempfile.gettempdir()).resolve() / f"nb-{secrets.token_hex(8)}")

c = get_config()  # noqa: F821 (nbgrader puts it here)

c.CourseDirectory.course_id = "neural_networks"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "labs"
c.CourseDirectory.db_url = f"sqlite:///{ROOT / 'gradebook.db'}"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    ".DS_Store",
    "Thumbs.db",
    ".virtual_documents",
    "feedback",
]
c.CourseDirectory.max_file_size = 10_000  # kilobytes
c.CourseDirectory.max_dir_size = 50_000  # kilobytes
c.Exchange.root = str(ROOT / "exchange")

c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("write your code here")'}
c.ClearSolutions.text_stub = "*Write your answer here.*"
c.GenerateAssignment.preprocessors.append(TagTests)

c.Execute.timeout = 120  # seconds for a cell; a self-check stops a student's function long before
c.Execute.startup_timeout = 120  # seconds for a kernel to start
c.Execute.iopub_timeout = 30  # seconds to wait for a cell's output
c.Execute.skip_cells_with_tag = secrets.token_hex(16)  # otherwise a student's tag skips a test cell
c.LimitOutput.max_lines = 2000  # lines of output kept for a cell
c.LimitOutput.max_traceback = 200  # lines of a traceback kept

if os.name == "posix" and len(SOCKETS) <= 90:  # characters; systems allow about 104 for a socket's path
    c.KernelManager.transport = "ipc"  # no open port, and no warning about one
    c.KernelManager.ip = SOCKETS  # absolute: a kernel starts in another folder than nbgrader
