"""What a learner's folder of notebooks needs of the Jupyter server.

GET gradlab/afresh/PATH says whether the project has a notebook at that path below the root; POST puts it there.
GET gradlab/progress gives the learner's answers and progress as text, empty at first; PUT stores them.
"""

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
    """`c.Notebooks.originals`."""

    originals = Unicode(help="The folder of the notebooks as they came.").tag(config=True)


def replace_whole(file, write):
    """Writes a file so that a server that ends now leaves no half of it."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    write(unfinished)
    os.replace(unfinished, file)


class AfreshHandler(APIHandler):
    def initialize(self, originals):
        self.originals = originals

    def original_of(self, path):
        """The project's own notebook for a path, and the learner's file; none where the path is the project's own."""
        original = (self.originals / path).resolve()
        own = Path(to_os_path(path, self.contents_manager.root_dir))
        is_there = original.suffix == ".ipynb" and original.is_file() and self.originals in original.parents
        return (original, own) if is_there and own.resolve() != original else (None, own)

    @web.authenticated
    def get(self, path):
        original, own = self.original_of(path)
        self.finish(json.dumps({"hasOriginal": original is not None and own.is_file()}))

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
    given = Notebooks(config=server.config).originals
    if not given:
        return
    originals = Path(given).resolve()
    if Path(server.root_dir).resolve() == originals:
        return  # an author's server
    # Says to the page that it may ask.
    server.web_app.settings.setdefault("page_config_data", {})["gradlabLearner"] = "true"
    base = server.web_app.settings["base_url"]
    server.web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, r"gradlab/afresh/(.+)"), AfreshHandler, {"originals": originals}),
            (url_path_join(base, "gradlab/progress"), ProgressHandler),
        ],
    )
