// Outputs, results and errors of cells in a page equal those in Node.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { plain } from '../kernel/conformance/client/execution';
import { Kernel, type TestedKernel } from '../kernel/conformance/client/kernel';
import { PageKernel } from '../kernel/conformance/client/page-kernel';
import { describeInChromium } from '../support/browsers';

/** Runs a cell until its reply. More output may follow. */
const run = async ({ client }: TestedKernel, cell: string) => ({ client, ...(await client.execute(cell)) });

type Ended = Awaited<ReturnType<typeof run>>;

/**
 * A cell's output so far, stream by stream, in order. Omits milliseconds, library frames, Node's notes about its
 * process, and platform-specific words.
 */
function outcomeOf({ client, id, reply }: Ended) {
  const outputs: { type: string; text: string }[] = [];
  for (const { channel, type, content } of client.childrenOf(id)) {
    if (channel !== 'iopub' || type === 'status' || type === 'execute_input') continue;
    // An error is compared in the reply.
    if (type === 'error' && content.evalue === reply.content.evalue) continue;
    const name = type === 'stream' ? String(content.name) : type;
    const text = type === 'stream' ? String(content.text) : JSON.stringify(content.data ?? content);
    if (type === 'stream' && outputs.at(-1)?.type === name) outputs.at(-1)!.text += text;
    else outputs.push({ type: name, text });
  }
  const { status, ename, traceback } = reply.content;
  const shown = outputs.map(({ type, text }) => ({ type, text: general(text) })).filter(({ text }) => text !== '');
  return { status, ename, traceback: general((traceback as string[] | undefined)?.join('\n') ?? ''), shown };
}

