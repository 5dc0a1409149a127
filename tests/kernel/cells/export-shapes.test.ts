// All shapes of package exports, with every form of import: cells, local files and threads behave as plain Node.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

const compiled = 'Object.defineProperty(exports, "__esModule", { value: true });';

/** The code of each package. Its exports have a property or an export `a`, if possible. */
const shapes: Readonly<Record<string, string>> = {
  object: 'module.exports = { a: 1 };',
  'named-exports': 'exports.a = 1;',
  function: 'module.exports = function f() {}; module.exports.a = 1;',
  class: 'module.exports = class C {}; module.exports.a = 1;',
  'function-that-is-its-default':
    'function f() {} module.exports = f; module.exports.default = f; module.exports.f = f; module.exports.a = 1;',
  'own-default': 'module.exports = { default: { inner: 1 }, a: 1 };',
  'default-alone': 'exports.default = { inner: 1 };',
  'default-getter': 'module.exports = { get default() { return { inner: 1 }; }, a: 1 };',
  'fixed-default': 'Object.defineProperty(exports, "default", { value: { inner: 1 } }); exports.a = 1;',
  getters: 'Object.defineProperty(exports, "a", { get: () => 1, enumerable: true });',
  frozen: 'module.exports = Object.freeze({ default: 2, a: 1 });',
  'null-prototype': 'module.exports = Object.assign(Object.create(null), { a: 1 });',
  instance: 'class C { constructor() { this.a = 1; } } module.exports = new C();',
  proxy: 'module.exports = new Proxy({ a: 1 }, {});',
  'proxy-that-answers-all': 'module.exports = new Proxy({ a: 1 }, { get: (o, key) => key in o ? o[key] : "any" });',
  number: 'module.exports = 5;',
  text: 'module.exports = "text";',
  null: 'module.exports = null;',
  undefined: 'module.exports = undefined;',
  array: 'module.exports = [1, 2];',
  promise: 'module.exports = Promise.resolve({ a: 1 });',
  empty: '',
  're-exports': 'module.exports = require("function-that-is-its-default");',
  cycle: 'exports.a = 1; exports.other = require("./other.js").seen;',
  compiled: `${compiled} exports.default = { inner: 1 }; exports.a = 1;`,
  'compiled-without-default': `${compiled} exports.a = 1;`,
  'compiled-function': `function f() {} module.exports = f; f.default = f; f.a = 1; Object.defineProperty(f, "__esModule", { value: true });`,
  'no-compiled': 'exports.__esModule = false; exports.a = 1;',
};
const modules: Readonly<Record<string, string>> = {
  'module-default': 'export default { inner: 1 }; export const a = 1;',
  'module-named': 'export const a = 1;',
  'module-of-a-function': 'export default function f() {} export const a = 1;',
};

const describe = `
  const describe = (value) => {
    if (typeof value === "function") return "function " + value.name;
    if (typeof value !== "object" || value === null) return String(value);
    if (value instanceof Promise) return "promise";
    return Array.isArray(value) ? "array" : "object of " + Object.keys(value).sort().join(" ");
  };`;
const forms: Readonly<Record<string, (id: string) => string>> = {
  default: (id) => `import d from "${id}"; const got = [d];`,
  'default by name': (id) => `import { default as d } from "${id}"; const got = [d];`,
  named: (id) => `import { a } from "${id}"; const got = [a];`,
  star: (id) => `import * as all from "${id}"; const got = [all.default, all.a];`,
  dynamic: (id) => `const all = await import("${id}"); const got = [all.default, all.a];`,
  require: (id) => `const got = [createRequire(import.meta.url)("${id}")];`,
};
const ids = [...Object.keys(shapes), ...Object.keys(modules), 'dual'];
const cases = ids.flatMap((id) => Object.keys(forms).map((form) => [id, form] as const));

/**
 * A deliberate difference from Node: `__esModule` means that `default` is the default, as in TypeScript and bundlers.
 */
const inner = '["object of inner"]';
const onPurpose: Readonly<Record<string, string>> = {
  'compiled, default': inner,
  'compiled, default by name': inner,
  'compiled, star': '["object of inner","1"]',
  'compiled, dynamic': '["object of inner","1"]',
  // The compiler would report that the export is missing; here its checks are off.
  'module-named, default': '["undefined"]',
  'module-named, default by name': '["undefined"]',
};
/** In local files the static imports are those of TypeScript, compiled to `require`. */
const inLocalFiles: Readonly<Record<string, string | RegExp>> = {
  'proxy-that-answers-all, default': '["any"]',
  'proxy-that-answers-all, default by name': '["any"]',
  'proxy-that-answers-all, star': '["any","1"]',
  'null, named': /^TypeError: Cannot read properties of null/,
  'undefined, named': /^TypeError: Cannot read properties of undefined/,
  'compiled-without-default, default': '["undefined"]',
  'compiled-without-default, default by name': '["undefined"]',
  'compiled-without-default, star': '["undefined","1"]',
  'module-named, default': '["object of a"]',
  'module-named, default by name': '["object of a"]',
  'module-named, star': '["object of a","1"]',
};
const inFiles = Object.keys(forms).filter((form) => form !== 'require');

let session: CellSession;
let inNode: Record<string, string>;
/** The property `a` of the result of `require`. */
let properties: Record<string, string>;

