import { type MimeBundle, RichOutput } from './mime';

/** Text in one markup language, with the plain text that a terminal prints. */
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

/** Markdown to show in a notebook, `$…$` formulas included; `plain` (default: the source) is for a terminal. */
export function markdown(source: string, plain: string = source): RichOutput {
  return new Markup('text/markdown', source, plain);
}

/** Text as it stands in HTML, also inside an attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** HTML to show in a notebook; `plain` is for a terminal (default: the source without its tags). */
export function html(source: string, plain: string = source.replace(/<[^>]*>/g, '')): RichOutput {
  return new Markup('text/html', source, plain);
}
