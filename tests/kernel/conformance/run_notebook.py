"""Runs a notebook, given as JSON on stdin, with nbclient; prints it with its outputs. Argument: the kernel's name."""

import json
import sys

import nbformat
from nbclient import NotebookClient

notebook = nbformat.reads(sys.stdin.read(), as_version=4)
NotebookClient(notebook, kernel_name=sys.argv[1], allow_errors=True, timeout=60, startup_timeout=120).execute()
print(json.dumps(notebook))
