// How values of other packages are displayed, by duck typing: DOM elements, drawings, chart specifications, images, tables.
// The rules are those of Deno's Jupyter kernel.
import type { Json, MimeBundle } from '../../process-messages';
import { asBytes, toBase64 } from '../json';
import { frameOf, showFrame } from './data-frames';

type Anything = Record<string, unknown>;

/** The bundle of a value besides its text, or a promise of it; undefined if no convention applies. */
export function conventionalBundle(value: object): MimeBundle | undefined | Promise<MimeBundle | undefined> {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return ofBytes(value);
  if (typeof Blob === 'function' && value instanceof Blob) return ofBlob(value);
  const frame = frameOf(value);
  if (frame !== undefined) return showFrame(frame);
  const of = value as Anything;
  return ofElement(of) ?? ofElements(of) ?? ofPage(of) ?? ofChart(of) ?? ofCanvas(of) ?? ofPipeline(of) ?? ofTensor(of);
}

/** Image types by the first bytes of a file. */
const signatures: readonly (readonly [mime: string, start: string, next?: readonly [at: number, text: string]])[] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
  ['image/webp', 'RIFF', [8, 'WEBP']],
  ['application/pdf', '%PDF-'],
];

function ofBytes(data: ArrayBufferView | ArrayBuffer): MimeBundle | undefined {
  // Other typed arrays hold numbers, not the bytes of a file.
  if (ArrayBuffer.isView(data) && !(data instanceof Uint8Array)) return undefined;
  const bytes = asBytes(data);
  const has = (at: number, text: string) =>
    [...text].every((character, i) => bytes[at + i] === character.charCodeAt(0));
  const found = signatures.find(([, start, next]) => has(0, start) && (next === undefined || has(...next)));
  return found && { [found[0]]: toBase64(bytes), 'text/plain': `${bytes.length} bytes, ${found[0]}` };
}

async function ofBlob(blob: Blob): Promise<MimeBundle | undefined> {
  if (!/^(image\/|application\/pdf$)/.test(blob.type)) return undefined;
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const data = blob.type === 'image/svg+xml' ? new TextDecoder().decode(bytes) : toBase64(bytes);
  return { [blob.type]: data, 'text/plain': `${bytes.length} bytes, ${blob.type}` };
}

const pageNode = { document: 9, fragment: 11 };

/** Elements, documents and fragments of jsdom, linkedom and the like. */
function ofElement(node: Anything): MimeBundle | undefined {
  const { outerHTML: html, nodeType } = node;
  if (typeof html === 'string') return /^<svg[\s>]/i.test(html) ? ofSvg(node, html) : ofHtml(html);
  if (nodeType === pageNode.document) return ofElement((node.documentElement ?? {}) as Anything);
  if (nodeType !== pageNode.fragment) return undefined;
  return ofHtml(Array.from((node.childNodes ?? []) as Iterable<Anything>, htmlOf).join(''));
}

const htmlOf = (node: Anything) => String(node.outerHTML ?? node.textContent ?? '');

/** Lists of elements, such as the result of `querySelectorAll`. */
function ofElements(list: Anything): MimeBundle | undefined {
  if (Array.isArray(list) || typeof list.item !== 'function' || !((list.length as number) > 0)) return undefined;
  const nodes = Array.from(list as unknown as ArrayLike<Anything | undefined>);
  if (!nodes.every((node): node is Anything => typeof node?.nodeType === 'number')) return undefined;
  const parts = nodes.map(htmlOf);
  const name = `${list.constructor?.name ?? 'list'}(${nodes.length})`;
  return { 'text/html': parts.join('\n'), 'text/plain': `${name} [ ${parts.map(headOf).join(', ')} ]` };
}

/** Objects that hold a document, such as jsdom's. */
function ofPage(of: Anything): MimeBundle | undefined {
  if (typeof of.serialize !== 'function') return undefined;
  const { document } = (of.window ?? {}) as { document?: Anything };
  return document?.nodeType === pageNode.document ? ofElement(document) : undefined;
}

const ofHtml = (html: string): MimeBundle => ({ 'text/html': html, 'text/plain': headOf(html) });

