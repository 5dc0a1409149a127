"""Downloads pip's newest wheel from the package index into the folder given, and prints the file's path.

For a Python that comes without pip. Uses the index that the variable PIP_INDEX_URL names, else PyPI.
"""

import hashlib
import json
import os
import sys
import urllib.parse
import urllib.request

folder = sys.argv[1]
index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
page_url = f"{index}/pip/"
request = urllib.request.Request(page_url, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
with urllib.request.urlopen(request, timeout=60) as response:
    files = json.load(response)["files"]


def version(file):
    """The version in a wheel's name as numbers; None for other files, pre-releases and withdrawn files."""
    name = file["filename"]
    if not name.endswith("-py3-none-any.whl") or file.get("yanked"):
        return None
    parts = name.split("-")[1].split(".")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else None


newest = max((file for file in files if version(file)), key=version)
with urllib.request.urlopen(urllib.parse.urljoin(page_url, newest["url"]), timeout=60) as response:
    wheel = response.read()
expected = newest["hashes"].get("sha256")
if expected and hashlib.sha256(wheel).hexdigest() != expected:
    sys.exit(f"{newest['filename']} was damaged on the way")

os.makedirs(folder, exist_ok=True)
path = os.path.join(folder, newest["filename"])
with open(path, "wb") as out:
    out.write(wheel)
print(path)