const general = (text: string) =>
  plain(text)
    .replace(/^(DataCloneError|InvalidCharacterError|AbortError): .*$/gm, '$1')
    .replace(/^ {4}at .*(\/builds\/library\/\w+\/[\w/.-]+\.js|\/gradlab\.mjs):\d+:\d+\)?\n?/gm, '')
    .replace(/^\(node:\d+\) PromiseRejectionHandledWarning.*\n/gm, '')
    .replace(/\b\d+(\.\d+)?m?s\b/g, '… ms')
    .replace(/^\(node:\d+\) /gm, '')
    .replace(/^\(Use `node --trace-warnings.*\n/gm, '');

const later = 400;
const patience = 10_000;

const sinceNode24 = 'since Node 24';

const cells: Record<string, Record<string, string>> = {
  values: {
    'shown by convention': `Jupyter.display({ outerHTML: '<p>1</p>' });
Jupyter.display({ outerHTML: '<svg width="3"></svg>' });
Jupyter.display({ toSpec: () => ({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'bar' }) });
Jupyter.display(new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]));
Jupyter.display({ numRows: () => 70, columnNames: () => ['n'], get: (name: string, row: number) => row * 1.5 });
Jupyter.html\`<b>\${1 + 1}</b>\``,
    'objects of thousands of entries': `({ list: [Object.fromEntries(Array.from({ length: 3000 }, (_, i) => ['k' + i, i]))], after: 1 })`,
  },
  console: {
    'formats of log': `console.log('%s is %d or %i, %f, %j %o %O %c%%', 'a', 1.5, 1.5, '2.5', { a: [1] }, [1], { b: 2 }, 'css', 'more');
console.log('%s', Symbol('x'), -0, [-0], 'text', ['text'], 10n, null, undefined, true);
console.log(); console.info('info', { a: { b: { c: { d: 1 } } } }); console.debug('debug'); console.log('a\\nb');`,
    'objects of many kinds': `class Point { x = 1; #hidden = 2; get both() { return this.x + this.#hidden; } static origin = new Point(); }
console.log(new Point(), Point, class extends Point {}, new (class extends Map {})(), Object.create(null));
console.log(new Map<unknown, unknown>([[{ a: 1 }, new Set([1, [2]])]]), new WeakMap(), Symbol.iterator, /a+/gi, new Date(0), new Date(NaN));
console.log(new Float32Array([1.5, 2]), new Uint8Array(200));
console.log([1, , 3], [undefined, null], Array.from({ length: 150 }, (_, i) => i), 'x'.repeat(200), ['x'.repeat(200)]);
console.log(function named() {}, () => 1, async () => 1, function* () {}, Math.max, globalThis === this, JSON, Math);
console.log(new Proxy({ a: 1 }, {}), Object('boxed'), Object(1), [function () {}], { get a() { return 1; }, set a(v) {} });
console.log(new (class Foo { constructor() { return Object.create({ constructor: Foo }); } })(), { 'a-b': 2, __proto__: null });
const circle: any = { name: 'circle' }; circle.self = circle; console.log(circle, [circle]);`,
    stderr: `console.warn('warn %d', 1); console.error('error', { a: 1 }); console.log('out'); console.error();`,
    'an error': `const shown = new TypeError('shown', { cause: new Error('why') });
console.log(shown);
console.log([shown.message, { error: new RangeError('inner') }]);
console.error(Object.assign(new Error('with code'), { code: 'E_TEST' }));`,
    dir: `console.dir({ a: { b: { c: { d: 1 } } } }); console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
console.dirxml('x', [1]);`,
    tables: `console.table([{ a: 1, b: 'x' }, { a: 2, c: { d: [1, 2, 3, 4, 5] } }]); console.table(new Map<unknown, unknown>([['k', 1], ['l', { z: 1 }]]));
console.table([1, 'two', [3, 4]]); console.table(new Set([1, [2]])); console.table([{ a: 1, b: 2 }], ['b']);
console.table('x'); console.table(null); console.table([]); console.table({ r1: { c: 1 }, r2: 5 }); console.table([['aé日本', '😀'], [1n, Symbol('s')]]);
console.table([{ Values: 1, a: 2 }, 3]); console.table({ a: [1, 2], f() {} }); console.table([[]]); console.table(new Map());
console.table(new Float32Array([1.5, 2])); console.table([{ a: 1 }], ['zz']); console.table([1, 2], ['a']); console.table([new Date(0), null, undefined, () => 1]);
console.table(['a\\nb']); console.table([{ a: { b: { c: 1 } } }, { a: { b: 1, c: 2, d: 3 } }]); console.table([{ a: 1 }], []);`,
    groups: `console.group('one', 1); console.log('in\\nside'); console.group(); console.warn('deeper'); console.table([1]);
console.dir([1]); console.groupEnd(); console.groupCollapsed('folded'); console.error('still'); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('out');`,
    'a group left open': `console.group('open'); console.log('in');`,
    'the next cell': `console.log('at the margin');`,
    counts: `console.count(); console.count('a'); console.count(); console.countReset(); console.count(); console.count(undefined); console.count('a');`,
    'a count that is none': `console.countReset('none');`,
    assert: `console.assert(true, 'no'); console.assert(false); console.assert(1 > 2, 'm %d', 5); console.assert(0 as any);`,
    times: `console.time(); console.time('a'); console.timeLog('a', { more: 1 }, 'x'); console.timeEnd('a'); console.timeEnd();`,
    'a time that is none': `console.timeEnd('none');`,
    'a time that runs': `console.time('twice'); console.time('twice'); console.timeEnd('twice');`,
    trace: `function deep() { console.trace('at %d', 1, { a: 1 }); }
deep();
console.trace();`,
    'methods on their own': `const { log, error, table, group, groupEnd } = console; log('log'); error('error'); group('g'); table([1]); groupEnd(); [1, 2].forEach(console.log);`,
    clear: `console.log('kept'); console.clear();`,
  },
  'the rest of the globals': {
    streams: `void process.stdout.write('a'); void process.stderr.write('b\\n'); void process.stdout.write(new TextEncoder().encode('bytes é\\n'));
const euro = new TextEncoder().encode('€\\n'); void process.stdout.write(euro.subarray(0, 1)); void process.stdout.write(euro.subarray(1));
await new Promise<void>((done) => process.stdout.write('done', () => done())); await new Promise<void>((done) => process.stdout.write('!\\n', 'utf8', () => done()));
process.stdout.write('x\\n')`,
    structuredClone: `const original = { a: [1, { b: new Date(0) }], m: new Map([[1, new Set([2])]]), t: new Float32Array([1]), r: /x/g, e: new RangeError('r') };
const copy = structuredClone(original); console.log(copy.a, copy.m, copy.t, copy.r, copy.e.name, copy.e.message, copy !== original);
const moved = new Uint8Array([1, 2]); const there = structuredClone(moved, { transfer: [moved.buffer] }); console.log(there, moved.length);`,
    'what cannot be cloned': `structuredClone({ f() {} });`,
    'microtasks before timers': `const order: string[] = [];
setTimeout(() => order.push('timer'), 0); queueMicrotask(() => order.push('microtask')); void Promise.resolve().then(() => order.push('then'));
order.push('now'); await new Promise((go) => setTimeout(go, 50)); order.join()`,
    timers: `const seen: unknown[] = [];
const never = setTimeout(() => seen.push('never'), 20); clearTimeout(never); clearTimeout(undefined);
const byNumber = setTimeout(() => seen.push('never'), 20); clearTimeout(Number(byNumber));
const closed = setTimeout(() => seen.push('never'), 20); closed.close();
const immediate = setImmediate(() => seen.push('never')); clearImmediate(immediate);
await new Promise<void>((done) => {
  const every = setInterval((x: number) => { if (seen.push(x) === 3) { clearInterval(every); done(); } }, 20, 7);
});
seen.push(await new Promise((done) => setTimeout((a: string, b: string) => done(a + b), 60, 'x', 'y')));
seen.push(await new Promise((done) => setImmediate(done, 'at once')));
seen`,
    'unref, ref and hasRef': `const quiet = setTimeout(() => {}, 1e6); const all = [quiet.hasRef(), quiet.unref() === quiet, quiet.hasRef(), quiet.ref().hasRef()]; clearTimeout(quiet); all`,
    refresh: `const marks: string[] = []; const sleep = (ms: number) => new Promise((go) => setTimeout(go, ms));
const again = setTimeout(() => { marks.push('ran'); }, 600);
await sleep(300); again.refresh(); await sleep(400); marks.push('not yet');
await sleep(500); again.refresh(); await sleep(1000); marks`,
    'the type of a timer': `let kept: NodeJS.Timeout | undefined; const also: ReturnType<typeof setTimeout> = setTimeout(() => {}, 0); kept = also; clearTimeout(kept); typeof kept`,
    base64: `[btoa('\\xff\\x00a'), atob('/wBh').length, atob(btoa('round'))]`,
    'what is no base64': `atob('%');`,
    performance: `const before = performance.now(); [typeof before, performance.now() >= before, performance.timeOrigin > 1e12, Math.abs(performance.timeOrigin + before - Date.now()) < 6e4]`,
    crypto: `const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'));
[new Uint8Array(digest).slice(0, 4), crypto.randomUUID().length, crypto.getRandomValues(new Uint8Array(3)).length, crypto.randomUUID()[14]]`,
    fetch: `const answer = await fetch('data:text/plain,hello%20there'); console.log(answer.ok, answer.status, answer.headers.get('content-type')); await answer.text()`,
    'fetch of JSON and bytes': `[await (await fetch('data:application/json,{"a":[1]}')).json(), new Uint8Array(await (await fetch('data:;base64,AQI=')).arrayBuffer())]`,
    addresses: `const url = new URL('../b?q=1#h', 'https://example.org/a/c/'); url.searchParams.append('r', 'é ü'); [url.href, url.pathname, [...new URLSearchParams('a=1&a=2')], url.searchParams.get('r')]`,
    text: `[new TextEncoder().encode('é€😀'), new TextDecoder().decode(new Uint8Array([0xe2, 0x82, 0xac])), new TextDecoder('latin1').decode(new Uint8Array([0xe9]))]`,
    'an abort': `const controller = new AbortController(); const heard: unknown[] = []; controller.signal.addEventListener('abort', () => heard.push(controller.signal.aborted));
controller.abort(new Error('enough')); heard.push(controller.signal.reason.message); heard`,
    'what is aborted': `AbortSignal.abort().throwIfAborted();`,
    inspect: `import { inspect } from 'node:util'; [inspect('x'), inspect({ a: { b: { c: {} } } }, { depth: 0 }), typeof inspect.custom]`,
    "tslab's interface": `import * as tslab from 'tslab'; tslab.display.html('<b>x</b>'); tslab.display.markdown('*m*'); tslab.display.png(new Uint8Array([1, 2]));
tslab.display.raw('text/plain', 'raw'); tslab.display.svg('<svg/>'); tslab.newDisplay().text('own'); [tslab.versions.tslab, tslab.versions.typescript]`,
    "tslab's display that changes": `const changing = tslab.newDisplay(); changing.text('first'); changing.text('second');`,
  },
  results: {
    'a class and its instances': `class Model { layers = [1, 2]; name = 'm' } ; [new Model(), Model]`,
    'nested and long': `({ a: { b: { c: { d: { e: { f: 1 } } } } }, long: 'word '.repeat(40), list: Array.from({ length: 120 }, (_, i) => i * 1000) })`,
    'a function': `(x: number) => x`,
    'a promise that waits': `new Promise(() => {})`,
    'a generator': `(function* () { yield 1; })()`,
    'big and small': `[1e21, -0, 1 / 3, 10n ** 20n, Number.MAX_VALUE, NaN, Infinity, 0.1 + 0.2]`,
    'an error as a value': `new RangeError('as a value')`,
    'what throws while it is shown': `new (class Shown { [Symbol.for('Jupyter.display')]() { throw new Error('from display'); } })()`,
  },
  // Earlier versions of Node print these differently.
  [sinceNode24]: {
    'symbols as keys': `const k = Symbol('k'); console.log({ [k]: 1, a: 2 }); console.dir({ [Symbol.for('nodejs.util.inspect.custom')]: () => 'custom' }); ({ [k]: [k] })`,
    buffers: `console.log(new ArrayBuffer(4), new DataView(new ArrayBuffer(2))); new Uint8Array(2).buffer`,
    'assert with an object': `console.assert(false, { a: 1 } as any);`,
  },
  'what goes wrong': {
    'an error with causes': `function outer(): never { try { JSON.parse('{'); } catch (cause) { throw new Error('the outer reason', { cause }); } }
outer();`,
    'a cause that is no error': `throw new Error('outer', { cause: { code: 7 } });`,
    'several errors': `await Promise.any([Promise.reject(new Error('one')), Promise.reject(new TypeError('two'))]);`,
    'several errors with a message': `throw new AggregateError([new Error('a'), 'b', new AggregateError([1], 'c')], 'many');`,
    text: `throw 'just text';`,
    'a number': `throw 42;`,
    null: `throw null;`,
    undefined: `throw undefined;`,
    'an object': `throw { code: 7, inner: { a: [1] } };`,
    'a symbol': `throw Symbol('s');`,
    'a function': `throw function named() {};`,
    'an error with more to say': `throw Object.assign(new Error('no file'), { code: 'ENOENT', path: '/x' });`,
    'an error that was rejected': `const wait = (ms: number) => new Promise((go) => setTimeout(go, ms));
async function later() { await wait(5); throw new Error('after a while'); }
await later();`,
    'an error in what is called back': `[3, 1].sort((a, b) => { throw new Error('in sort'); });`,
    'of null': `const nothing: any = null;
nothing.field;`,
    'not a function': `const object: any = {};
object.method();`,
    'of the language': `new Array(-1);`,
    'before it is declared': `const early = () => soon; early(); const soon = 1;`,
    'in the words of the cell': `const fixed = { a: 1 } as { a: number }; Object.freeze(fixed); fixed.a = 2;`,
    'in a timer': `setTimeout(() => { throw new Error('in a timer'); }, 10);`,
    'text in a timer': `setTimeout(() => { throw 'text in a timer'; }, 10);`,
    'null in a timer': `setTimeout(() => { throw null; }, 10);`,
    'in an interval': `const once = setInterval(() => { clearInterval(once); throw new TypeError('in an interval'); }, 10);`,
    'in a microtask': `queueMicrotask(() => { throw new Error('in a microtask'); });`,
    'a rejection that nobody handles': `void Promise.reject(new Error('nobody waits'));`,
    'a rejection with a cause': `void (async () => { throw new Error('rejected', { cause: new RangeError('why') }); })();`,
    'a rejection that is no error': `void Promise.reject({ code: 7 }); void Promise.reject(undefined); void Promise.reject('text');`,
    'a rejection that is handled late': `const lost = Promise.reject(new Error('late')); setTimeout(() => lost.catch(() => console.log('caught')), 50);`,
    'a rejection that is handled in time': `const held = Promise.reject(new Error('in time')); held.catch(() => console.log('caught'));`,
    'several rejections': `void Promise.any([Promise.reject(new Error('one'))]); void Promise.all([Promise.reject(new Error('all')), Promise.reject(new Error('other'))]);`,
    'an error of a class of its own': `class ShapeMismatch extends Error { constructor(readonly shape: number[]) { super('shapes'); } }
throw new ShapeMismatch([1, 2]);`,
    'a type error': `const wrong: number = 'text';`,
    'a syntax error': `let = = 2;`,
    'an error of the library': `import { tensor } from 'gradlab';
tensor([1, 2]).matmul(tensor([1, 2, 3]));`,
    'an error of the library with a cause': `import { tensor } from 'gradlab';
try { tensor([1, 2]).matmul(tensor([1, 2, 3])); } catch (cause) { throw new Error('step failed: ' + (cause as Error).message, { cause }); }`,
    'an error of the library that is printed': `import { tensor } from 'gradlab';
try { tensor([1, 2]).matmul(tensor([1, 2, 3])); } catch (error) { console.log((error as Error).stack); }`,
    'a module that lacks a name': `import { nn } from 'gradlab'; nn.nothing;`,
    'a part of a module that lacks a name': `import * as whole from 'gradlab'; whole.optim.nothing;`,
    'a name that is not there': `thereIsNoSuchName;`,
  },
};

