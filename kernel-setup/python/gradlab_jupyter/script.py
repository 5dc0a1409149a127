"""Notebooks in TypeScript as scripts: `jupyter nbconvert --to script`, with the Markdown as comments."""

from nbconvert.exporters import Exporter


class TypeScriptExporter(Exporter):
    """Writes the cells one below the other, those of Markdown as comments; raw cells are left out, as nbconvert does."""

    file_extension = ".ts"
    output_mimetype = "text/typescript"
    export_from_notebook = None

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        kinds = {"code": str, "markdown": comment}
        parts = [kinds[cell.cell_type](cell.source.rstrip()) for cell in nb.cells if cell.cell_type in kinds]
        resources["output_extension"] = self.file_extension
        return "\n\n".join(part for part in parts if part) + "\n", resources


def comment(text):
    return "\n".join(f"// {line}".rstrip() for line in text.splitlines())
