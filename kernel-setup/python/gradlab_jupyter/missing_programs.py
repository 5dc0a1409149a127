"""What a PDF needs besides Python, and this machine lacks: said before cells run and pictures are drawn."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from nbconvert.exporters import PDFExporter, WebPDFExporter

INSTEAD = "`--to html`, which a browser prints as PDF"


def refuse_without_programs(exporter, error):
    """Raises an error that says what a PDF needs and this machine lacks, before anything is made."""
    missing = what_is_missing(exporter)
    if missing:
        lacking, remedy = missing
        raise error(f"A PDF cannot be made: {' and '.join(lacking)} cannot be found.\n  Try: {remedy}, or {INSTEAD}")


def what_is_missing(exporter):
    """The programs that an exporter needs and this machine lacks, with the remedy; None if it lacks none."""
    lacking = []
    if isinstance(exporter, PDFExporter):
        lacking = [name for name in (exporter.latex_command[0], "pandoc") if shutil.which(name) is None]
        remedy = "install TeX and pandoc (Debian, Ubuntu: `sudo apt install texlive-xetex texlive-fonts-recommended texlive-plain-generic pandoc`)"
    elif isinstance(exporter, WebPDFExporter):
        if importlib.util.find_spec("playwright") is None:
            lacking = ["the Python package playwright"]
            remedy = "`pip install playwright` and `playwright install chromium` in Jupyter's environment"
        elif not exporter.allow_chromium_download and not playwright_has_chromium():
            lacking = ["playwright's Chromium"]
            remedy = "`playwright install chromium` in Jupyter's environment"
    return (lacking, remedy) if lacking else None


def playwright_has_chromium():
    """Whether the browser that playwright would start is installed; true where playwright does not say."""
    ask = [sys.executable, "-m", "playwright", "install", "--dry-run", "chromium"]
    told = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
    places = re.findall(r"Install location: *(.*chromium.*)", told)
    return not places or any(Path(place).exists() for place in places)
