"""Run several nbgrader commands in one process; stdin holds a list of [folder, [command, argument, ...]]."""

from __future__ import annotations

import json
import os
import sys

from nbgrader.apps import NbGraderApp


def main() -> None:
    for folder, command in json.load(sys.stdin):
        os.chdir(folder)
        NbGraderApp.clear_instance()
        try:
            NbGraderApp.launch_instance(command)
        except SystemExit as error:
            if error.code:
                raise
        finally:
            app = NbGraderApp.instance() if NbGraderApp.initialized() else None
            if app is not None and app.subapp is not None:
                type(app.subapp).clear_instance()
            NbGraderApp.clear_instance()


main()
