import { send } from '../channel';
import { asBytes, asJson } from '../json';
import { currentParent } from '../parent/parent';
import { asBundle, bundleOf, displaySymbol, isBundle } from './bundle';

export interface DisplayOptions {
  raw?: boolean;
  displayId?: string;
  update?: boolean;
  metadata?: object;
}

/** `Jupyter.display`. Synchronous values are sent before it returns, so outputs keep the order of the calls. */
export const display = (value: unknown, options?: DisplayOptions): Promise<void> => unseen(put(value, options));

/** Marks a promise that is not displayed as the result when it is the last value of a cell: its output has been sent. */
export function unseen<T>(promise: Promise<T>): Promise<T> {
  return Object.defineProperty(promise, displaySymbol, { value: () => undefined });
}

async function put(
  value: unknown,
  { raw, displayId, update, metadata: given = {} }: DisplayOptions = {},
): Promise<void> {
  const parentId = currentParent();
  if (update && displayId === undefined)
    throw new TypeError('Jupyter.display: update replaces what was shown under a displayId; give that one too');
  if (raw && !isBundle(value))
    throw new TypeError('Jupyter.display: with raw, the value is an object by MIME type, such as { "text/html": "…" }');
  const asIs = raw ?? isNothingButBundle(value);
  const bundle = asIs ? { data: asBundle(value as object), metadata: {} } : bundleOf(value);
  const shown = bundle instanceof Promise ? await bundle : bundle;
  if (shown === undefined) return;
  const { data, metadata } = shown;
  send({ type: 'display', parentId, data, metadata: { ...metadata, ...asJson(given) }, displayId, update });
}

function isNothingButBundle(value: unknown): boolean {
  return (
    isBundle(value) &&
    Object.keys(value).every((key) => key.includes('/')) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

/**
 * `Jupyter.html`, `.md` and `.svg`: text of a MIME type as a displayable value. Works as a function and as a template
 * tag.
 */
export const textAs =
  (mime: string) =>
  (text: TemplateStringsArray | string, ...values: unknown[]): object => {
    const whole = typeof text === 'string' ? text : String.raw({ raw: text }, ...values);
    return { [displaySymbol]: () => ({ [mime]: whole }) };
  };

/** `Jupyter.clearOutput` */
export function clearOutput({ wait = false }: { wait?: boolean } = {}): void {
  send({ type: 'clear', parentId: currentParent(), wait });
}

export interface BroadcastOptions {
  metadata?: Record<string, unknown>;
  buffers?: readonly (ArrayBufferView | ArrayBufferLike)[];
}

/** `Jupyter.broadcast` */
export const broadcast = (...message: Parameters<typeof sendToAll>): Promise<void> => unseen(sendToAll(...message));

async function sendToAll(
  msgType: string,
  content: object,
  { metadata = {}, buffers = [] }: BroadcastOptions = {},
): Promise<void> {
  send({
    type: 'broadcast',
    parentId: currentParent(),
    msgType,
    content: asJson(content),
    metadata: asJson(metadata),
    buffers: buffers.map(asBytes),
  });
}

/** A bundle of one MIME type, for tslab's display functions. */
export function displayOne(mime: string, data: string | Uint8Array, displayId?: string, update?: boolean): void {
  const parentId = currentParent();
  send({ type: 'display', parentId, data: asBundle({ [mime]: data }), metadata: {}, displayId, update });
}
