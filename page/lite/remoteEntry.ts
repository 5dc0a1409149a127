// The TypeScript kernel for JupyterLite, in the form of a bundler's federated module: JupyterLite loads this file,
// calls init(shareScope) with the shared packages, then get('./extension'). The kernel runs in workers beside this
// file, which forwards its messages and the files of the notebook's folder.
import type { Signal } from '../jupyterlab';
import { init, shared } from '../shared';
import type { Contents } from './contents';
import type { Changes, Folder } from './folder';

/** A message of the protocol, as far as it is looked at here. */
interface Message {
  readonly channel?: string;
  readonly header: { readonly msg_type: string; readonly session: string };
  readonly parent_header: { readonly session?: string };
  readonly content: { readonly code?: string };
}

/** A cell reads or writes a file, and waits for the answer at a port. */
interface FileRequest {
  readonly type: 'read' | 'write';
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly makesFolders: boolean;
  readonly port: MessagePort;
}

/** The kernel in its workers: see kernel-in-page/page.ts. */
interface Host {
  readonly ready: Promise<void>;
  readonly hasFailed: boolean;
  post(message: object): void;
  listen(hear: (message: Message | FileRequest) => void): void;
  end(): void;
}

/** The modules beside this file. */
interface Modules {
  'page.mjs': { startHost(place: { folder: string; data: string }): Host };
  'folder.mjs': typeof import('./folder');
  'reader.mjs': typeof import('./reader');
  'opening.mjs': typeof import('./opening');
}

const name = 'gradlab-kernel';
const here = (document.currentScript as HTMLScriptElement).src.replace(/[^/]*$/, '');
/** Of the site, whatever its version is: see nameByContents in build-site.mjs. */
const data = new URL('../../data', here).href;
const drive = '/drive/notebooks/';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A small module beside this file. Browsers may keep that an import has failed, so each try has an address of its own. */
async function load<File extends keyof Modules>(file: File, tries = 0): Promise<Modules[File]> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no data arrived for 30 seconds')), 30_000);
  });
  try {
    const module: Promise<Modules[File]> = import(`${here}${file}${tries === 0 ? '' : `?${tries}`}`);
    return await Promise.race([module, late]);
  } catch (error) {
    if (tries === 3)
      throw new Error(
        `the kernel could not be downloaded: ${file}: ${(error as Error).message}. Restart it to try again.`,
      );
    await pause(500 * 3 ** tries);
    return load(file, tries + 1);
  } finally {
    clearTimeout(timer);
  }
}

/** Starts the host for notebooks of a folder, such as 002-gradient-descent. */
const start = async (folder: string) =>
  (await load('page.mjs')).startHost({ folder: `${drive}${folder}`.replace(/\/$/, ''), data });

/** The host for the notebook that the page's address names starts while JupyterLite loads; no cell runs by that. */
const opened = new URLSearchParams(location.search).get('path');
const opensIn = (opened ?? '').replace(/\/?[^/]*$/, '');
let prepared: Promise<Host | undefined> | undefined =
  opened === null ? undefined : start(opensIn).catch(() => undefined);

/** Figures are drawn when the kernel is there, or late: drawing keeps JupyterLite from asking for it. */
let isStarted = () => {};
if (prepared !== undefined)
  window.gradlabStarting = new Promise<void>((resolve) => {
    isStarted = resolve;
    setTimeout(resolve, 8000);
  });

async function hostFor(folder: string): Promise<Host> {
  const early = prepared;
  prepared = undefined;
  const host = await early;
  if (host !== undefined && folder === opensIn && !host.hasFailed) return host;
  host?.end();
  return start(folder);
}

/** Tells the page that everything it needs first is loaded. */
function tellSettled(): void {
  dispatchEvent(new Event('gradlab-settled'));
}

interface Emitter extends Signal {
  emit(value?: unknown): void;
}
type SignalClass = new (sender: object) => Emitter;

interface KernelOptions {
  readonly id: string;
  readonly name: string;
  /** The notebook's folder. */
  readonly location: string;
  sendMessage(message: Message): void;
}

