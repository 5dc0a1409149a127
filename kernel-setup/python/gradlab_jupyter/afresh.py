"""Gives a learner's copy of a notebook back as it came: an extension of the Jupyter server.

GET gradlab/afresh/PATH says whether the project has a notebook at that path below the root; POST puts it there.
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


class Notebooks(Configurable):
    """`c.Notebooks.originals`."""

    originals = Unicode(help="The folder of the notebooks as they came.").tag(config=True)


class AfreshHandler(APIHandler):
    def initialize(self, originals):
        self.originals = Path(originals).resolve()

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
        # So that a server that ends now leaves no half of it.
        unfinished = own.with_name(f"{own.name}.unfinished")
        shutil.copyfile(original, unfinished)
        os.replace(unfinished, own)
        self.finish(json.dumps({}))


def _jupyter_server_extension_points():
    return [{"module": "gradlab_jupyter.afresh"}]


def _load_jupyter_server_extension(server):
    originals = Notebooks(config=server.config).originals
    if not originals:
        return
    # Says to the page that it may ask.
    server.web_app.settings.setdefault("page_config_data", {})["gradlabAfresh"] = "true"
    address = url_path_join(server.web_app.settings["base_url"], r"gradlab/afresh/(.+)")
    server.web_app.add_handlers(".*$", [(address, AfreshHandler, {"originals": originals})])
