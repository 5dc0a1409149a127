// Child processes of cells: which request started them, and where their output goes.
import { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ParentId } from '../../process-messages';
import { send } from '../channel';
import { type Callback, currentParent } from '../parent/parent';
import { withoutColours } from './colours';

type StreamName = 'stdout' | 'stderr';
interface SpawnOptions {
  stdio?: unknown;
  envPairs?: string[];
  args?: readonly string[];
  detached?: boolean;
}

const streams: readonly (StreamName | undefined)[] = [undefined, 'stdout', 'stderr'];

/** The standard stream of this process that a child inherits. */
function streamOf(given: unknown, descriptor: number): StreamName | undefined {
  if (given === 'inherit') return streams[descriptor];
  if (given === process.stdout) return 'stdout';
  if (given === process.stderr) return 'stderr';
  return typeof given === 'number' ? streams[given] : undefined;
}

/**
 * Notes every child that a cell starts asynchronously, and its exit. Inherited streams are replaced by pipes, because the
 * host could not tell to which request their output belongs.
 */
export function watchChildren(note: (pid: number, parentId: ParentId | undefined) => void): void {
  const prototype = ChildProcess.prototype as unknown as { spawn: Callback };
  const { spawn } = prototype;
  prototype.spawn = function (this: ChildProcess, options: SpawnOptions) {
    const parentId = currentParent();
    const { stdio = 'pipe', envPairs = [] } = options;
    const given: unknown[] = Array.isArray(stdio) ? stdio : [stdio, stdio, stdio];
    const targets = given.map(streamOf);
    const piped = given.map((one, descriptor) => (targets[descriptor] === undefined ? one : 'pipe'));
    const result: unknown = Reflect.apply(spawn, this, [
      { ...options, stdio: piped, envPairs: targets[1] ? envPairs : withoutColours(envPairs) },
    ]);
    for (const [descriptor, target] of targets.entries()) {
      if (target === undefined) continue;
      forward(this.stdio?.[descriptor] as Readable | undefined, target, parentId);
      hide(this, descriptor);
    }
    const { pid } = this;
    if (pid !== undefined) {
      note(pid, parentId);
      const { detached, args = [] } = options;
      if (detached) send({ type: 'detached', pid, command: args.join(' ') });
      this.once('exit', () => {
        note(pid, undefined);
        if (detached) send({ type: 'detached', pid });
      });
    }
    return result;
  };
}

function forward(from: Readable | undefined, name: StreamName, parentId: ParentId): void {
  const decoder = new StringDecoder('utf8');
  const put = (text: string) => {
    if (text !== '') send({ type: 'stream', parentId, name, text });
  };
  from?.on('data', (chunk: Buffer) => put(decoder.write(chunk)));
  from?.on('end', () => put(decoder.end()));
}

/** A child that inherits its parent's streams has no stream properties. */
function hide(child: ChildProcess, descriptor: number): void {
  (child.stdio as unknown[] | undefined)?.splice(descriptor, 1, null);
  const name = streams[descriptor];
  if (name !== undefined) child[name] = null;
}
