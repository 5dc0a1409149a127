// The map of the notebooks: what leads to what, laid out by Graphviz when the site is built.
import { instance } from '@viz-js/viz';

/** A title in lines of about so many letters. */
function wrapped(title, width = 19) {
  const lines = [''];
  for (const word of title.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** All that must be known before, directly or not. */
export function ancestors(entries, ref) {
  const { before = [] } = entries.find((entry) => entry.ref === ref) ?? {};
  return new Set(before.flatMap((other) => [other, ...ancestors(entries, other)]));
}

/** The arrows that say something new: none from what another of the notebooks to read before needs anyhow. */
export function arrows(entries) {
  const isDrawn = (ref) => entries.some((entry) => entry.ref === ref);
  return entries.flatMap(({ ref, before }) =>
    before
      .filter(isDrawn)
      .filter((from) => !before.some((other) => other !== from && ancestors(entries, other).has(from)))
      .map((from) => [from, ref]),
  );
}

/** The anchor of a notebook on the start page. */
export const anchorOf = (ref) => `n${ref.replace('/', '-')}`;

/** The map as SVG; each notebook leads to its place in the lists, and has its ref as `data-ref`. */
export async function drawMap(entries) {
  const viz = await instance();
  const svg = viz.renderString(
    {
      directed: true,
      graphAttributes: { rankdir: 'LR', nodesep: 0.14, ranksep: 0.3, bgcolor: 'transparent' },
      nodeAttributes: { shape: 'box', style: 'rounded', fontname: 'Helvetica', fontsize: 12, margin: '0.2,0.06' },
      edgeAttributes: { arrowsize: 0.6 },
      nodes: entries.map(({ ref, title, state }) => ({
        name: ref,
        attributes: {
          class: state,
          label: `${ref}\n${wrapped(title)}`,
          URL: `#${anchorOf(ref)}`,
          tooltip: `${ref} ${title}`,
        },
      })),
      edges: arrows(entries).map(([tail, head]) => ({ tail, head })),
    },
    { format: 'svg' },
  );
  return svg
    .slice(svg.indexOf('<svg'))
    .replace('<svg', '<svg role="group" aria-label="What leads to what"')
    .replace(/ (fill|stroke|font-family)="[^"]*"/g, '')
    .replaceAll('xlink:title', 'aria-label')
    .replaceAll('xlink:href', 'href')
    .replace(
      /<g id="(?:node|edge)\d+" class="(node|edge)([^"]*)">\s*<title>([^<]*)<\/title>/g,
      (_, kind, more, title) => {
        const [from, to] = title.split('&#45;&gt;');
        const data = kind === 'node' ? `data-ref="${from}"` : `data-from="${from}" data-to="${to}"`;
        return `<g class="${kind}${more}" ${data}>`;
      },
    )
    .replace(/<g id="a_node\d+">/g, '<g>')
    .replace(/<title>[^<]*<\/title>/g, '')
    .replace(/<!--.*?-->\n?/gs, '');
}
