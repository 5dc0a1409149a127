// The part of the debug protocol by which front ends list variables. There is no debugger, so breakpoints are ignored.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#debug-request
import type { Json, Variable } from '../process-messages';
import type { Cells } from './cells';
import type { Content } from './messages';

type Body = Record<string, Json>;
type Arguments = Readonly<Record<string, Json | undefined>>;

/** Answers a front end's `debug_request`. */
export function variablesPanel(
  cells: Pick<Cells, 'variables' | 'show'>,
): (content: Content<'debug_request'>) => Promise<Content<'debug_reply'>> {
  let isStarted = false;
  const start = (started: boolean) => () => {
    isStarted = started;
    return {};
  };
  const commands: Readonly<Record<string, (given: Arguments) => Body | Promise<Body>>> = {
    initialize: () => ({ supportsConfigurationDoneRequest: true, supportsTerminateRequest: true }),
    attach: start(true),
    disconnect: start(false),
    terminate: start(false),
    configurationDone: () => ({}),
    debugInfo: () => ({
      isStarted,
      // Required fields about breakpoints.
      ...{ hashMethod: 'Murmur2', hashSeed: 0, tmpFilePrefix: '', tmpFileSuffix: '.ts' },
      ...{ breakpoints: [], stoppedThreads: [], exceptionPaths: [] },
      richRendering: true,
      copyToGlobals: false,
    }),
    inspectVariables: async () => ({ variables: asDebugged(await cells.variables()) }),
    variables: async ({ variablesReference: of }) => ({
      variables: asDebugged(typeof of === 'number' ? await cells.variables(of) : []),
    }),
    richInspectVariables: async ({ variableName: name }) => {
      const { data, metadata } = await cells.show(String(name));
      if (data === undefined) throw new Error(`There is no variable "${name}" now, or a cell is running.`);
      return { data, metadata: metadata ?? {} };
    },
    dumpCell: () => ({ sourcePath: '' }),
    setBreakpoints: () => ({ breakpoints: [] }),
    setExceptionBreakpoints: () => ({ breakpoints: [] }),
    modules: () => ({ modules: [] }),
    threads: () => ({ threads: [] }),
    stackTrace: () => ({ stackFrames: [], totalFrames: 0 }),
    scopes: () => ({ scopes: [] }),
  };
  return async ({ command = '', seq = 0, arguments: given }) => {
    const response = { type: 'response', request_seq: seq, command } as const;
    try {
      if (!Object.hasOwn(commands, command)) throw new Error('This kernel lists variables, and has no debugger.');
      return { ...response, success: true, body: await commands[command](given ?? {}) };
    } catch (error) {
      return { ...response, success: false, message: error instanceof Error ? error.message : String(error) };
    }
  };
}

const asDebugged = (variables: readonly Variable[]): Json[] =>
  variables.map(({ name, value, type, reference }) => ({
    ...{ name, value, type: typeFor(type, value) },
    evaluateName: name,
    variablesReference: reference,
  }));

/** For these Python types, JupyterLab shows the value instead of the type. */
function typeFor(type: string, value: string): string {
  if (type === 'number') return /^-?\d{1,15}$/.test(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool' }[type] ?? type;
}
