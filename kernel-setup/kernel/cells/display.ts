import type { MimeBundle } from '../process-messages';
import { bundleOf, isBundle } from './bundle';
import { send } from './channel';
import { currentContext } from './context';
import { asBytes, asJson } from './json';

export interface DisplayOptions {
  raw?: boolean;
  displayId?: string;
  update?: boolean;
  metadata?: object;
}

/** `Jupyter.display`. What needs no waiting is sent before it returns, so that the order of outputs is that of the calls. */
export async function display(
  value: unknown,
  { raw, displayId, update, metadata: given = {} }: DisplayOptions = {},
): Promise<void> {
  const context = currentContext();
  if (update && displayId === undefined)
    throw new TypeError('Jupyter.display: update replaces what was shown under a displayId; give that one too');
  if (raw && !isBundle(value))
    throw new TypeError('Jupyter.display: with raw, the value is an object by MIME type, such as { "text/html": "…" }');
  const asIs = raw ?? isNothingButBundle(value);
  const bundle = asIs ? { data: asJson(value as object) as MimeBundle, metadata: {} } : bundleOf(value);
  const shown = bundle instanceof Promise ? await bundle : bundle;
  if (shown === undefined) return;
  const { data, metadata } = shown;
  send({ type: 'display', context, data, metadata: { ...metadata, ...asJson(given) }, displayId, update });
}

function isNothingButBundle(value: unknown): boolean {
  return (
    isBundle(value) &&
    Object.keys(value).every((key) => key.includes('/')) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

/** `Jupyter.clearOutput` */
export function clearOutput({ wait = false }: { wait?: boolean } = {}): void {
  send({ type: 'clear', context: currentContext(), wait });
}

export interface BroadcastOptions {
  metadata?: Record<string, unknown>;
  buffers?: readonly (ArrayBufferView | ArrayBufferLike)[];
}

/** `Jupyter.broadcast` */
export async function broadcast(
  msgType: string,
  content: object,
  { metadata = {}, buffers = [] }: BroadcastOptions = {},
): Promise<void> {
  send({
    type: 'broadcast',
    context: currentContext(),
    msgType,
    content: asJson(content),
    metadata: asJson(metadata),
    buffers: buffers.map(asBytes),
  });
}

/**
 * A bundle of one MIME type, as tslab's display functions make it. Binary data is Base64; anything else goes out as it is,
 * since JSON for types of JSON is handed over as an object, whatever tslab declares.
 */
export function displayOne(mime: string, data: string | Uint8Array, displayId?: string, update?: boolean): void {
  const value = ArrayBuffer.isView(data) ? Buffer.from(asBytes(data)).toString('base64') : data;
  const context = currentContext();
  send({ type: 'display', context, data: asJson({ [mime]: value }), metadata: {}, displayId, update });
}