/** Front ends draw SVG as an image of its own, so it must be XML and declare its namespaces. */
function ofSvg(node: Anything, html: string): MimeBundle {
  const view = (node.ownerDocument as Anything | undefined)?.defaultView as Anything | undefined;
  const Serializer = view?.XMLSerializer as (new () => { serializeToString(node: unknown): string }) | undefined;
  const svg = Serializer === undefined ? html : new Serializer().serializeToString(node);
  return { 'image/svg+xml': withNamespaces(svg), 'text/plain': headOf(html) };
}

function withNamespaces(svg: string): string {
  const [head = ''] = /^<svg[^>]*/i.exec(svg) ?? [];
  const missing = [
    /\sxmlns\s*=/.test(head) ? '' : ' xmlns="http://www.w3.org/2000/svg"',
    !svg.includes('xlink:') || /\sxmlns:xlink\s*=/.test(head) ? '' : ' xmlns:xlink="http://www.w3.org/1999/xlink"',
  ];
  return `<svg${missing.join('')}${svg.slice('<svg'.length)}`;
}

const longestHead = 200;

/** The first tag of some HTML, as its text representation. */
const headOf = (html: string): string => {
  const [head = ''] = /^[^>]*>/.exec(html.trim()) ?? [html];
  return head.length > longestHead ? `${head.slice(0, longestHead)}…` : head;
};

/** Vega and Vega-Lite charts: an object with `toSpec`, or a specification with `$schema`. */
function ofChart(of: Anything): MimeBundle | undefined {
  const spec = (typeof of.toSpec === 'function' ? of.toSpec() : of) as Anything | undefined;
  if (typeof spec !== 'object' || spec === null) return undefined;
  const [, kind, version] = /\/schema\/(vega(?:-lite)?)\/v(\d+)/.exec(String(spec.$schema ?? '')) ?? [];
  if (kind !== undefined) return { [vegaMime(kind, version)]: spec as Json };
  // Without a schema, only `toSpec` marks it as a chart.
  return spec !== of && 'mark' in spec ? { [vegaMime('vega-lite', '5')]: spec as Json } : undefined;
}

/** Front ends support version 5 of both at most, and render later versions with it. */
const vegaMime = (kind: string, version: string) =>
  `application/vnd.${kind.replace('-', '')}.v${Math.min(Number(version), 5)}+json`;

/** Canvases: node-canvas and @napi-rs/canvas synchronously, skia-canvas asynchronously. */
function ofCanvas(of: Anything): MimeBundle | undefined | Promise<MimeBundle | undefined> {
  if (typeof of.toDataURL !== 'function') return undefined;
  const url: unknown = of.toDataURL('image/png');
  return url instanceof Promise ? url.then(ofDataUrl) : ofDataUrl(url);
}

function ofDataUrl(url: unknown): MimeBundle | undefined {
  const [, mime, data] = /^data:([^;,]+);base64,(.+)$/s.exec(String(url)) ?? [];
  return mime === undefined ? undefined : { [mime]: data, 'text/plain': mime };
}

/** Size limit of displayed images in bytes. */
const largestPicture = 5_000_000;

/** An image pipeline such as sharp's. A copy is run, so the original can still be used. */
function ofPipeline(of: Anything): Promise<MimeBundle | undefined> | undefined {
  if (!['clone', 'png', 'toBuffer', 'metadata'].every((name) => typeof of[name] === 'function')) return undefined;
  const { input } = (of.options ?? {}) as { input?: { buffer?: unknown } };
  // Its input is a stream, so it would wait for bytes.
  if (Array.isArray(input?.buffer)) return undefined;
  type Steps = { clone(): Steps; png(): Steps; toBuffer(): Promise<Uint8Array> };
  const steps = of as unknown as Steps;
  return steps
    .clone()
    .png()
    .toBuffer()
    .then((bytes) => (bytes.length > largestPicture ? undefined : ofBytes(bytes)));
}

/** A tensor of TensorFlow.js. Its fields do not hold its numbers. */
function ofTensor(of: Anything): MimeBundle | undefined {
  const isOne = typeof of.dataSync === 'function' && Array.isArray(of.shape) && typeof of.dtype === 'string';
  return isOne && of.isDisposed !== true
    ? { 'text/plain': (of as { toString(all: boolean): string }).toString(true) }
    : undefined;
}
