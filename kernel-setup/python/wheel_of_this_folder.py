"""Makes the wheel of the package in this folder (PEP 517), without any tool: the set-up installs it offline, too."""

import base64
import hashlib
import re
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
METADATA = (HERE / "METADATA").read_text(encoding="utf-8")
NAME, VERSION = (re.search(f"^{key}: (.+)$", METADATA, re.MULTILINE)[1] for key in ("Name", "Version"))
WHEEL = "Wheel-Version: 1.0\nGenerator: gradlab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = f"{NAME}-{VERSION}.dist-info"
    files = {f"{NAME}/{file.name}": file.read_bytes() for file in sorted((HERE / NAME).glob("*.py"))}
    for name in ("METADATA", "entry_points.txt"):
        files[f"{info}/{name}"] = (HERE / name).read_bytes()
    files[f"{info}/WHEEL"] = WHEEL.encode()
    record = [f"{name},{digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    wheel = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return wheel


def digest(content):
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