describeInChromium('cells in a page beside the same cells in Node', () => {
  let node: Kernel;
  let page: PageKernel;

  beforeAll(async () => {
    [node, page] = await Promise.all([Kernel.start(), PageKernel.start()]);
  });

  afterAll(async () => {
    await Promise.all([node?.stop(), page?.stop()]);
    await PageKernel.closePage();
  });

  describe.each(Object.entries(cells))('%s', (group, named) => {
    const isKnown = group !== sinceNode24 || Number.parseInt(process.versions.node, 10) >= 24;
    test.runIf(isKnown).each(Object.entries(named))('%s', async (_, cell) => {
      const ended = await Promise.all([run(node, cell), run(page, cell)]);
      // For late output that only one of them has.
      await sleep(group === 'what goes wrong' && /setTimeout|setInterval|queueMicrotask|void /.test(cell) ? later : 50);
      // For output after a reply in either, such as a warning, which is later on a busy machine.
      const outcomes = () => ended.map(outcomeOf);
      let [expected, found] = outcomes();
      for (const end = Date.now() + patience; Date.now() < end && !isDeepStrictEqual(found, expected); ) {
        await sleep(20);
        [expected, found] = outcomes();
      }
      expect(found).toEqual(expected);
    });
  });
});

test('the declarations for pages have no errors of their own', () => {
  const file = `${paths.root}/kernel-setup/kernel-in-page/types/browser.d.ts`;
  const lib = ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'];
  const program = ts.createProgram([file], { lib, types: [], noEmit: true, strict: true });
  const problems = ts.getPreEmitDiagnostics(program);
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
});
