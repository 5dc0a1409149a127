// The complete state of a training as plain data, for checkpoints.
import { noGrad } from '../autograd';
import { whole } from '../cancellation';
import { FormatError, GradlabError, ValueError } from '../errors';
import { readSaved, type Saved, savedPieces } from '../io/checkpoint';
import { inMemory } from '../io/source';
import { type AnyModule, Module } from '../nn';
import { isBuffer } from '../nn/parameter';
import { Optimizer, type OptimizerStateDict } from '../optim';
import { SchedulerBase, type SchedulerState } from '../optim/lr-scheduler/scheduler';
import { readAtOnce, writeAtOnce } from '../platform';
import { defaultGenerator, Generator } from '../random';
import { Tensor } from '../tensor/tensor';
import type { Callback } from './callbacks/callback';
import type { History } from './history';
import { isPromise, type Waiting } from './measuring';
import { copied } from './metrics/tally';

/** The parts of a training that have a state. @internal */
export interface Parts {
  readonly net: AnyModule;
  readonly loss: unknown;
  readonly optimizer: Optimizer;
  readonly scheduler: SchedulerBase | undefined;
  readonly callbacks: readonly Callback<string>[];
  /** Sources of random numbers, and other parts of the data with a state. */
  readonly sources: readonly Source[];
}

/** A source of data whose state determines the next items. @internal */
export type Source = Generator | Stateful;

interface Stateful {
  stateDict(): Saved;
  loadStateDict(state: Saved): void;
}

/** The position of a training. @internal */
export interface Place {
  epoch: number;
  /** Number of completed batches in the epoch. */
  batch: number;
  steps: number;
  stopped: string | null;
  /** The learning rate at the last step; a scheduler may have set another since. */
  lr: number;
  /** Hash of the item indices so far, if a loader reports them. */
  digest: number;
  /** The sources as they were before the epoch's order was drawn; `null` between epochs. */
  drawn: Saved;
  /** The means of the epoch so far; `null` between epochs. */
  measured: Saved;
}

/** The content of a checkpoint. @internal */
export interface Snapshot {
  readonly kind: string;
  readonly place: Place;
  readonly history: History;
  readonly parts: Saved;
}

const kind = 'gradlab training 1';

/** Longer lists count as data and are not searched. */
const most = 1000;

/**
 * Finds generators, and objects with `stateDict` and `loadStateDict`, reachable from the given objects: those of a
 * loader, its samplers and dataset, of modules, and the one of `manualSeed`. @internal
 */
export function sourcesOf(roots: readonly unknown[]): Source[] {
  const found: Source[] = [defaultGenerator];
  const seen = new Set<unknown>(found);
  const visit = (value: unknown, depth: number): void => {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject || depth > 8 || seen.has(value) || value instanceof Tensor || ArrayBuffer.isView(value)) return;
    seen.add(value);
    if (value instanceof Generator) found.push(value);
    else if (value instanceof Optimizer || value instanceof SchedulerBase) return;
    else if (!(value instanceof Module) && isStateful(value)) found.push(value);
    else if (!(Array.isArray(value) && value.length > most))
      for (const inner of Object.values(value as object)) visit(inner, depth + 1);
  };
  for (const root of roots) visit(root, 0);
  return found;
}

const isStateful = (value: unknown): value is Stateful =>
  typeof (value as Stateful).stateDict === 'function' && typeof (value as Stateful).loadStateDict === 'function';

/** @internal */
export const statesOf = (sources: readonly Source[]): Saved =>
  sources.map((source) => (source instanceof Generator ? source.getState() : copied(source.stateDict())));

/** @throws {ValueError} if their number differs. @internal */
export function setStates(sources: readonly Source[], states: Saved): void {
  const all = states as readonly Saved[];
  if (!Array.isArray(all) || all.length !== sources.length)
    throw new ValueError(
      `fit: the checkpoint has ${Array.isArray(all) ? all.length : 'no'} random generators, this training ${sources.length}; give loader, samplers ` +
        'and `generators` as when it was written',
    );
  for (const [i, source] of sources.entries())
    if (source instanceof Generator) source.setState(all[i] as Tensor);
    else source.loadStateDict(all[i]);
}

/** Returns buffers that a `stateDict()` omits. */
const unsaved = (net: AnyModule): Tensor[] => net.buffers().filter((buffer) => isBuffer(buffer) && !buffer.persistent);

/** Returns the optimizer's parameters that no module of the training has. */
function strangers({ net, loss, optimizer }: Parts): Tensor[] {
  const known = new Set<Tensor>([net, loss].flatMap((part) => (part instanceof Module ? part.parameters() : [])));
  return optimizer.paramGroups.flatMap(({ params }) => params).filter((p) => !known.has(p));
}

/** @internal */
export function snapshot(parts: Parts, place: Place, history: History): Snapshot {
  const { net, loss, optimizer, scheduler, callbacks, sources } = parts;
  const states = {
    net: net.stateDict(),
    buffers: unsaved(net),
    modes: net.modules().map(({ training }) => training),
    trained: net.parameters().map(({ requiresGrad }) => requiresGrad),
    ...(loss instanceof Module && { loss: (loss as AnyModule).stateDict() }),
    others: strangers(parts).map((p) => p.detach()),
    optimizer: optimizer.stateDict() as unknown as Saved,
    stepsTaken: optimizer.stepsTaken,
    ...(scheduler && { scheduler: scheduler.stateDict() as Saved }),
    callbacks: callbacks.flatMap((one) => (one.state ? [{ name: one.name, state: one.state() }] : [])),
    generators: statesOf(sources),
  };
  return { kind, place, history, parts: states as unknown as Saved };
}

