// Markdown, formulas and code as HTML: for the site when it is built, and for the lint of notebooks.
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

/** The kinds of words that site/pages/assets/notebook.css colours. */
const COLOURED = new Set(
  ['keyword', 'literal', 'string', 'template-variable', 'subst', 'number', 'comment', 'built_in', 'type', 'title'].map(
    (kind) => `hljs-${kind}`,
  ),
);

/** Code as HTML, with a span for each word that has a colour: those of other kinds would double a page. */
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
 * @param {(address: string) => string | undefined} linkTo what a link becomes; `undefined` leaves its text alone
 * @param {object} [options]
 * @param {(text: string) => string} [options.anchor] the anchor of a heading
 * @param {(code: string, info: string) => string} [options.block] the HTML of a fenced block; `info` follows its first mark
 * @returns {(text: string) => string} gives HTML
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

/** Tokens with the addresses that `linkTo` gives their links; where it gives none, the link goes and its text stays. */
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

/** A text as HTML shows it, also between quotes. */
export const escapeHtml = (text) => text.replace(/[&<>"]/g, (sign) => entities[sign]);
