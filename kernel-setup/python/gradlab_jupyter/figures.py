"""Figures, controls and folded code in what nbconvert makes: figures are alive in HTML and slides, elsewhere pictures.

A notebook that has just run has figures as data for plotly, which nbconvert does not know. Pictures are drawn by the
project that the kernel `gradlab` belongs to, if it finds a Chromium; without one, the words of a figure stay.
"""

import json
import subprocess
from pathlib import Path

import bleach
from bleach.sanitizer import ALLOWED_ATTRIBUTES
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_core.paths import jupyter_path
from nbconvert.exporters import HTMLExporter, PDFExporter, TemplateExporter
from nbconvert.preprocessors import ExtractOutputPreprocessor, Preprocessor
from traitlets import Bool, Unicode
from traitlets.config import Application

from gradlab_jupyter.missing_programs import refuse_without_programs, what_is_missing

PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
DEFAULT_HEIGHT = 450


class Figures(Preprocessor):
    """`--Exporter.preprocessors=gradlab_jupyter.figures.Figures`; in the project's own environment it is on."""

    enabled = Bool(True).tag(config=True)
    plotly = Unicode(
        "https://cdn.jsdelivr.net/npm/plotly.js-dist-min@4.1.2/plotly.min.js",
        help="Where pages find plotly.js. Empty: figures are pictures in HTML, too.",
    ).tag(config=True)
    embed = Bool(False, help="Put plotly.js (5 MB) into the page, which then needs no network.").tag(config=True)

    def __init__(self, **given):
        super().__init__(**given)
        # Before cells run, which takes the most time. A server makes every exporter to list them.
        # Its class cannot be imported here: it makes exporters, and so us, while it is loaded.
        if Application.initialized() and type(Application.instance()).__name__ == "NbConvertApp":
            refuse_without_programs(self.parent, SystemExit)
        elif isinstance(self.parent, PDFExporter) and what_is_missing(self.parent):
            # Its own preprocessors come first, and would say in other words that one of their programs is missing.
            for other in self.parent._preprocessors:
                other.enabled = False

    def preprocess(self, nb, resources):
        refuse_without_programs(self.parent, RuntimeError)
        if not isinstance(self.parent, TemplateExporter):
            return nb, resources  # such as a notebook that is made from another one
        outputs = [output for cell in nb.cells for output in cell.get("outputs", []) if "data" in output]
        states = nb.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
        for output in outputs:
            # Without its state a widget shows nothing; what stands beside it says what it was.
            if WIDGET in output.data and output.data[WIDGET].get("model_id") not in states:
                del output.data[WIDGET]
        figures = [output for output in outputs if PLOTLY in output.data]
        is_page = str(resources.get("output_extension")).endswith(".html")
        is_sanitized = getattr(self.parent, "sanitize_html", False)
        if is_page or is_sanitized:
            # nbconvert's own list has no folded parts; all code goes through it.
            self.parent.environment.filters["clean_html"] = clean_html
            fold_hidden_code(self.parent.environment.filters)
        is_alive = is_page and not is_sanitized and (self.plotly or self.embed)
        # A page that shows them alive needs no pictures; those that the notebook has stand there until plotly is.
        if not is_alive:
            self.draw([output for output in figures if "image/png" not in output.data])
            self.extract(nb, resources)
        if is_alive and figures:
            for number, output in enumerate(figures):
                output.data["text/html"] = self.alive(output.data, number)
            figures[0].data["text/html"] = self.loading() + figures[0].data["text/html"]
        for output in figures:
            # Pictures go before what a page or a document would choose else.
            if is_alive or "image/png" not in output.data:
                continue
            output.data.pop("text/html", None)
            text = output.data.get("text/plain", "figure").split("\n")[0]
            output.metadata["image/png"] = {**output.metadata.get("image/png", {}), "alt": text}
            if isinstance(self.parent, HTMLExporter) and not is_sanitized and "filenames" not in output.metadata:
                # Templates of pages leave that out.
                output.data["text/html"] = picture_of(output.data)
                del output.data["image/png"]
        return nb, resources

    def draw(self, outputs):
        project = project_of_kernel() if outputs else None
        if project is None:
            return
        node, folder = project
        figures = json.dumps([output.data[PLOTLY] for output in outputs])
        script = str(folder / "figures" / "pictures.mjs")
        if not Path(script).exists():
            self.log.warning("gradlab: the package gradlab-kernel draws no pictures; figures are told in words")
            return
        drawn = subprocess.run([node, script], input=figures, capture_output=True, encoding="utf-8", check=False)
        for line in drawn.stderr.splitlines() if drawn.returncode == 0 else [drawn.stderr.strip().split("\n")[-1]]:
            self.log.warning("gradlab: %s", line)
        pictures = json.loads(drawn.stdout) if drawn.returncode == 0 else []
        for output, picture in zip(outputs, pictures):
            if picture is not None:
                output.data["image/png"] = picture

    def extract(self, nb, resources):
        """Has pictures written to files where the exporter does so: it did before these were drawn."""
        for preprocessor in getattr(self.parent, "_preprocessors", []):
            if not isinstance(preprocessor, ExtractOutputPreprocessor) or not preprocessor.enabled:
                continue
            for index, cell in enumerate(nb.cells):
                for output in cell.get("outputs", []):
                    for name in output.get("metadata", {}).pop("filenames", {}).values():
                        resources["outputs"].pop(name, None)
                preprocessor.preprocess_cell(cell, resources, index)

    def alive(self, data, number):
        figure = data[PLOTLY]
        height = figure.get("layout", {}).get("height", DEFAULT_HEIGHT)
        words = escaped(data.get("text/plain", "figure"))
        name = f"gradlab-figure-{number}"
        before = picture_of(data) if "image/png" in data else words
        parts = {key: figure[key] for key in ("data", "layout", "frames", "config") if key in figure}
        text = json.dumps(parts).replace("<", "\\u003c")
        return (
            f'<div id="{name}" class="gradlab-figure" role="figure" aria-label="{words}" style="min-height: {height}px">'
            f"{before}</div>\n<script>gradlabFigure({json.dumps(name)}, {text}, {height});</script>"
        )

    def loading(self):
        if self.embed and (plotly := plotly_of_renderer()):
            code = plotly.read_text(encoding="utf-8").replace("</script", "<\\/script")
            return "\n".join(f"<script>{part}</script>" for part in (HIDE, code, BACK, DRAW)) + "\n"
        return f'<script>{DRAW.replace("PLOTLY", json.dumps(self.plotly))}</script>\n'


