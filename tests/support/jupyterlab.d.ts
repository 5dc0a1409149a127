// JupyterLab's application in its page, as far as tests use it: functions that run there access it as a global.
declare var jupyterapp: JupyterLab.Application;

declare namespace JupyterLab {
  interface Application {
    commands: { execute(command: string, args?: object): Promise<unknown> };
    serviceManager: {
      contents: Record<'save' | 'delete' | 'rename' | 'get', (...args: unknown[]) => Promise<unknown>>;
      workspaces: { fetch(id: string): Promise<object> };
    };
    shell: {
      mode: string;
      currentWidget: Panel;
      widgets(area: string): Iterable<Partial<Panel>>;
      activateById(id: string): void;
    };
  }

  /** The panel of an open notebook. */
  interface Panel {
    id: string;
    context: { path: string; model: { dirty: boolean } };
    content: {
      activeCellIndex: number;
      model: { toJSON(): Notebook };
      node: HTMLElement;
      widgets: Cell[];
      isSelectedOrActive(cell: Cell): boolean;
      setFragment(fragment: string): Promise<void>;
    };
    sessionContext: {
      session: { kernel: Kernel };
      statusChanged: { connect(handle: (sender: unknown, status: string) => void): void };
    };
  }

  interface Cell {
    model: { id: string; sharedModel: { source: string; setSource(text: string): void } };
    node: HTMLElement;
  }

  interface Kernel {
    status: string;
    requestExecute(content: object): { onIOPub(message: Message): void; done: Promise<{ content: Reply }> };
  }

  interface Message {
    header: { msg_type: string };
    content: { data?: Record<string, string> };
  }

  interface Reply {
    status: string;
    execution_count: number;
    ename?: string;
    evalue?: string;
    traceback?: string[];
  }

  interface Notebook {
    cells: { cell_type: string; id: string; source: string | string[]; outputs?: Output[] }[];
    metadata: object;
  }

  interface Output {
    output_type: string;
    evalue?: string;
    data?: Record<string, unknown>;
  }
}
