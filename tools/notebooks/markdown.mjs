// Markdown, formulas and code as HTML: for the site when it is built, and for the lint of notebooks.
import hljs from 'highlight.js/lib/core';
import typescript from 'highlight.js/lib/languages/typescript';
import katex from 'katex';
import MarkdownIt from 'markdown-it';

hljs.registerLanguage('ts', typescript);

/** The kinds of words that site/pages/assets/notebook.css colours. */
const COLOURED = new Set(
  ['keyword', 'literal', 'string', 'template-variable', 'subst', 'number', 'comment', 'built_in', 'type', 'title'].map(
    (kind) => `hljs-${kind}`,
  ),
);

/** A text in TypeScript as HTML, with a span for each word that has a colour: those of other kinds would double a page. */
export function highlighted(code) {
  const open = [];
  return hljs
    .highlight(code, { language: 'ts' })
    .value.replace(/<span class="([\w-]+)[^>]*>|<\/span>/g, (tag, kind) => {
      if (kind === undefined) return open.pop() ? tag : '';
      open.push(COLOURED.has(kind));
      return open.at(-1) ? `<span class="${kind}">` : '';
    });
}

// As in JupyterLab, formulas are taken out before anything else is read, so that no sign in them means something; what is
// code, or a tag of HTML, comes first here and stays.
const formulas = String.raw`\\\$|\$\$(?<display>[\s\S]+?)\$\$|\$(?<inline>(?:\\[\s\S]|[^$\\])+?)\$`;
const code = String.raw`^ *(?<fence>${'`'}{3,}|~{3,})[\s\S]*?\n *\k<fence>|(?<tick>${'`'}+)(?!${'`'})(?:(?!\n\n)[\s\S])*?[^${'`'}]\k<tick>(?!${'`'})`;
const tags = String.raw`<(?<tag>pre|code|style|script)\b[\s\S]*?<\/\k<tag>>|<[^>]*>`;
const inMarkdown = new RegExp(`${code}|${formulas}`, 'gm');
const inHtml = new RegExp(`${tags}|${formulas}`, 'g');

/** Placeholders of a formula during conversion. */
const [open, close] = ['\uE000', '\uE001'];

/** The text with something in the place of its formulas, and what puts these, set, into what has been made of it. */
function withoutFormulas(text, pattern, texOf = (tex) => tex) {
  const set = [];
  const rest = text.replace(pattern, (all, ...groups) => {
    const { display, inline } = groups.at(-1);
    const tex = display ?? inline;
    if (tex === undefined) return all;
    return `${open}${set.push(formula(texOf(tex), display !== undefined)) - 1}${close}`;
  });
  const putBack = (html) => html.replace(new RegExp(`${open}(\\d+)${close}`, 'g'), (_, i) => set[i]);
  return { rest, putBack };
}

/** A formula, set. What KaTeX cannot read, or would warn of on JupyterLab's console, ends the build. */
function formula(tex, displayMode) {
  try {
    return katex.renderToString(tex, { displayMode, throwOnError: true, strict: 'error' });
  } catch (error) {
    throw new Error(`the formula ${tex} cannot be set: ${error.message}`);
  }
}

const signs = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescaped = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => signs[name]);

/** HTML with its formulas set. */
export function withFormulas(html) {
  const { rest, putBack } = withoutFormulas(html, inHtml, unescaped);
  return putBack(rest);
}

/** Returns the anchor that JupyterLab gives a heading; formulas are excluded. */
const anchorOf = (text) => text.replace(new RegExp(`${open}\\d+${close}`, 'g'), '').replaceAll(' ', '-');

/**
 * Reads Markdown as JupyterLab does.
 * @param {(address: string) => string} linkTo what a link of the notebook becomes
 * @returns {(text: string) => string} gives HTML
 */
export function markdownReader(linkTo) {
  const reader = new MarkdownIt({
    html: true,
    linkify: true,
    highlight: (code, language) => (/^(ts|typescript|js|javascript)$/.test(language) ? highlighted(code) : ''),
  });
  reader.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  reader.core.ruler.push('pages', ({ tokens }) => {
    for (const [i, token] of tokens.entries()) {
      if (token.type === 'heading_open') token.attrSet('id', anchorOf(plain(tokens[i + 1])));
      for (const child of token.children ?? [])
        if (child.type === 'link_open') child.attrSet('href', linkTo(child.attrGet('href')));
    }
  });
  const { rules } = reader.renderer;
  rules.table_open = () => '<div class="wide"><table>\n';
  rules.table_close = () => '</table></div>\n';
  return (text) => {
    const { rest, putBack } = withoutFormulas(text, inMarkdown);
    return putBack(reader.render(rest));
  };
}

const plain = ({ children }) => children.map(({ content }) => content).join('');

/** Returns preformatted text, such as the output of a cell. */
export const preformatted = (text) => `<pre>${escapeHtml(text.replace(/\n$/, ''))}</pre>`;

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as HTML shows it, also between quotes. */
export const escapeHtml = (text) => text.replace(/[&<>"]/g, (sign) => entities[sign]);
