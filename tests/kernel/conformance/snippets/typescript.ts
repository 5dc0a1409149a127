import type { Completing } from '.';

const text = JSON.stringify;
/** The data of a comm message, wherever the kernel puts it. */
const commData = '(m: any) => m.data ?? m.content.data';

/** TypeScript with the API of the project's kernel. */
export const typescript = {
  languageInfo: { name: 'typescript', file_extension: '.ts', mimetype: /typescript/ },

  print: (line: string) => `console.log(${text(line)});`,
  printError: (line: string) => `console.error(${text(line)});`,
  write: (what: string) => `void process.stdout.write(${text(what)});`,
  writeError: (what: string) => `void process.stderr.write(${text(what)});`,
  sleep: (ms: number) => `await new Promise<void>((wake) => setTimeout(wake, ${ms}));`,
  loopFor: (ms: number) => `for (const end = Date.now() + ${ms}; Date.now() < end; );`,
  forever: 'while (true) {}',
  raise: (message: string) => `throw new Error(${text(message)});`,
  declare: (name: string, value: number | string) => `let ${name} = ${text(value)};`,
  assign: (name: string, value: number | string) => `${name} = ${text(value)};`,
  comment: (words: string) => `// ${words}`,
  printLines: (count: number) => `for (let i = 0; i < ${count}; i++) console.log("line " + i);`,
  writeLarge: (block: string, times: number) => `for (let i = 0; i < ${times}; i++) console.log(${text(block)} + i);`,
  printLater: (line: string, ms: number) => `void setTimeout(() => console.log(${text(line)}), ${ms});`,

  voidCells: [
    'const voidConstant = 1;',
    'function voidFunction() {}',
    'undefined',
    'voidFunction()',
    'class VoidClass {}',
  ],
  falsy: ['0', 'false', '""'],
  object: '({ alpha: 1, beta: "two", gamma: [1, 2] })',
  suppressed: ['40 + 2;', '({ a: 1 });'],
  rich: '({ [Symbol.for("Jupyter.display")]() { return { "text/html": "<b>rich</b>", "text/plain": "rich" }; } })',
  richAsync: `({ async [Symbol.for("Jupyter.display")]() {
  await new Promise((wake) => setTimeout(wake, 50));
  return { "text/html": "<b>slow</b>", "text/plain": "slow" };
} })`,
  display: (bundle: object) => `await Jupyter.display(${text(bundle)}, { raw: true });`,
  displayAs: (id: string, bundle: object) =>
    `await Jupyter.display(${text(bundle)}, { raw: true, displayId: ${text(id)} });`,
  displayAgain: (id: string, bundle: object) =>
    `await Jupyter.display(${text(bundle)}, { raw: true, displayId: ${text(id)}, update: true });`,
  clear: (wait: boolean) => `await Jupyter.broadcast("clear_output", { wait: ${wait} });`,

  hugeCell: (lines: number) =>
    `${Array.from({ length: lines - 1 }, (_, i) => `const huge${i} = ${i ? `huge${i - 1} + 1` : '0'};`).join('\n')}\nhuge${lines - 2}`,

  awaitedError: 'await Promise.resolve(1);\n\nthrow new Error("line three");',
  failingFunction: '// one\nfunction failDeep() {\n  throw new Error("deep");\n}',
  failingCall: '// one\n// two\n// three\n// four\nfailDeep();',
  cause: 'throw new Error("the outer reason", { cause: new TypeError("the inner reason") });',
  customErrors: {
    ShapeMismatch: 'class ShapeMismatch extends Error {}\nthrow new ShapeMismatch("3 is not 4");',
    NamedMismatch: `class Other extends Error { override name = "NamedMismatch"; }\nthrow new Other("3 is not 4");`,
  } as Record<string, string>,
  thrownValues: ['throw "just text";', 'throw 42;', 'throw null;', 'throw undefined;', 'throw { code: 7 };'],
  syntaxError: 'let syntaxA = 1;\nlet = = 2;',
  typeErrorCell: 'console.log("it ran");\nconst wrongType: number = "text";',

  redeclare: [
    ['const again = 1; class Shape { a = 1 } function act() { return 1; } type Kind = string;', 'again + act()', '2'],
    ['const again = "x"; class Shape { b = "y" } function act() { return "z"; } type Kind = number;', '', ''],
    ['const kind: Kind = 1;', 'again + new Shape().b + act() + kind', 'xyz1'],
    ['let again = [1]; const act = () => 5;', 'again.length + act()', '6'],
  ] as [cell: string, read: string, shown: string][],
  liveBinding: {
    first: 'let counter = 0;\nfunction increase() { counter++; return counter; }',
    second: 'counter = 10;',
    call: 'increase()',
    read: 'counter',
  },
  destructuring: {
    cell: 'const { p, q: [r, ...rest], ...others } = { p: 1, q: [2, 3, 4], s: 5, t: 6 };',
    read: '[p, r, rest.length, others.s, others.t].join()',
    shown: /1,2,2,5,6/,
  },
  // For decorators of either kind: ECMAScript's, and TypeScript's earlier ones.
  decorators: {
    cell: `const decorated: string[] = [];
function noted(target: Function, _context?: unknown) { decorated.push(target.name); }
@noted class Decorated { five() { return 5; } }`,
    read: 'decorated.join() + new Decorated().five()',
    shown: /Decorated5/,
  },
  topLevelAwait: { cell: 'const awaited = await Promise.resolve(20);', read: 'await Promise.resolve(awaited + 1)' },
  awaitParentheses: 'const inParentheses = await (Promise.resolve(6));\ninParentheses + (await (Promise.resolve(1)))',
  forAwait: `async function* numbers() { yield 1; yield 2; yield 3; }
let total = 0;
for await (const n of numbers()) total += n;
total`,
  importStandard: 'import * as path from "path";\npath.basename("/a/b.c")',
  importNamed: { cell: 'import { basename } from "node:path";\nbasename("/a/named.c")', shown: 'named.c' },
  local: {
    file: 'local-part.ts',
    module: (value: number) => `export const value: number = ${value};\n`,
    use: 'import { value } from "./local-part";\nvalue',
    useAgain: 'import { value } from "./local-part";\nvalue',
  },
  fresh: {
    file: 'fresh-part.ts',
    module: 'export const greeting: string = "good morning";\n',
    use: 'import { greeting } from "./fresh-part";\ngreeting',
  },

  completeMember: { setUp: 'const word = "abc";', code: 'word.toUpp', gives: 'word.toUpperCase' } as Completing,
  completeKey: {
    setUp: 'const config = { learningRate: 1 };',
    code: 'config.learn',
    gives: 'config.learningRate',
  } as Completing,
  completeInCell: { setUp: '', code: 'const ownName = 1;\nownNa', gives: 'const ownName = 1;\nownName' } as Completing,
  completeImport: {
    setUp: 'import * as nodePath from "path";',
    code: 'nodePath.basen',
    gives: 'nodePath.basename',
  } as Completing,
  completeInImport: {
    setUp: '',
    code: 'import { basen| } from "path";',
    gives: 'import { basename } from "path";',
  } as Completing,
  completeUnicode: {
    setUp: 'const word = "abc";',
    code: 'const smile = "😀😀"; word.toUpp',
    gives: 'const smile = "😀😀"; word.toUpperCase',
  } as Completing,
  inspect: {
    setUp: '/** Adds two numbers. */\nfunction addUp(first: number, second: number): number { return first + second; }',
    code: 'addU|p(1, 2)',
    shows: [/addUp/, /first/, /second/, /Adds two numbers\./],
  },
  inspectLibrary: { code: 'Math.ma|x(1, 2)', shows: [/max/, /values/, /larger|largest/] },
  complete: ['const a = 1;', 'if (true) {\n  console.log(1);\n}', '', '[1, 2, 3].map((x) => x + 1)', '`done`'],
  incomplete: ['function f() {', 'const a = [1,', '`begun', 'if (true) {', 'foo(', '/* begun'],
  invalid: ['let = = 2;', 'const a = );', 'foo(]', '"no end\nx'],

  openComm: (target: string) => `var comm = new Jupyter.Comm({ target_name: ${text(target)}, data: { hello: 1 } });
comm.onMsg((m: any) => { void comm.send({ echo: (${commData})(m) }); });`,
  registerTarget: (target: string) => `Jupyter.registerTarget(${text(target)}, (comm: any, opening: any) => {
  void comm.send({ opened: (${commData})(opening) });
  comm.onMsg((m: any) => { void comm.send({ echo: (${commData})(m) }, { buffers: m.buffers }); });
});`,
  commWithBuffers: `var withBuffers = new Jupyter.Comm({ target_name: "buffers", data: {} });
await withBuffers.send({ n: 3 }, { buffers: [new Uint8Array([0, 1, 255])] });`,
  widget: 'Jupyter.widgets.IntSlider({ value: 3, min: 0, max: 10 })',
  input: (prompt: string) => `var answer = await Jupyter.input(${text(prompt)});`,
  password: (prompt: string) => `var answer = await Jupyter.input(${text(prompt)}, { password: true });`,

  pendingAwait: 'await new Promise(() => {});',
  loopAfterAwait: 'await Promise.resolve();\nwhile (true) {}',
  loopAfterTimer: 'await new Promise<void>((wake) => setTimeout(wake, 100));\nwhile (true) {}',

  lostRejection: 'void Promise.reject(new Error("lost rejection"));',
  throwingTimer: 'setTimeout(() => { throw new Error("thrown by a timer"); }, 100);',
  exit: 'process.exit(3);',
  recursion: 'function recurse(): number { return recurse() + 1; }\nrecurse()',
  enormous:
    'const enormous: any = { list: Array.from({ length: 1e6 }, (_, i) => i) };\nenormous.self = enormous;\nenormous',
  throwingGetters: [
    '({ get broken() { throw new Error("from a getter"); } })',
    '({ [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("from inspect"); } })',
    '({ [Symbol.for("Jupyter.display")]() { throw new Error("from display"); } })',
    'new Proxy({}, { get() { throw new Error("from a proxy"); } })',
  ],
};
