import type { Snippets } from '.';

const text = JSON.stringify;
/** Schedules a call for when the loop is idle. */
const later = (ms: number, call: string) =>
  `import asyncio\nasyncio.get_running_loop().call_later(${ms / 1000}, ${call});`;
const display = (bundle: object, options = '') => `from IPython.display import display
import json
_ = display(json.loads(${text(text(bundle))}), raw=True${options});`;
/** A result whose method throws. */
const throwing = (method: string) => `class Broken:\n  def ${method}: raise ValueError("from ${method}")\nBroken()`;

/** Python with ipykernel's API. The protocol was designed with this kernel, so it shows that the checks are fair. */
export const python = {
  languageInfo: { name: 'python', file_extension: '.py', mimetype: /python/ },

  print: (line) => `print(${text(line)})\n`,
  printError: (line) => `import sys\n_ = sys.stderr.write(${text(`${line}\n`)})\n`,
  write: (what) => `import sys\n_ = sys.stdout.write(${text(what)})\n`,
  writeError: (what) => `import sys\n_ = sys.stderr.write(${text(what)})\n`,
  sleep: (ms) => `import asyncio\nawait asyncio.sleep(${ms / 1000})\n`,
  loopFor: (ms) => `import time\nend = time.time() + ${ms / 1000}\nwhile time.time() < end: pass\n`,
  forever: 'while True: pass',
  raise: (message) => `raise ValueError(${text(message)})\n`,
  declare: (name, value) => `${name} = ${text(value)}\n`,
  assign: (name, value) => `${name} = ${text(value)}\n`,
  comment: (words) => `# ${words}`,
  printLines: (count) => `for i in range(${count}): print("line", i)`,
  writeLarge: (block, times) => `for i in range(${times}): print(${text(block)} + str(i))`,
  printLater: (line, ms) => later(ms, `lambda: print(${text(line)})`),

  voidCells: ['void_constant = 1', 'def void_function(): pass', 'None', 'void_function()', 'class VoidClass: pass'],
  falsy: ['0', 'False', '""'],
  object: '{"alpha": 1, "beta": "two", "gamma": [1, 2]}',
  suppressed: ['40 + 2;', '[1];'],
  rich: `class Rich:
  def _repr_mimebundle_(self, **_): return {"text/html": "<b>rich</b>", "text/plain": "rich"}
Rich()`,
  richAsync: undefined,
  display: (bundle) => display(bundle),
  displayAs: (id, bundle) => display(bundle, `, display_id=${text(id)}`),
  displayAgain: (id, bundle) => display(bundle, `, display_id=${text(id)}, update=True`),
  clear: (wait) => `from IPython.display import clear_output\nclear_output(wait=${wait ? 'True' : 'False'})\n`,

  hugeCell: (lines) =>
    `${Array.from({ length: lines - 1 }, (_, i) => `huge${i} = ${i ? `huge${i - 1} + 1` : '0'}`).join('\n')}\nhuge${lines - 2}`,

  awaitedError: 'import asyncio; await asyncio.sleep(0)\n\nraise ValueError("line three")',
  failingFunction: '# one\ndef failDeep():\n  raise ValueError("deep")',
  failingCall: '# one\n# two\n# three\n# four\nfailDeep()',
  cause: 'raise ValueError("the outer reason") from TypeError("the inner reason")',
  customErrors: { ShapeMismatch: 'class ShapeMismatch(Exception): pass\nraise ShapeMismatch("3 is not 4")' },
  thrownValues: ['raise "just text"', 'raise 42', 'raise None'],
  syntaxError: 'syntax_a = 1\nx = = 2',
  typeErrorCell: undefined,

  redeclare: [
    ['again = 1\nclass Shape: a = 1\ndef act(): return 1', 'again + act()', '2'],
    ['again = "x"\nclass Shape: b = "y"\ndef act(): return "z"', 'again + Shape().b + act()', 'xyz'],
  ],
  liveBinding: {
    first: 'counter = 0\ndef increase():\n  global counter\n  counter += 1\n  return counter',
    second: 'counter = 10',
    call: 'increase()',
    read: 'counter',
  },
  destructuring: {
    cell: 'p, (r, *rest) = 1, (2, 3, 4)',
    read: '(p, r, len(rest))',
    shown: /1, 2, 2/,
  },
  decorators: {
    cell: 'def twice(f): return lambda *a: 2 * f(*a)\nclass Decorated:\n  @twice\n  def five(self): return 5',
    read: 'Decorated().five()',
    shown: /10/,
  },
  topLevelAwait: {
    cell: 'import asyncio\nawaited = await asyncio.sleep(0, 20)',
    read: 'await asyncio.sleep(0, awaited + 1)',
  },
  awaitParentheses: 'import asyncio\nx = await (asyncio.sleep(0, 6))\nx + (await (asyncio.sleep(0, 1)))',
  forAwait: `async def numbers():
  for n in (1, 2, 3): yield n
total = 0
async for n in numbers(): total += n
total`,
  importStandard: 'import os.path\nos.path.basename("/a/b.c")',
  importNamed: { cell: 'from os.path import basename\nbasename("/a/named.c")', shown: 'named.c' },
  local: {
    file: 'local_part.py',
    module: (value) => `value = ${value}\n`,
    use: 'import local_part\nlocal_part.value',
    useAgain: 'import importlib, local_part\nimportlib.reload(local_part).value',
  },
  fresh: {
    file: 'fresh_part.py',
    module: 'greeting = "good morning"\n',
    use: 'from fresh_part import greeting\ngreeting',
  },

  completeMember: { setUp: 'word = "abc"', code: 'word.upp', gives: 'word.upper' },
  completeKey: {
    setUp: 'config = {"learning_rate": 1}',
    code: 'config["learn',
    gives: /^config\["learning_rate"?\]?$/,
  },
  completeInCell: { setUp: '', code: 'own_name = 1\nown_na', gives: 'own_name = 1\nown_name' },
  completeImport: { setUp: 'import os.path as node_path', code: 'node_path.basen', gives: 'node_path.basename' },
  completeInImport: { setUp: '', code: 'from os.path import basen|', gives: 'from os.path import basename' },
  completeUnicode: {
    setUp: 'word = "abc"',
    code: 'smile = "😀😀"; word.upp',
    gives: 'smile = "😀😀"; word.upper',
  },
  inspect: {
    setUp: 'def addUp(first, second):\n  "Adds two numbers."\n  return first + second',
    code: 'addU|p(1, 2)',
    shows: [/addUp/, /first/, /second/, /Adds two numbers\./],
  },
  inspectLibrary: { code: 'ma|x(1, 2)', shows: [/max/, /iterable/, /biggest/] },
  complete: ['a = 1', 'if True:\n  print(1)\n', '', '[x + 1 for x in (1, 2)]'],
  incomplete: ['def f():', 'a = [1,', '"""begun', 'if True:'],
  invalid: ['x = = 2', 'a = )', 'foo(]'],

  openComm: (target) => `from comm import create_comm
comm = create_comm(target_name=${text(target)}, data={"hello": 1})
comm.on_msg(lambda m: comm.send({"echo": m["content"]["data"]}))`,
  registerTarget: (target) => `def opened(comm, opening):
  comm.send({"opened": opening["content"]["data"]})
  comm.on_msg(lambda m: comm.send({"echo": m["content"]["data"]}, buffers=m["buffers"]))
get_ipython().kernel.comm_manager.register_target(${text(target)}, opened)`,
  commWithBuffers: `from comm import create_comm
with_buffers = create_comm(target_name="buffers", data={})
with_buffers.send({"n": 3}, buffers=[bytes([0, 1, 255])])`,
  widget: 'import ipywidgets\nipywidgets.IntSlider(value=3, min=0, max=10)',
  input: (prompt) => `answer = input(${text(prompt)})`,
  password: (prompt) => `import getpass\nanswer = getpass.getpass(${text(prompt)})`,

  pendingAwait: 'import asyncio\nawait asyncio.sleep(1000)',
  loopAfterAwait: 'import asyncio\nawait asyncio.sleep(0)\nwhile True: pass',
  loopAfterTimer: 'import asyncio\nawait asyncio.sleep(0.1)\nwhile True: pass',

  lostRejection: `import asyncio, gc
async def lose(): raise ValueError("lost rejection")
task = asyncio.ensure_future(lose())
await asyncio.sleep(0.1)
del task; _ = gc.collect()`,
  throwingTimer: `def tick(): raise ValueError("thrown by a timer")\n${later(100, 'tick')}`,
  exit: 'import os\nos._exit(3)',
  recursion: 'def recurse(): return recurse() + 1\nrecurse()',
  enormous: 'enormous = {"list": list(range(10**6))}\nenormous["self"] = enormous\nenormous',
  throwingGetters: [throwing('__repr__(self)'), throwing('_repr_html_(self)')],
} satisfies Snippets;
