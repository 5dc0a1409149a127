// Stacks of errors, which each engine writes in its own way.

/** `name@file:line:column`, as Firefox and Safari write a frame; without a name Safari leaves out the @. */
const frame = /^(?:([^@:]*)@)?(\S.*):(\d+):(\d+)$/;
/** Safari's name for code outside functions. */
const ofNoFunction = /^(?:global|eval|module) code$|^anonymous$/;
/** Firefox: `f/g` is g in f, `f/<` a function without a name in f, `async*f` what awaited the frames above. */
const called = /^(async)?\*?(?:.*\/)?([^<]*)/;
/** Code made of a text, and the engine's own. */
const ofNoFile = / line \d+ > |^self-hosted$|^\[native code\]$/;

/**
 * The frames of a stack, one in each line, as V8 writes them: `    at name (file:line:column)`.
 * @param error whose stack it is: outside V8 it begins with its constructors, which are left out
 * @internal
 */
export function framesOf(stack: string, error?: object): string[] {
  const lines = stack.split('\n');
  const frames = lines.filter((line) => /^\s+at /.test(line));
  if (frames.length > 0) return frames;
  const parts = lines.flatMap(partsOf);
  const constructors = constructorsOf(error);
  const first = parts.findIndex(({ name }) => !constructors.has(name));
  return parts
    .slice(first < 0 ? 0 : first)
    .map(({ before, name, place }) => `    at ${before}${name ? `${name} (${place})` : place}`);
}

function partsOf(line: string): { before: string; name: string; place: string }[] {
  const [, whole = '', file, row, column] = frame.exec(line) ?? [];
  if (file === undefined) return [];
  const [, async, last = ''] = called.exec(whole)!;
  const place = ofNoFile.test(file) ? '<anonymous>' : `${file}:${row}:${column}`;
  return [{ before: async ? 'async ' : '', name: ofNoFunction.test(last) ? '' : last, place }];
}

function constructorsOf(error: object | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (let of = error; of; of = Object.getPrototypeOf(of))
    if (Object.hasOwn(of, 'constructor')) names.add(of.constructor.name);
  return names;
}
