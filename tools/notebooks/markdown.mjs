// Markdown, formulas and code as HTML: for building the site, and for the lint of notebooks.
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';
import katex from 'katex';
import MarkdownIt from 'markdown-it';

for (const [name, language] of Object.entries({ ts: typescript, sh: bash, json, python, yaml }))
  hljs.registerLanguage(name, language);

/** Other names of TypeScript's highlighter. */
const TYPESCRIPT = /^(ts|typescript|js|javascript)$/;

/** The token kinds that site/pages/assets/notebook.css colours. */
const COLOURED = new Set(
  ['keyword', 'literal', 'string', 'template-variable', 'subst', 'number', 'comment', 'built_in', 'type', 'title'].map(
    (kind) => `hljs-${kind}`,
  ),
);

/** Code as HTML, with a span only for coloured tokens: others would double the size of a page. */
export function highlighted(code, name = 'ts') {
  const language = TYPESCRIPT.test(name) ? 'ts' : name;
  if (hljs.getLanguage(language) === undefined) return escapeHtml(code);
  const open = [];
  return hljs.highlight(code, { language }).value.replace(/<span class="([\w-]+)[^>]*>|<\/span>/g, (tag, kind) => {
    if (kind === undefined) return open.pop() ? tag : '';
    open.push(COLOURED.has(kind));
    return open.at(-1) ? `<span class="${kind}">` : '';
  });
}

// As in JupyterLab, formulas are extracted before anything else is parsed, so that their characters have no Markdown
// meaning; code and HTML tags come first here and stay.
const formulas = String.raw`\\\$|\$\$(?<display>[\s\S]+?)\$\$|\$(?<inline>(?:\\[\s\S]|[^$\\])+?)\$`;
const code = String.raw`^ *(?<fence>${'`'}{3,}|~{3,})[\s\S]*?\n *\k<fence>|(?<tick>${'`'}+)(?!${'`'})(?:(?!\n\n)[\s\S])*?[^${'`'}]\k<tick>(?!${'`'})`;
const tags = String.raw`<(?<tag>pre|code|style|script)\b[\s\S]*?<\/\k<tag>>|<[^>]*>`;
const inMarkdown = new RegExp(`${code}|${formulas}`, 'gm');
const inHtml = new RegExp(`${tags}|${formulas}`, 'g');

/** Placeholders of a formula during conversion. */
const [open, close] = ['\uE000', '\uE001'];

/**
 * Replaces the formulas of a text by placeholders; also returns a function that inserts the rendered formulas into the
 * result.
 */
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

/** Renders a formula. One that KaTeX cannot read, or would warn of on JupyterLab's console, fails the build. */
function formula(tex, displayMode) {
  try {
    return katex.renderToString(tex, { displayMode, throwOnError: true, strict: 'error' });
  } catch (error) {
    throw new Error(`the formula ${tex} cannot be set: ${error.message}`);
  }
}

const signs = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescaped = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => signs[name]);

/** HTML with rendered formulas. */
export function withFormulas(html) {
  const { rest, putBack } = withoutFormulas(html, inHtml, unescaped);
  return putBack(rest);
}

/** Returns the anchor that JupyterLab gives a heading; formulas are excluded. */
const anchorOf = (text) => text.replace(new RegExp(`${open}\\d+${close}`, 'g'), '').replaceAll(' ', '-');

/**
 * Parses Markdown as JupyterLab does.
 * @param {(address: string) => string | undefined} linkTo returns the new link; `undefined` keeps only its text
 * @param {object} [options]
 * @param {(text: string) => string} [options.anchor] the anchor of a heading
 * @param {(code: string, info: string) => string} [options.block] the HTML of a fenced block; `info` follows its
 *   opening mark
 * @returns {(text: string) => string} a function that returns HTML
 */
export function markdownReader(linkTo, { anchor = anchorOf, block } = {}) {
  const reader = new MarkdownIt({
    html: true,
    linkify: true,
    highlight: (code, language) => (TYPESCRIPT.test(language) ? highlighted(code) : ''),
  });
  reader.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  reader.core.ruler.push('pages', ({ tokens }) => {
    for (const [i, token] of tokens.entries()) {
      if (token.type === 'heading_open') token.attrSet('id', anchor(plain(tokens[i + 1])));
      if (token.type === 'inline') token.children = withLinks(token.children, linkTo);
      // An empty cell is not a header.
      if (token.type === 'th_open' && tokens[i + 1].content === '') token.tag = tokens[i + 2].tag = 'td';
    }
  });
  const { rules } = reader.renderer;
  rules.table_open = () => '<div class="wide"><table>\n';
  rules.table_close = () => '</table></div>\n';
  if (block) rules.fence = (tokens, i) => block(tokens[i].content, tokens[i].info.trim());
  return (text) => {
    const { rest, putBack } = withoutFormulas(text, inMarkdown);
    return putBack(reader.render(rest));
  };
}

/** Tokens with the links of `linkTo`; where it returns none, only the text stays. */
function withLinks(tokens, linkTo) {
  const isKept = [];
  return tokens.filter((token) => {
    if (token.type === 'link_close') return isKept.pop();
    if (token.type !== 'link_open') return true;
    const address = linkTo(token.attrGet('href'));
    if (address !== undefined) token.attrSet('href', address);
    isKept.push(address !== undefined);
    return isKept.at(-1);
  });
}

const plain = ({ children }) => children.map(({ content }) => content).join('');

/** Returns preformatted text, such as the output of a cell. */
export const preformatted = (text) => `<pre>${escapeHtml(text.replace(/\n$/, ''))}</pre>`;

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes a text for HTML, also between quotes. */
export const escapeHtml = (text) => text.replace(/[&<>"]/g, (sign) => entities[sign]);
