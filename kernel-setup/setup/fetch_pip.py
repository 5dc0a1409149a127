"""Downloads pip's newest wheel from the package index into the folder given, and prints the file's path.

For a Python that comes without pip. Uses the index that the variable PIP_INDEX_URL names, else PyPI. Reads the index's
HTML pages, which every index has.
"""

import hashlib
import os
import sys
import urllib.request
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit


class Links(HTMLParser):
    """Collects the addresses of a page's links, without those of withdrawn files."""

    def __init__(self):
        super().__init__()
        self.addresses = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a" and "data-yanked" not in attributes and "href" in attributes:
            self.addresses.append(attributes["href"])


def name_of(address):
    return os.path.basename(urlsplit(address).path)


def version(address):
    """The version in a wheel's name as numbers; None for other files and pre-releases."""
    name = name_of(address)
    if not name.endswith("-py3-none-any.whl"):
        return None
    parts = name.split("-")[1].split(".")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else None


def read(address):
    request = urllib.request.Request(address, headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read()


folder = sys.argv[1]
page = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
links = Links()
links.feed(read(page).decode())
newest = max(filter(version, links.addresses), key=version, default=None)
if newest is None:
    sys.exit(f"{page} lists no wheel of pip")

address, checksum = urldefrag(urljoin(page, newest))
wheel = read(address)
if checksum.startswith("sha256=") and hashlib.sha256(wheel).hexdigest() != checksum[len("sha256=") :]:
    sys.exit(f"{name_of(address)} was damaged on the way")

os.makedirs(folder, exist_ok=True)
path = os.path.join(folder, name_of(address))
with open(path, "wb") as out:
    out.write(wheel)
print(path)
