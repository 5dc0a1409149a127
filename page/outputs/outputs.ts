// What JupyterLab leaves to do with outputs that change in place: it hands an update to the cell whose run it has followed
// in this page, and it knows whole outputs only. The other end of `takeChanges` is kernel/host/changing-outputs.ts.

import type { CellModel, Comm, Json, MimeBundle, OutputList, Panel, SessionContext } from '../jupyterlab';

const target = 'gradlab.changes';

/** What a message about an output says. */
interface Display {
  readonly data: MimeBundle;
  readonly metadata: Json;
  readonly transient?: { readonly display_id?: unknown; readonly version?: number };
}

/** What the kernel's comm says of an output that has changed. */
interface Change {
  readonly method: 'change';
  readonly display_id: string;
  readonly base: number;
  readonly version: number;
  readonly changes: readonly Operation[];
}

/** An output as messages have it. */
type Shown = Pick<Display, 'data' | 'metadata'>;

/** Where an output is: its cell's outputs, and its number among them. */
interface Place {
  readonly outputs: OutputList;
  readonly i: number;
}

/** After a reload JupyterLab has followed no run: then an output is found by the name in its metadata. */
export function followUpdates({ sessionContext, content: { widgets } }: Panel): void {
  sessionContext.iopubMessage.connect((_, { header, content }) => {
    if (header.msg_type !== 'update_display_data') return;
    const { data, metadata, transient } = content as Display;
    const unfollowed = widgets.filter(({ model, outputArea }) => model.type === 'code' && !outputArea?.future);
    const cells = unfollowed.map(({ model }) => model);
    replace(placesOf(cells, transient?.display_id), { data, metadata });
  });
}

/** Where in `cells` an output is. */
function placesOf(cells: Iterable<CellModel>, id: unknown): Place[] {
  if (typeof id !== 'string' || id === '') return [];
  return [...cells].flatMap(({ type, outputs }) => {
    if (type !== 'code' || !outputs) return [];
    const numbers = Array.from({ length: outputs.length }, (_, i) => i);
    const found = numbers.filter(
      (i) => (outputs.get(i).metadata.gradlab as { displayId?: unknown } | undefined)?.displayId === id,
    );
    return found.map((i) => ({ outputs, i }));
  });
}

function replace(places: readonly Place[], output: Shown): void {
  for (const { outputs, i } of places) outputs.set(i, { output_type: 'display_data', ...output });
}

const followed = new WeakSet<SessionContext>();

/**
 * Tells the kernel that this page takes changes of outputs, and puts each into the notebook as the whole output that it
 * makes: so all views show it, and it is what is saved.
 */
export function takeChanges({ sessionContext, context }: Panel): void {
  if (followed.has(sessionContext)) return; // by another view of the notebook
  followed.add(sessionContext);
  /** Outputs by name as the kernel has sent them to this page. */
  const seen = new Map<unknown, { version: number; output: Shown }>();
  /** The names of outputs that the kernel was asked for. */
  const asked = new Set<unknown>();
  let comm: Comm | undefined;

  const announce = async () => {
    const kernel = sessionContext.session?.kernel;
    if (!kernel?.handleComms || !['idle', 'busy'].includes(kernel.status)) return;
    const { implementation } = await kernel.info;
    if (implementation !== 'gradlab' || kernel.isDisposed || comm?.isDisposed === false) return;
    seen.clear(); // what another kernel has sent, or this one before a restart
    asked.clear();
    comm = kernel.createComm(target);
    comm.open();
  };

  const note = ({ data, metadata, transient: { display_id: id, version } = {} }: Display) => {
    asked.delete(id);
    if (version === undefined) seen.delete(id);
    else seen.set(id, { version, output: { data, metadata } });
  };

  const change = ({ display_id: id, base, version, changes }: Change) => {
    const places = placesOf(context.model.cells, id);
    const known = seen.get(id);
    if (known?.version === version) return;
    if (known?.version === base) {
      const output = changed(known.output, changes);
      seen.set(id, { version, output });
      replace(places, output);
    } else if (places.length > 0 && comm?.isDisposed === false && !asked.has(id)) {
      asked.add(id);
      comm.send({ method: 'request_output', display_id: id });
    }
  };

  const start = () => announce().catch(() => {}); // the kernel has ended: the next one is told
  sessionContext.statusChanged.connect(start);
  void start();
  // Also what goes over other pages' comms: all pages show the same.
  sessionContext.iopubMessage.connect((_, { header: { msg_type: type }, content }) => {
    if (type === 'display_data' || type === 'update_display_data') note(content as Display);
    else if (type === 'comm_msg') {
      const { data } = content as { data: Change | { method?: unknown } };
      if (data.method === 'change' && 'changes' in data) change(data);
    }
  });
}

/** An operation of JSON Patch, of those that the kernel sends. */
export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** `value` after some operations; what has not changed is shared. */
export function changed<T>(value: T, operations: readonly Operation[]): T {
  return operations.reduce<unknown>((now, operation) => {
    const keys = operation.path.split('/').slice(1);
    return changedAt(
      now,
      keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')),
      operation,
    );
  }, value) as T;
}

function changedAt(value: unknown, [key, ...rest]: string[], operation: Operation): unknown {
  if (key === undefined) return operation.value;
  // An index of an array is a key of it, too.
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Json;
  if (rest.length > 0) copy[key] = changedAt(copy[key], rest, operation);
  else if (operation.op === 'remove') delete copy[key];
  else copy[key === '-' && Array.isArray(copy) ? copy.length : key] = operation.value;
  return copy;
}
