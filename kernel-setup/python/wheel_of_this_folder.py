"""Makes the wheel of the package in this folder (PEP 517), without any tool: the set-up installs it offline, too."""

import base64
import hashlib
import zipfile
from pathlib import Path

NAME = "gradlab_jupyter"
VERSION = "0.1.0"
# papermill has no entry points for translators; engines it loads at its start, and with ours the translator.
ENTRY_POINTS = f"[papermill.engine]\ngradlab = {NAME}.translator:Engine\n"
METADATA = f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\nSummary: papermill and nbconvert with TypeScript notebooks\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: gradlab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = f"{NAME}-{VERSION}.dist-info"
    here = Path(__file__).parent
    files = {f"{NAME}/{file.name}": file.read_bytes() for file in sorted((here / NAME).glob("*.py"))}
    for name, text in {"METADATA": METADATA, "WHEEL": WHEEL, "entry_points.txt": ENTRY_POINTS}.items():
        files[f"{info}/{name}"] = text.encode()
    record = [f"{name},{digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    wheel = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return wheel


def digest(content):
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
