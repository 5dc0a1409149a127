import { bundleOf, type MimeBundle, plainText } from './mime';

/** Identity and options of an output. */
export interface ShowOptions {
  /** Names the output, so that a later `show` with the same name and `update` replaces it. Default: no name. */
  displayId?: string | undefined;
  /** Replaces the output called `displayId`, also from a later cell, instead of adding one. Default: false. */
  update?: boolean | undefined;
  /**
   * Marks an output that differs from run to run, such as times: `npm run notebooks` does not compare it. Default:
   * false.
   */
  volatile?: boolean | undefined;
}

/** The id by which an update finds the output, and the output's metadata. */
interface Addressed {
  displayId?: string | undefined;
  update?: boolean | undefined;
  metadata?: object;
}

type Send = (bundle: MimeBundle, address: Addressed) => void;

/** The parts of a kernel's globals that `show` uses. */
interface KernelGlobals {
  Jupyter?: {
    display?: (bundle: MimeBundle, options: Addressed & { raw: true }) => unknown;
    newId?: () => string;
  };
  __tslab__?: { require: KernelRequire };
}

/** The part of Node's `require` that `show` uses: the loaded modules. */
interface KernelRequire {
  cache: { [file: string]: { exports: unknown } | undefined };
}

/** A `display_data` message as tslab's own display functions write it. */
type TslabWriter = (message: { data: MimeBundle; metadata: object; transient: object }, update: boolean) => void;

/**
 * tslab's public `display.raw` sends one MIME type per output, but its internal writer takes a whole bundle. The
 * kernel's copy of the module is the loaded one with a writer; a library's own copy of tslab would throw "Not ready".
 */
function tslabWriter(kernelRequire: KernelRequire): TslabWriter | undefined {
  for (const [file, loaded] of Object.entries(kernelRequire.cache)) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(file)) continue;
    const writer = (loaded?.exports as { lastWriteDisplayData?: TslabWriter | null } | undefined)?.lastWriteDisplayData;
    if (writer) return writer;
  }
  return undefined;
}

/** Returns the function that sends outputs: our kernel's, or else stock tslab's; `undefined` outside a notebook. */
function kernelSender(): Send | undefined {
  const { Jupyter, __tslab__ } = globalThis as KernelGlobals;
  if (typeof Jupyter?.display === 'function') {
    const { display } = Jupyter;
    return (bundle, address) => void display.call(Jupyter, bundle, { raw: true, ...address });
  }
  const write = __tslab__ && tslabWriter(__tslab__.require);
  if (!write) return undefined;
  return (data, { displayId, update = false, metadata = {} }) =>
    write({ data, metadata, transient: displayId ? { display_id: displayId } : {} }, update);
}

let made = 0;

/** Returns a unique output id, the same when the notebook is run again. */
export function newDisplayId(): string {
  return (globalThis as KernelGlobals).Jupyter?.newId?.() ?? `output-${++made}`;
}

/** Whether `show` sends to a notebook instead of printing. */
export function isNotebook(): boolean {
  return kernelSender() !== undefined;
}

/**
 * Shows any value now, from anywhere in a cell or a script. Values with a `Symbol.for('Jupyter.display')` method
 * (figures, graphs, claims) show in the richest format that the front end knows, others as the text of `util.inspect`.
 * Outside a notebook it prints the text.
 *
 * Returns a promise exactly if the value's display hook does; await it then.
 */
export function show(value: unknown, options: ShowOptions = {}): Promise<void> | undefined {
  const send: Send = kernelSender() ?? ((bundle) => console.log(plainText(bundle)));
  const { volatile, ...where } = options;
  // The id is also stored in the notebook, so that updates find the output after the page was reloaded.
  const noted = { ...(where.displayId && { displayId: where.displayId }), ...(volatile && { volatile }) };
  const address = Object.keys(noted).length > 0 ? { ...where, metadata: { gradlab: noted } } : where;
  const bundle = bundleOf(value);
  if (bundle === undefined) return undefined;
  if (bundle instanceof Promise) return bundle.then((ready) => send(ready, address));
  send(bundle, address);
  return undefined;
}