const packages = Object.fromEntries([
  ...Object.entries(shapes).map(([name, text]) => [`node_modules/${name}/index.js`, text]),
  ...Object.entries(modules).flatMap(([name, text]) => [
    [`node_modules/${name}/package.json`, `{ "name": "${name}", "type": "module", "exports": "./index.js" }`],
    [`node_modules/${name}/index.js`, text],
  ]),
  ['node_modules/cycle/other.js', 'exports.seen = require("./index.js").a;'],
  ['node_modules/dual/package.json', '{ "exports": { "import": "./m.mjs", "require": "./c.js" } }'],
  ['node_modules/dual/m.mjs', 'export default { inner: 1 }; export const a = "import";'],
  ['node_modules/dual/c.js', 'exports.a = "require";'],
]) as Record<string, string>;

/** A module that shows the result of one form of import. */
const moduleOf = (id: string, form: string) =>
  `import { createRequire } from "node:module"; ${forms[form](id)} ${describe} export default JSON.stringify(got.map(describe));`;

beforeAll(async () => {
  session = await CellSession.start(packages);
  // Each form has its own module: an import that fails must not affect the others.
  const lines = cases.map(([id, form], i) => {
    fs.writeFileSync(path.join(session.folder, `plain-${i}.mjs`), moduleOf(id, form));
    return `all["${id}, ${form}"] = await import("./plain-${i}.mjs").then((m) => m.default, (error) => error.name);`;
  });
  fs.writeFileSync(
    path.join(session.folder, 'plain.mjs'),
    `import { createRequire } from "node:module"; ${describe}
    const require = createRequire(import.meta.url), all = {}, properties = {};
    ${lines.join('\n')}
    for (const id of ${JSON.stringify(ids)}) try { properties[id] = describe(require(id)?.a); } catch {}
    console.log(JSON.stringify([all, properties]));`,
  );
  const said = execFileSync(process.execPath, ['plain.mjs'], { cwd: session.folder, encoding: 'utf8' });
  [inNode, properties] = JSON.parse(said) as [typeof inNode, typeof properties];
});

afterAll(() => session?.close());

/**
 * Node's result. Node finds the names of CommonJS by parsing the text, and rejects others; here each property is a
 * name.
 */
function expectedOf(id: string, form: string): string {
  const name = `${id}, ${form}`;
  if (onPurpose[name] !== undefined) return onPurpose[name];
  if (!(id in shapes) || form === 'require' || form.startsWith('default')) return inNode[name];
  if (form === 'named') return JSON.stringify([properties[id]]);
  return JSON.stringify([(JSON.parse(inNode[name]) as string[])[0], properties[id]]);
}

const splitName = (name: string) => name.split(', ') as [string, string];
const expectedOfAll = (id: string, which: readonly string[]) =>
  Object.fromEntries(which.map((form) => [form, expectedOf(id, form)]));

async function said(code: string): Promise<string> {
  const ran = await session.execute(`// @ts-nocheck\n${code}`);
  return failureOf(ran) || ran.output;
}

test.each(ids)('%s, in a cell', async (id) => {
  const got: Record<string, string> = {};
  for (const form of Object.keys(forms))
    got[form] = await said(
      `import { createRequire } from "node:module"; ${forms[form](id)}\n{ ${describe} process.stdout.write(JSON.stringify(got.map(describe))); }`,
    );
  expect(got).toEqual(expectedOfAll(id, Object.keys(forms)));
});

test.each(ids)('%s, in local files', async (id) => {
  const got: Record<string, string> = {};
  for (const [i, form] of inFiles.entries()) {
    session.write({ [`local-${id}-${i}.ts`]: `// @ts-nocheck\n${moduleOf(id, form)}` });
    got[form] = await said(`import text from "./local-${id}-${i}"; process.stdout.write(text);`);
  }
  const isDifferent = (form: string) => `${id}, ${form}` in inLocalFiles;
  expect(got).toEqual({
    ...expectedOfAll(
      id,
      inFiles.filter((form) => !isDifferent(form)),
    ),
    ...Object.fromEntries(
      inFiles.filter(isDifferent).map((form) => {
        const wanted = inLocalFiles[`${id}, ${form}`];
        return [form, typeof wanted === 'string' ? wanted : expect.stringMatching(wanted)];
      }),
    ),
  });
});

test('threads behave as local files', async () => {
  const names = ids.flatMap((id) => inFiles.map((form, i) => ({ form: `${id}, ${form}`, file: `local-${id}-${i}` })));
  const running = names.filter(({ form }) => !(inLocalFiles[form] instanceof RegExp));
  session.write({
    'thread.ts': `// @ts-nocheck
    import { parentPort } from "node:worker_threads";
    ${running.map(({ file }, i) => `import text${i} from "./${file}";`).join('\n')}
    parentPort.postMessage([${running.map((_, i) => `text${i}`).join(', ')}]);`,
  });
  const got = await said(`import { Worker } from "node:worker_threads";
    const all = await new Promise((done, fail) => new Worker("./thread.ts").on("message", done).on("error", fail));
    process.stdout.write(JSON.stringify(all));`);
  const byName = running.map(({ form }, i) => [form, (JSON.parse(got) as string[])[i]]);
  expect(Object.fromEntries(byName)).toEqual(
    Object.fromEntries(running.map(({ form }) => [form, inLocalFiles[form] ?? expectedOf(...splitName(form))])),
  );
});
