// The TypeScript kernel for JupyterLite, in the form that a bundler gives a federated module: JupyterLite loads this file, calls
// init(shareScope) with the packages that it shares, then get('./extension'). The kernel runs in workers beside this file; here
// its messages and the files of the notebook's folder are handed on.
(() => {
  const name = 'gradlab-kernel';
  const here = document.currentScript.src.replace(/[^/]*$/, '');
  let shareScope;

  /** The newest copy of a package that the application shares. */
  async function shared(packageName) {
    const versions = shareScope[packageName];
    const newest = Object.keys(versions)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1);
    return (await versions[newest].get())();
  }

  /** Texts that cells may read or import. */
  const isText = /\.([cm]?[jt]sx?|json|txt|csv|md)$/;
  const drive = '/drive/notebooks/';

  /** The texts in a folder of the notebooks, with claims.json above it: those that have changed since the last look. */
  class Folder {
    constructor(contents, folder) {
      Object.assign(this, { contents, folder, known: new Map() });
    }

    async changes() {
      const files = {};
      const listed = new Set();
      for (const model of await this.list()) {
        listed.add(model.path);
        if (this.known.get(model.path) === model.last_modified) continue;
        this.known.set(model.path, model.last_modified);
        const { content } = await this.contents.get(model.path, { content: true, format: 'text', type: 'file' });
        files[drive + model.path] = typeof content === 'string' ? content : JSON.stringify(content);
      }
      for (const path of this.known.keys())
        if (!listed.has(path)) {
          this.known.delete(path);
          files[drive + path] = null;
        }
      return files;
    }

    async list() {
      const inFolder = await this.contents.get(this.folder, { content: true });
      const above = this.folder === '' ? { content: [] } : await this.contents.get('', { content: true });
      const claims = above.content.filter((model) => model.name === 'claims.json');
      return [...claims, ...inFolder.content.filter((model) => model.type !== 'directory' && isText.test(model.name))];
    }
  }

  /** What JupyterLite calls a kernel: it takes messages of the protocol and sends others. */
  const kernelClass = (Signal, contents) =>
    class TypeScriptKernel {
      constructor({ id, name, location, sendMessage }) {
        const path = location.replace(/^[^:]*:/, '').replace(/^\/|\/$/g, '');
        Object.assign(this, { id, name, location, isDisposed: false, session: '', folder: new Folder(contents, path) });
        this.disposed = new Signal(this);
        this.worker = new Worker(`${here}host-worker.mjs`, { type: 'module', name: 'gradlab kernel' });
        this.worker.onmessage = ({ data }) => {
          // Whoever asked for an interrupt waits for no message.
          if (data.header.msg_type !== 'interrupt_reply') sendMessage(this.addressed(data));
        };
        const place = { folder: `${drive}${path}`.replace(/\/$/, ''), data: `${here}data` };
        this.worker.postMessage({ type: 'start', place });
        this.ready = this.look();
      }

      /** Hands over the files that have changed. */
      async look() {
        try {
          const files = await this.folder.changes();
          if (Object.keys(files).length > 0) this.worker.postMessage({ type: 'files', files });
        } catch (error) {
          console.warn(`${name}: the files beside the notebook cannot be read: ${error}`);
        }
      }

      /** Returns as soon as it is handed on: the worker has an order of its own, in which completion does not wait for a cell. */
      async handleMessage(message) {
        this.session = message.header.session;
        if (message.header.msg_type === 'execute_request') await this.look();
        this.worker.postMessage(message);
      }

      /** JupyterLite takes the session in a message's header for the one to which it goes; what answers nobody goes to the last. */
      addressed(message) {
        const session = message.parent_header.session || this.session;
        return { ...message, header: { ...message.header, session } };
      }

      interrupt() {
        const header = {
          msg_id: crypto.randomUUID(),
          msg_type: 'interrupt_request',
          session: '',
          username: '',
          date: '',
        };
        const rest = { parent_header: {}, metadata: {}, content: {}, buffers: [] };
        this.worker.postMessage({ channel: 'control', header: { ...header, version: '5.4' }, ...rest });
      }

      dispose() {
        if (this.isDisposed) return;
        this.isDisposed = true;
        this.worker.terminate();
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

  async function extension() {
    const { IKernelSpecs, IKernelClient } = await shared('@jupyterlite/services');
    const { Signal } = await shared('@lumino/signaling');
    const kernels = new Map();
    const plugin = {
      id: `${name}:kernel`,
      description: 'The TypeScript kernel of gradlab',
      autoStart: true,
      requires: [IKernelSpecs],
      optional: [IKernelClient],
      activate: (app, specs, client) => {
        const Kernel = kernelClass(Signal, app.serviceManager.contents);
        specs.register({
          spec,
          create: async (options) => {
            const kernel = new Kernel(options);
            kernels.set(kernel.id, kernel);
            await kernel.ready;
            return kernel;
          },
        });
        if (!client) return;
        // JupyterLite 0.8 keeps an interrupt to itself: cells that wait are refused, the one that runs hears nothing.
        const interrupt = client.interrupt.bind(client);
        client.interrupt = async (id) => {
          kernels.get(id)?.interrupt();
          return interrupt(id);
        };
      },
    };
    const { readerPlugin } = await import(`${here}reader.mjs`);
    const reader = await readerPlugin(shared);
    return () => ({ __esModule: true, default: [plugin, reader] });
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB[name] = {
    init(scope) {
      shareScope = scope;
    },
    get: (module) =>
      module === './extension' ? extension() : Promise.reject(new Error(`${name} has no module ${module}`)),
  };
})();
