// JupyterLab's extension, as the module-federation container that a bundler would make: JupyterLab loads this file, calls
// init(shareScope) with the packages it shares, then get('./mimeExtension') and get('./extension'). plotly.min.js lies beside the bundle
// and is loaded at the first figure.
import { extensionName, mimeExtension } from './figure/plugins';
import { extension } from './lab';
import { init, type ShareScope } from './shared';

interface Container {
  init(scope: ShareScope): void;
  /** Resolves to what makes a module. */
  get(name: string): Promise<() => object>;
}

declare global {
  interface Window {
    _JUPYTERLAB?: Record<string, Container>;
  }
}

const modules: Record<string, Container['get'] | undefined> = {
  './mimeExtension': mimeExtension,
  './extension': extension,
};

window._JUPYTERLAB ??= {};
window._JUPYTERLAB[extensionName] = {
  init,
  get: (name) => modules[name]?.(name) ?? Promise.reject(new Error(`${extensionName} has no module ${name}`)),
};
