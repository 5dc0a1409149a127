import { type MimeBundle, RichOutput } from './mime';

/** Text in a markup language, with plain text for a terminal. */
class Markup extends RichOutput {
  constructor(
    private readonly mimeType: string,
    private readonly source: string,
    private readonly plain: string,
  ) {
    super();
  }

  mimeBundle(): MimeBundle {
    return { [this.mimeType]: this.source, 'text/plain': this.plain };
  }
}

/** Returns Markdown for a notebook, `$…$` formulas included; `plain` (default: the source) is for a terminal. */
export function markdown(source: string, plain: string = source): RichOutput {
  return new Markup('text/markdown', source, plain);
}

/** Escapes text for HTML, also inside an attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Returns HTML for a notebook; `plain` is for a terminal (default: the source without its tags). */
export function html(source: string, plain: string = source.replace(/<[^>]*>/g, '')): RichOutput {
  return new Markup('text/html', source, plain);
}
