import { bundleOf, type MimeBundle, plainText } from './mime';

/** Where an output goes. */
export interface ShowOptions {
  /** Names the output, so that a later `show` with the same name and `update` replaces it. Default: no name. */
  displayId?: string;
  /** Replaces the output called `displayId`, also from a later cell, instead of adding one. Default: false. */
  update?: boolean;
}

type Send = (bundle: MimeBundle, options: ShowOptions) => void;

/** The parts of a kernel's globals that `show` uses. */
interface KernelGlobals {
  Jupyter?: { display?: (bundle: MimeBundle, options: ShowOptions & { raw: true }) => unknown };
  __tslab__?: { require: NodeJS.Require };
}

/** A `display_data` message as tslab's own display functions write it. */
type TslabWriter = (message: { data: MimeBundle; metadata: object; transient: object }, update: boolean) => void;

/**
 * tslab's public `display.raw` sends one MIME type an output, but the writer beneath it takes a whole bundle. The
 * kernel's copy of that module is the loaded one whose writer is set; a library's own copy of tslab would say
 * "Not ready".
 */
function tslabWriter(kernelRequire: NodeJS.Require): TslabWriter | undefined {
  for (const [file, loaded] of Object.entries(kernelRequire.cache)) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(file)) continue;
    const writer = (loaded?.exports as { lastWriteDisplayData?: TslabWriter | null } | undefined)?.lastWriteDisplayData;
    if (writer) return writer;
  }
  return undefined;
}

/** The way out: our kernel, else stock tslab, else standard output. */
function sender(): Send {
  const { Jupyter, __tslab__ } = globalThis as KernelGlobals;
  if (typeof Jupyter?.display === 'function') {
    const { display } = Jupyter;
    return (bundle, options) => void display.call(Jupyter, bundle, { raw: true, ...options });
  }
  const write = __tslab__ && tslabWriter(__tslab__.require);
  if (write) {
    return (bundle, { displayId, update = false }) =>
      write({ data: bundle, metadata: {}, transient: displayId ? { display_id: displayId } : {} }, update);
  }
  return (bundle) => console.log(plainText(bundle));
}

/**
 * Shows any value now, from anywhere in a cell or a script. Values with a `Symbol.for('Jupyter.display')` method
 * (figures, graphs, claims) show in the richest format that the front end knows, anything else as the text of
 * `util.inspect`. Outside a notebook it prints the text.
 *
 * Returns a promise exactly when the value's display hook does; await it then.
 */
export function show(value: unknown, options: ShowOptions = {}): Promise<void> | undefined {
  const send = sender();
  const bundle = bundleOf(value);
  if (bundle instanceof Promise) return bundle.then((ready) => send(ready, options));
  send(bundle, options);
  return undefined;
}
