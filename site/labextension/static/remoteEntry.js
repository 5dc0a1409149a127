// The TypeScript kernel for JupyterLite, in the form of a bundler's federated module: JupyterLite loads this file,
// calls init(shareScope) with the shared packages, then get('./extension'). The kernel runs in workers beside this
// file, which forwards its messages and the files of the notebook's folder.
(() => {
  const name = 'gradlab-kernel';
  const here = document.currentScript.src.replace(/[^/]*$/, '');
  /** Of the site, whatever its version is: see nameByContents in build-site.mjs. */
  const data = new URL('../../data', here).href;
  let shareScope;

  /** The newest copy of a package that the application shares. */
  async function shared(packageName) {
    const versions = shareScope[packageName];
    const newest = Object.keys(versions)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1);
    return (await versions[newest].get())();
  }

  const drive = '/drive/notebooks/';

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  /** A small module beside this file. Browsers may keep that an import has failed, so each try has an address of its own. */
  async function load(file, tries = 0) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('nothing came for 30 seconds')), 30_000);
    });
    try {
      return await Promise.race([import(`${here}${file}${tries === 0 ? '' : `?${tries}`}`), late]);
    } catch (error) {
      if (tries === 3)
        throw new Error(`the kernel could not be downloaded: ${file}: ${error.message}. Restart it to try again.`);
      await pause(500 * 3 ** tries);
      return load(file, tries + 1);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Starts the host for notebooks of a folder, such as 002-gradient-descent. */
  const start = async (folder) =>
    (await load('page.mjs')).startHost({ folder: `${drive}${folder}`.replace(/\/$/, ''), data });

  /** The host for the notebook that the page's address names starts while JupyterLite loads; no cell runs by that. */
  const opened = new URLSearchParams(location.search).get('path');
  const opensIn = opened?.replace(/\/?[^/]*$/, '');
  let prepared = opened === null ? undefined : start(opensIn).catch(() => undefined);

  /** Figures are drawn when the kernel is there, or late: drawing keeps JupyterLite from asking for it. */
  let isStarted = () => {};
  if (prepared !== undefined)
    window.gradlabStarting = new Promise((resolve) => {
      isStarted = resolve;
      setTimeout(resolve, 8000);
    });

  async function hostFor(folder) {
    const early = prepared;
    prepared = undefined;
    const host = await early;
    if (host !== undefined && folder === opensIn && !host.hasFailed) return host;
    host?.end();
    return start(folder);
  }

  /** Tells the page that all is there which it needs first. */
  function tellSettled() {
    dispatchEvent(new Event('gradlab-settled'));
  }

  /** What JupyterLite calls a kernel: it takes messages of the protocol and sends others. */
  const kernelClass = (Signal, contents, Folder) =>
    class TypeScriptKernel {
      constructor({ id, name, location, sendMessage }) {
        const path = location.replace(/^[^:]*:/, '').replace(/^\/|\/$/g, '');
        Object.assign(this, {
          id,
          name,
          location,
          isDisposed: false,
          session: '',
          folder: new Folder(contents, path),
          waiting: 0,
        });
        this.disposed = new Signal(this);
        this.starting = hostFor(path).then((host) => {
          host.listen((message) => {
            if (message.type === 'read' || message.type === 'write') {
              this.answer(message);
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

      /** Figures are drawn when the kernel is there, and has answered a cell that waits for it: their drawing would hold its result up. */
      tellStarted(said) {
        if (said === 'execute_reply') this.waiting -= 1;
        else if (said !== 'kernel_info_reply') return;
        // Queued messages are sent after the kernel has announced itself.
        setTimeout(() => this.waiting === 0 && isStarted(), 100);
      }

      /** Hands over the files that have changed. */
      async look(code) {
        try {
          const files = await this.folder.changes(code);
          if (Object.keys(files).length > 0) (await this.starting).post({ type: 'files', files });
        } catch (error) {
          console.warn(`${name}: the files beside the notebook cannot be read: ${error}`);
        }
      }

      /** Reads or writes a file for a cell that waits for it. */
      async answer({ type, path, bytes: given, makesFolders, port }) {
        try {
          const { folder } = this;
          const bytes = await (type === 'read' ? folder.read(path) : folder.write(path, given, makesFolders));
          port.postMessage({ bytes }, bytes === undefined ? [] : [bytes.buffer]);
        } catch (error) {
          port.postMessage({ error: String(error.message ?? error) });
        }
      }

      /** Returns as soon as it is handed on: the worker has an order of its own, in which completion does not wait for a cell. */
      async handleMessage(message) {
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
      addressed(message) {
        const session = message.parent_header.session || this.session;
        return { ...message, header: { ...message.header, session } };
      }

      async interrupt() {
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

      dispose() {
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

  async function extension() {
    const { IKernelSpecs, IKernelClient } = await shared('@jupyterlite/services');
    const { Signal } = await shared('@lumino/signaling');
    const { Folder } = await load('folder.mjs');
    const kernels = new Map();
    const plugin = {
      id: `${name}:kernel`,
      description: 'The TypeScript kernel of gradlab',
      autoStart: true,
      requires: [IKernelSpecs],
      optional: [IKernelClient],
      activate: (app, specs, client) => {
        const Kernel = kernelClass(Signal, app.serviceManager.contents, Folder);
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
          kernels.get(id)?.interrupt();
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
    init(scope) {
      shareScope = scope;
    },
    get: (module) =>
      module === './extension' ? extension() : Promise.reject(new Error(`${name} has no module ${module}`)),
  };
})();