# A notebook's page may have an AMD loader, which would take plotly for itself: so `define` is out of the way while it loads.
HIDE = "window.gradlabDefine = window.define; window.define = undefined;"
BACK = "window.define = window.gradlabDefine;"
DRAW = """
function gradlabFigure(name, figure, height) {
  gradlabFigure.plotly ??= window.Plotly ? Promise.resolve() : new Promise((resolve, reject) => {
    const { define } = window;
    window.define = undefined;
    const script = document.createElement('script');
    script.src = PLOTLY;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
    const back = () => { window.define = define; };
    script.addEventListener('load', back);
    script.addEventListener('error', back);
  });
  const draw = () => {
    const node = document.getElementById(name);
    node.replaceChildren();
    const layout = { ...figure.layout, height, autosize: figure.layout?.width === undefined };
    const config = { responsive: true, displaylogo: false, ...figure.config };
    Plotly.newPlot(node, figure.data, layout, config).then(() => figure.frames && Plotly.addFrames(name, figure.frames));
  };
  gradlabFigure.plotly.then(draw, () => {});
}
""".strip()


# What JupyterLab's export leaves of HTML unless asked otherwise. nbconvert's own list has neither headings nor paragraphs: it shows
# the tags of all that Markdown makes.
CLEAN_TAGS = (
    "a abbr acronym b blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i kbd li mark ol p pre s small span "
    "strong sub summary sup table tbody td tfoot th thead tr ul"
).split()


def fold_hidden_code(filters):
    """Code that the notebook hides is folded behind its first line; nbconvert's own templates show it."""
    highlight = filters.get("highlight_code")
    if highlight is None:
        return

    def highlight_or_fold(source, metadata=None, **options):
        shown = highlight(source, metadata=metadata, **options)
        if not (metadata or {}).get("jupyter", {}).get("source_hidden"):
            return shown
        first = escaped(source.strip().split("\n")[0])
        return f"<details><summary><code>{first}</code></summary>{shown}</details>"

    filters["highlight_code"] = highlight_or_fold


def clean_html(element):
    text = element.decode() if isinstance(element, bytes) else str(element)
    return bleach.clean(text, tags=CLEAN_TAGS, attributes={**ALLOWED_ATTRIBUTES, "*": ["class", "id", "title"]})


def project_of_kernel():
    """Node, and the project's folder `kernel-setup`, as the kernel's own command has them."""
    try:
        argv = KernelSpecManager().get_kernel_spec("gradlab").argv
    except NoSuchKernel:
        return None
    launcher = next((arg for arg in argv if arg.endswith("launch-kernel.mjs")), None)
    return launcher and (argv[0], Path(launcher).parent)


def picture_of(data):
    words = escaped(data.get("text/plain", "figure"))
    return f'<img alt="{words}" src="data:image/png;base64,{data["image/png"].strip()}">'


def plotly_of_renderer():
    """The file plotly.js of the figure renderer that is installed beside the kernel."""
    places = jupyter_path("labextensions", "gradlab-plotly", "static", "plotly.min.js")
    return next((file for file in map(Path, places) if file.exists()), None)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
