// Advice for code from other notebooks: shell commands, IPython magics, Python words, browser globals.
import path from 'node:path';
import type { Platform } from './platform';
import type { ts } from './typescript';

/** Errors about an import of a missing module. */
export const MODULE_NOT_FOUND: ReadonlySet<number> = new Set([2307, 2792, 2882]);
const NAME_NOT_FOUND = new Set([2304, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2593, 2868]);

/** Advice on a missing module or name. */
export function hintFor(
  { code, file, start, length }: ts.DiagnosticWithLocation,
  platform: Platform,
): string | undefined {
  if (code === NO_REACT) return elements;
  if (code === NO_IMPLEMENTATION) return 'Put all overloads and the function itself into one cell.';
  const text = file.text.slice(start, start + length);
  if (MODULE_NOT_FOUND.has(code))
    return platform.adviceOnMissing(text.replace(/^['"`]|['"`]$/g, ''), path.dirname(file.fileName));
  if (!NAME_NOT_FOUND.has(code)) return undefined;
  if (Object.hasOwn(names, text)) return adviceFor(names[text], platform);
  return platform.hasModule(text) ? `Type \`import ${text} from "node:${text}"\` first.` : undefined;
}

const NO_IMPLEMENTATION = 2391;
const NO_REACT = 2874;
const elements =
  'Elements are made by React: `import React from "react"` (`await Jupyter.install("react")` brings it), or by what `jsx` and `jsxImportSource` of a tsconfig.json name.';

/** An assignment or loop that seems to declare the name. */
const isSet = /^\s*(?:=(?![=>])|of\b)/;

/** Advice on an assignment to an undeclared name, as in Python. */
export function hintForUndeclared({ code, file, start, length }: ts.DiagnosticWithLocation): string | undefined {
  if (!NAME_NOT_FOUND.has(code)) return undefined;
  const name = file.text.slice(start, start + length);
  const isStatement = /(?:^|[;{}(\n])[^\S\n]*$/.test(file.text.slice(0, start));
  if (!isStatement || !isSet.test(file.text.slice(start + length))) return undefined;
  return `Declare it: \`let ${name} = …\`, or \`const ${name} = …\` if it keeps its value.`;
}

/** The advice: one text, or one for Node and one for pages. */
type Advice = string | { readonly node: string; readonly page: string };

const isNode = ({ name }: Platform) => name.startsWith('Node ');
const adviceFor = (advice: Advice, platform: Platform): string =>
  typeof advice === 'string' ? advice : advice[isNode(platform) ? 'node' : 'page'];

const html = 'HTML is shown by `Jupyter.display({ "text/html": "<b>…</b>" })`.';
const page: Advice = {
  node: `Cells run in Node, without a page. ${html}`,
  page: `Cells run in a worker, without the page's elements. ${html}`,
};
const asking = 'The reader of the notebook is asked by `await Jupyter.input("…")`.';

const documentation = 'Documentation is shown by Shift-Tab, with the cursor on the name.';
const ending = 'The menu *Kernel* ends or restarts the kernel, with all variables.';
const noFolders = 'A page has no folders.';
const listing: Advice = { node: '`import fs from "node:fs"; fs.readdirSync(".")`', page: noFolders };
const folderNow: Advice = { node: '`process.cwd()`', page: noFolders };

const dataFile = (name: string) =>
  `A file beside the notebook: \`await data.readText("${name}")\`, with \`data\` from "gradlab".`;

const inNode: Advice = {
  node: 'Cells run in Node: `fs.readFileSync(…)` with `import fs from "node:fs"`, `process.env`, `process.argv`.',
  page: `Cells run in a worker of the browser. ${dataFile('rows.csv')}`,
};

/** Names that cells lack, and their replacements. */
const names: Readonly<Record<string, Advice>> = {
  _: 'It is the last result, of which there is none yet.',
  print: 'In TypeScript: `console.log(…)`.',
  help: documentation,
  dir: 'Members are listed by Tab, after the dot of `x.`; `Object.keys(x)` gives the names of its properties.',
  quit: ending,
  exit: ending,
  ls: listing,
  pwd: folderNow,
  len: 'In TypeScript: `x.length`, and `x.size` of a Map or Set.',
  range: 'In TypeScript: `for (let i = 0; i < n; i++)`, or `Array.from({ length: n }, (_, i) => i)`.',
  None: 'In TypeScript: `null`.',
  True: 'In TypeScript: `true`.',
  False: 'In TypeScript: `false`.',
  str: 'In TypeScript: `String(x)`.',
  int: 'In TypeScript: `Math.trunc(x)`, and `Number(text)`.',
  float: 'In TypeScript: `Number(text)`.',
  self: 'In TypeScript: `this`.',
  input: asking,
  prompt: asking,
  confirm: asking,
  readline: asking,
  alert: 'Text is shown by `console.log(…)`.',
  display: 'Values are shown by `Jupyter.display(…)`.',
  get_ipython: 'The notebook around a cell is `Jupyter`.',
  arguments: { node: 'A cell has none; those of the process are `process.argv`.', page: 'A cell has none.' },
  Deno: inNode,
  Bun: inNode,
  md: 'Markdown is shown by `` Jupyter.md`…` ``.',
  html: 'HTML is shown by `` Jupyter.html`…` ``.',
  svg: 'SVG is shown by `` Jupyter.svg`…` ``.',
  Temporal: 'The package `@js-temporal/polyfill` has it, until Node and browsers do.',
  FileAttachment: {
    node: 'A file beside the notebook: `fs.readFileSync("…", "utf8")` with `import fs from "node:fs"`.',
    page: dataFile('…'),
  },
  describe: {
    node: 'Tests are those of Node: `import { describe, it } from "node:test"`.',
    page: 'A page has no test runner.',
  },
  Worker: {
    node: 'Threads are those of Node: `import { Worker } from "node:worker_threads"`.',
    page: 'Cells of a page start no threads.',
  },
  document: page,
  window: page,
};

/** Whether a name is known from another language or from web pages. */
export const hasHint = (name: string): boolean => Object.hasOwn(names, name);

/** Advice on a line with a syntax error. */
export function hintForLine(line: string, platform: Platform): string | undefined {
  for (const [pattern, hint] of lines) {
    const match = pattern.exec(line);
    if (match !== null) return adviceFor(hint(...match.slice(1)), platform);
  }
  return undefined;
}

const noTerminal = 'A page has no terminal. It imports any module by its address: `import x from "https://…"`.';
const inTerminal = (command: string): Advice => ({
  node: `Run \`${command}\` in a terminal, then run the cells that need it.`,
  page: noTerminal,
});
/** Package names in an install command, without options. */
const namesIn = (words: string) => words.split(/\s+/).filter((word) => /^[@\w]/.test(word));
const installing = (packages: readonly string[]): Advice => ({
  node: `\`${packages.map((name) => `await Jupyter.install(${JSON.stringify(name)});`).join(' ')}\` brings ${packages.length > 1 ? 'them' : 'it'} into the folder of the notebook.`,
  page: noTerminal,
});
const ofPip =
  'Those are packages of Python, which cells do not have. Tensors and networks are in `gradlab`: `import { tensor, nn } from "gradlab"`.';

/** Advice on a shell command, with or without a prefix such as `!`. */
function shell(command: string): Advice {
  const [, folder] = /^cd\b\s*(.*)$/.exec(command) ?? [];
  if (folder !== undefined) return magics.cd(folder);
  const [, variable, value] = /^export\s+(\w+)=(.*)$/.exec(command) ?? [];
  if (variable !== undefined)
    return {
      node: `\`process.env.${variable} = ${JSON.stringify(value)};\``,
      page: 'A page has no environment variables.',
    };
  const [, wanted = ''] = /^(?:npm|pnpm|yarn|bun|deno) (?:i|install|add)\b(.*)$/.exec(command) ?? [];
  const packages = namesIn(wanted.replaceAll('npm:', ''));
  if (packages.length > 0) return installing(packages);
  if (/^(?:python3? -m )?(?:pip3?|conda|mamba|uv)\b/.test(command)) return ofPip;
  return /^(sudo +)?(npm|npx|pnpm|yarn|bun|deno|apt(-get)?|brew|git)\b/.test(command)
    ? inTerminal(command)
    : {
        node: `A command of the shell: \`import { execSync } from "node:child_process"; console.log(execSync(${JSON.stringify(command)}).toString())\`.`,
        page: 'A page has no shell.',
      };
}
const noProcess = 'A page has no process.';

/** IPython magics with a counterpart, by name. */
const magics: Readonly<Record<string, (rest: string) => Advice>> = {
  time: (rest) => timing(rest),
  timeit: (rest) => timing(rest),
  cd: (rest) => ({ node: `\`process.chdir(${JSON.stringify(rest || '..')})\``, page: noFolders }),
  pwd: () => folderNow,
  ls: () => listing,
  env: () => ({ node: '`process.env`', page: noProcess }),
  run: (rest) => `\`import ${JSON.stringify(`./${rest || 'file.ts'}`)}\``,
  matplotlib: () => 'Figures need no preparation: see `plot` in `gradlab/lab`.',
  html: () => '`Jupyter.display({ "text/html": `…` })`',
  HTML: () => '`Jupyter.display({ "text/html": `…` })`',
  svg: () => '`Jupyter.display({ "image/svg+xml": `…` })`',
  SVG: () => '`Jupyter.display({ "image/svg+xml": `…` })`',
  markdown: () => '`Jupyter.display({ "text/markdown": `…` })`, or a Markdown cell',
  latex: () => '`Jupyter.display({ "text/latex": `…` })`, or a Markdown cell',
  javascript: () => 'All cells are TypeScript: leave the line out.',
  js: () => 'All cells are TypeScript: leave the line out.',
  writefile: (rest) => ({
    node: `\`import fs from "node:fs"; fs.writeFileSync(${JSON.stringify(rest || 'file')}, \`…\`)\``,
    page: 'In a page `io` of "gradlab" saves tensors and arrays, such as `await io.saveNpy("x.npy", x)`.',
  }),
  bash: () => shell('…'),
  sh: () => shell('…'),
  sx: (rest) => shell(rest),
  system: (rest) => shell(rest),
  pip: () => ofPip,
  conda: () => ofPip,
  npm: (rest) => shell(`npm ${rest}`),
  autoreload: () => reloading,
  load_ext: (rest) => (rest === 'autoreload' ? reloading : 'There are no magics here.'),
  reset: () => 'All variables go when the kernel is restarted.',
};

const reloading = 'Leave the line out: a file that has changed is loaded again by the next cell that imports it.';

const timing = (rest: string) =>
  `Times: \`console.time(); ${rest ? `${rest.replace(/;$/, '')};` : '…;'} console.timeEnd();\`.`;

function magic(name: string, rest: string): Advice {
  const hint = Object.hasOwn(magics, name) ? magics[name](rest.trim()) : 'There are no magics here.';
  const say = (advice: string) => `\`%${name}\` is IPython's. ${advice}`;
  return typeof hint === 'string' ? say(hint) : { node: say(hint.node), page: say(hint.page) };
}

const replCommand = (name: string) =>
  `\`.${name}\` is a command of Node’s own prompt. ${name === 'exit' ? ending : 'A cell is run whole.'}`;

const lines: readonly (readonly [RegExp, (...parts: string[]) => Advice])[] = [
  [/^%%?(\w+)(.*)$/, magic],
  [/^\s*[\w$, ]+=\s*%(\w+)(.*)$/, magic],
  [/^!+(?:document|window)\b/, () => page],
  [/^!+\s*([\w./~].*)$/, shell],
  [/^\s*[\w$]+\s*=\s*!\s*(\w.*)$/, shell],
  [/^\$\s+(\S.*)$/, shell],
  [
    /^\s*((?:sudo\s+)?(?:npm|npx|pnpm|yarn|bun|deno|pip3?|conda|apt|apt-get|brew|git|ls|cd|cat|mkdir|rm|cp|mv|curl|wget|node|python3?|export)\s+[-\w./~@"'].*)$/,
    shell,
  ],
  [/^\s*\.(help|exit|load|save|editor|break|clear)\b/, (name) => (name === 'help' ? documentation : replCommand(name))],
  [/^\s*#\s/, () => 'A comment begins with `//`.'],
  [/^\s*\?{1,2}[\w$.]+\s*$/, () => documentation],
  [/^\s*[\w$.]+\?{1,2}\s*$/, () => documentation],
  [/^\s*import\s+([\w.]+)\s+as\s+(\w+)\s*$/, (from, name) => `In TypeScript: \`import * as ${name} from "${from}"\`.`],
  [
    /^\s*from\s+([\w.]+)\s+import\s+([\w, *]+)$/,
    (from, name) => `In TypeScript: \`import { ${name.trim()} } from "${from}"\`.`,
  ],
  [/^\s*(?:async\s+)?def\s+(\w+)\s*\((.*)\).*:\s*$/, (name, of) => `In TypeScript: \`function ${name}(${of}) { … }\`.`],
  [/^\s*(?:el)?if\s+[^({].*:\s*$/, () => 'In TypeScript: `if (…) { … } else if (…) { … }`.'],
  [/^\s*(?:for|while)\s+[^({].*:\s*$/, () => 'In TypeScript: `for (const x of list) { … }`, `while (…) { … }`.'],
];