type States = {
  net: Record<string, Tensor>;
  buffers: Tensor[];
  modes: boolean[];
  trained: boolean[];
  loss?: Record<string, Tensor>;
  others: Tensor[];
  optimizer: OptimizerStateDict<never>;
  stepsTaken: number;
  scheduler?: SchedulerState;
  callbacks: { name: string; state: Saved }[];
  generators: Saved;
};

/**
 * Restores a training, completely or not at all.
 * @throws {ValueError} if it has other parts; then nothing changes. @internal
 */
export function restore(parts: Parts, { parts: states }: Snapshot, where: string): void {
  const before = copied(snapshot(parts, {} as Place, { loss: [] }).parts);
  try {
    whole(() => apply(parts, states as unknown as States));
  } catch (cause) {
    whole(() => apply(parts, before as unknown as States));
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ValueError(`fit: ${where} is of another training, and nothing was changed: ${reason}`, { cause });
  }
}

function apply(parts: Parts, states: States): void {
  const { net, loss, optimizer, scheduler, callbacks, sources } = parts;
  const same = (what: string, ours: number, theirs: number) => {
    if (ours !== theirs) throw new ValueError(`it has ${theirs} ${what}, this one ${ours}`);
  };
  const [modules, parameters, buffers, others] = [net.modules(), net.parameters(), unsaved(net), strangers(parts)];
  same('modules', modules.length, states.modes.length);
  same('parameters', parameters.length, states.trained.length);
  same('parameters outside of the net', others.length, states.others.length);
  same('buffers', buffers.length, states.buffers.length);
  if ((scheduler === undefined) !== (states.scheduler === undefined))
    throw new ValueError(scheduler ? 'it has no scheduler' : 'it has a scheduler, which is to be given again');
  const remembered = new Map(states.callbacks.map(({ name, state }) => [name, state]));
  const asked = callbacks.filter((one) => one.state);
  const known = new Set(asked.map(({ name }) => name));
  const gone = [...remembered.keys()].filter((name) => !known.has(name));
  if (gone.length > 0) throw new ValueError(`it has the callback ${gone.join(', ')}, which is to be given again`);
  net.loadStateDict(states.net);
  if (loss instanceof Module) (loss as AnyModule).loadStateDict(states.loss ?? {});
  noGrad(() => {
    for (const [i, buffer] of buffers.entries()) buffer.copy_(states.buffers[i]!);
    for (const [i, parameter] of others.entries()) parameter.detach().copy_(states.others[i]!);
  });
  for (const [i, module] of modules.entries()) module.training = states.modes[i]!;
  for (const [i, parameter] of parameters.entries()) parameter.requiresGrad = states.trained[i]!;
  optimizer.loadStateDict(states.optimizer as never);
  optimizer.stepsTaken = states.stepsTaken;
  scheduler?.loadStateDict(states.scheduler!);
  for (const one of asked) if (remembered.has(one.name)) one.restore?.(copied(remembered.get(one.name)));
  setStates(sources, states.generators);
}

/** Writes a checkpoint: synchronously, or returns a promise. @internal */
export function writeSnapshot(file: string, state: Snapshot): Promise<void> | undefined {
  const pieces = savedPieces('fit', state);
  const fail = (cause: unknown): never => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GradlabError(
      `fit: the checkpoint ${file} cannot be written: ${reason}; what was there before is unchanged`,
      { cause },
    );
  };
  try {
    return writeAtOnce(file, pieces)?.catch(fail);
  } catch (cause) {
    return fail(cause);
  }
}

/** Reads a checkpoint; `undefined` if the file does not exist. @throws {FormatError} for another file. @internal */
export function* readSnapshot(file: string): Waiting<Snapshot | undefined> {
  const fail = (cause: unknown): never => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GradlabError(`fit: the checkpoint ${file} cannot be read: ${reason}`, { cause });
  };
  let read: ReturnType<typeof readAtOnce>;
  try {
    read = readAtOnce(file);
  } catch (cause) {
    return fail(cause);
  }
  const bytes = (isPromise(read) ? yield read.then(undefined, fail) : read) as Uint8Array | undefined;
  if (bytes === undefined) return undefined;
  const found = readSaved(`fit: ${file}`, inMemory(bytes)) as Partial<Snapshot>;
  if (found.kind !== kind)
    throw new FormatError(
      `fit: ${file} is not a checkpoint of a training (${kind}); read it with io.load, and give resume a file that fit has written`,
    );
  if (!isWhole(found))
    throw new FormatError(`fit: ${file} is damaged: it lacks the state of the training; resume an earlier one`);
  return found as Snapshot;
}

/** Whether a snapshot is complete; checked before it changes anything. */
function isWhole({ place, history, parts }: Partial<Snapshot>): boolean {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!(isObject(place) && isObject(history) && isObject(parts))) return false;
  const { epoch, batch, steps, digest, stopped, drawn, measured, lr } = place!;
  const isMarked = drawn === null ? measured === null : Array.isArray(drawn) && isObject(measured);
  return (
    [epoch, batch, steps].every((n) => Number.isInteger(n) && n >= 0) &&
    Number.isInteger(digest) &&
    typeof lr === 'number' &&
    (stopped === null || typeof stopped === 'string') &&
    isMarked &&
    Object.values(history!).every(Array.isArray)
  );
}
