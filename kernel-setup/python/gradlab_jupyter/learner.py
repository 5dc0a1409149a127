"""What a learner's folder of notebooks needs of the Jupyter server.

GET gradlab/afresh/PATH says whether the project has a notebook at that path below the root, and whether that is newer than the
one from which the learner's was made; POST puts it there.
GET gradlab/progress gives the learner's answers and progress as text, empty at first; PUT stores them.
"""

import base64
import hashlib
import json
import os
import shutil
from pathlib import Path

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import to_os_path, url_path_join
from tornado import web
from traitlets import Unicode
from traitlets.config import Configurable

PROGRESS = ".progress.json"


class Notebooks(Configurable):
    """`c.Notebooks.originals` and `c.Notebooks.record`."""

    originals = Unicode(help="The folder of the notebooks as they came.").tag(config=True)
    record = Unicode(help="The file with the hashes of what was copied (kernel-setup/setup/own-notebooks.mjs).").tag(
        config=True
    )


def replace_whole(file, write):
    """Writes a file so that a server that ends now leaves no half of it."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    write(unfinished)
    os.replace(unfinished, file)


class AfreshHandler(APIHandler):
    def initialize(self, originals, record):
        self.originals = originals
        self.record = record

    def original_of(self, path):
        """The project's own notebook for a path, and the learner's file; none where the path is the project's own."""
        original = (self.originals / path).resolve()
        own = Path(to_os_path(path, self.contents_manager.root_dir))
        is_there = original.suffix == ".ipynb" and original.is_file() and self.originals in original.parents
        return (original, own) if is_there and own.resolve() != original else (None, own)

    @web.authenticated
    def get(self, path):
        original, own = self.original_of(path)
        has_original = original is not None and own.is_file()
        is_newer = has_original and self.is_newer(path, original.read_bytes(), own.read_bytes())
        self.finish(json.dumps({"hasOriginal": has_original, "isNewer": is_newer}))

    def is_newer(self, path, original, own):
        """Whether the project's notebook is another than the one that was copied, and than the learner's."""
        try:
            copied = json.loads(self.record.read_text("utf-8")).get(path)
        except (OSError, ValueError):
            return False
        now = base64.b64encode(hashlib.sha256(original).digest()).decode()
        return copied is not None and copied != now and own != original

    @web.authenticated
    def post(self, path):
        original, own = self.original_of(path)
        if original is None:
            raise web.HTTPError(404, f"The project has no notebook {path}")
        replace_whole(own, lambda file: shutil.copyfile(original, file))
        self.finish(json.dumps({}))


class ProgressHandler(APIHandler):
    @property
    def file(self):
        return Path(self.contents_manager.root_dir) / PROGRESS

    @web.authenticated
    def get(self):
        text = self.file.read_text("utf-8") if self.file.is_file() else ""
        self.finish(json.dumps({"text": text}))

    @web.authenticated
    def put(self):
        text = (self.get_json_body() or {}).get("text")
        if not isinstance(text, str):
            raise web.HTTPError(400, 'The body must be {"text": "…"}')
        replace_whole(self.file, lambda file: file.write_text(text, "utf-8"))
        self.finish(json.dumps({}))


def _jupyter_server_extension_points():
    return [{"module": "gradlab_jupyter.learner"}]


def _load_jupyter_server_extension(server):
    given = Notebooks(config=server.config)
    if not given.originals:
        return
    originals = Path(given.originals).resolve()
    if Path(server.root_dir).resolve() == originals:
        return  # an author's server
    # Says to the page that it may ask.
    server.web_app.settings.setdefault("page_config_data", {})["gradlabLearner"] = "true"
    base = server.web_app.settings["base_url"]
    server.web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, r"gradlab/afresh/(.+)"), AfreshHandler, {"originals": originals, "record": Path(given.record)}),
            (url_path_join(base, "gradlab/progress"), ProgressHandler),
        ],
    )