/** What JupyterLite calls a kernel: it takes messages of the protocol and sends others. */
const kernelClass = (SignalOf: SignalClass, contents: Contents, FolderOf: typeof Folder) =>
  class TypeScriptKernel {
    readonly id: string;
    readonly name: string;
    readonly location: string;
    readonly disposed: Emitter;
    readonly ready: Promise<void>;
    isDisposed = false;
    readonly folder: Folder;
    readonly starting: Promise<Host>;
    /** The last look for files that have changed. */
    looking: Promise<void>;
    session = '';
    /** Cells that have not been answered. */
    waiting = 0;

    constructor({ id, name, location, sendMessage }: KernelOptions) {
      const path = location.replace(/^[^:]*:/, '').replace(/^\/|\/$/g, '');
      this.id = id;
      this.name = name;
      this.location = location;
      this.folder = new FolderOf(contents, path);
      this.disposed = new SignalOf(this);
      this.starting = hostFor(path).then((host) => {
        host.listen((message) => {
          if ('port' in message) {
            void this.answer(message);
            return;
          }
          // A caller of interrupt does not await a message.
          if (message.header.msg_type !== 'interrupt_reply') sendMessage(this.addressed(message));
          this.tellStarted(message.header.msg_type);
        });
        return host;
      });
      this.looking = this.look();
      this.ready = this.starting.then((host) => host.ready);
      this.ready.then(() => setTimeout(tellSettled, 2000)).catch(() => {});
      this.ready.catch(isStarted);
    }

    /** Figures are drawn when the kernel is there, and has answered a cell that waits for it: drawing would delay its result. */
    tellStarted(said: string): void {
      if (said === 'execute_reply') this.waiting -= 1;
      else if (said !== 'kernel_info_reply') return;
      // Queued messages are sent after the kernel has announced itself.
      setTimeout(() => this.waiting === 0 && isStarted(), 100);
    }

    /** Hands over the files that have changed. */
    async look(code?: string): Promise<void> {
      try {
        const files: Changes = await this.folder.changes(code);
        if (Object.keys(files).length > 0) (await this.starting).post({ type: 'files', files });
      } catch (error) {
        console.warn(`${name}: the files beside the notebook cannot be read: ${error}`);
      }
    }

    /** Reads or writes a file for a cell that waits for it. */
    async answer({ type, path, bytes: given, makesFolders, port }: FileRequest): Promise<void> {
      try {
        const { folder } = this;
        const bytes = await (type === 'read' ? folder.read(path) : folder.write(path, given, makesFolders));
        port.postMessage({ bytes }, bytes === undefined ? [] : [bytes.buffer]);
      } catch (error) {
        port.postMessage({ error: String((error as Error).message ?? error) });
      }
    }

    /** Returns when the message is sent: the worker has its own order, in which completion does not wait for a cell. */
    async handleMessage(message: Message): Promise<void> {
      this.session = message.header.session;
      if (message.header.msg_type === 'execute_request') {
        this.waiting += 1;
        // One look after the other, and the cell after both.
        this.looking = this.looking.then(() => this.look(message.content.code));
        await this.looking;
      }
      (await this.starting).post(message);
    }

    /** JupyterLite routes a message to the session in its header; a message without parent goes to the last one. */
    addressed(message: Message): Message {
      const session = message.parent_header.session || this.session;
      return { ...message, header: { ...message.header, session } };
    }

    async interrupt(): Promise<void> {
      const header = {
        msg_id: crypto.randomUUID(),
        msg_type: 'interrupt_request',
        session: '',
        username: '',
        date: '',
      };
      const rest = { parent_header: {}, metadata: {}, content: {}, buffers: [] };
      (await this.starting).post({ channel: 'control', header: { ...header, version: '5.4' }, ...rest });
    }

    dispose(): void {
      if (this.isDisposed) return;
      this.isDisposed = true;
      this.starting.then(
        (host) => host.end(),
        () => {},
      );
      this.folder.dispose();
      this.disposed.emit();
    }
  };

const displayName = 'TypeScript (gradlab)';
const language = 'typescript';
const spec = {
  name: 'gradlab',
  display_name: displayName,
  language,
  argv: [],
  resources: {},
  spec: { argv: [], env: {}, display_name: displayName, language, interrupt_mode: 'message', metadata: {} },
};

/** JupyterLite's list of kernels, and what sends them messages. */
interface Specs {
  register(kernel: { spec: object; create(options: KernelOptions): Promise<object> }): void;
}
interface Client {
  interrupt(id: string): Promise<unknown>;
}

async function extension(): Promise<() => object> {
  const services = await shared<{ IKernelSpecs: unknown; IKernelClient: unknown }>('@jupyterlite/services');
  const { IKernelSpecs, IKernelClient } = services;
  const { Signal: SignalOf } = await shared<{ Signal: SignalClass }>('@lumino/signaling');
  const { Folder: FolderOf } = await load('folder.mjs');
  const kernels = new Map<string, InstanceType<ReturnType<typeof kernelClass>>>();
  const plugin = {
    id: `${name}:kernel`,
    description: 'The TypeScript kernel of gradlab',
    autoStart: true,
    requires: [IKernelSpecs],
    optional: [IKernelClient],
    activate: (app: { serviceManager: { contents: Contents } }, specs: Specs, client: Client | null) => {
      const Kernel = kernelClass(SignalOf, app.serviceManager.contents, FolderOf);
      specs.register({
        spec,
        create: async (options) => {
          const kernel = new Kernel(options);
          // What this throws is shown by JupyterLab, where Restart then tries again.
          await kernel.ready;
          kernels.set(kernel.id, kernel);
          kernel.disposed.connect(() => kernels.delete(kernel.id));
          return kernel;
        },
      });
      if (!client) return;
      // JupyterLite 0.8 does not forward an interrupt: it aborts waiting cells, but the running one is not
      // interrupted.
      const interrupt = client.interrupt.bind(client);
      client.interrupt = async (id) => {
        void kernels.get(id)?.interrupt();
        return interrupt(id);
      };
    },
  };
  const { readerPlugin } = await load('reader.mjs');
  const { openingPlugin } = await load('opening.mjs');
  const plugins = [plugin, await readerPlugin(shared), await openingPlugin(shared)];
  return () => ({ __esModule: true, default: plugins });
}

window._JUPYTERLAB ??= {};
window._JUPYTERLAB[name] = {
  init,
  get: (module) =>
    module === './extension' ? extension() : Promise.reject(new Error(`${name} has no module ${module}`)),
};
