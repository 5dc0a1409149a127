// Parser of the op table's expressions: the generator of loops passes them to JavaScript as text; that of vector
// kernels traverses these trees.

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression };

/** Precedence of the operators. */
const strength: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '===': 3,
  '!==': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
};
/** Signs before an operand, as calls of functions. */
const signs: Readonly<Record<string, string>> = { '-': 'neg', '!': 'not' };

const known: Readonly<Record<string, number>> = {
  Infinity: Number.POSITIVE_INFINITY,
  NaN: Number.NaN,
  'Math.PI': Math.PI,
  'Math.SQRT1_2': Math.SQRT1_2,
};

/**
 * Parses a JavaScript expression of numbers, names, operators (as calls, named by their sign), function calls and `?`
 * choices; `null` for any other syntax.
 */
export function parse(text: string): Expression | null {
  const tokens = text.match(/\d[\d.]*(?:e-?\d+)?|[A-Za-z][\w.]*|===|!==|&&|\|\||[<>]=?|\S/g) ?? [];
  let at = 0;
  let isUnderstood = true;
  const take = (token: string) => tokens[at] === token && ++at > 0;
  const expect = (token: string) => {
    isUnderstood &&= take(token);
  };

  function operand(): Expression {
    const token = tokens[at++] ?? '';
    if (token in signs) return { kind: 'call', name: signs[token], args: [operand()] };
    if (token === '(') {
      const inner = choice();
      expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (token in known) return { kind: 'number', value: known[token] };
    isUnderstood &&= /^\w/.test(token);
    if (!take('(')) return { kind: 'name', name: token };
    const args = [choice()];
    while (take(',')) args.push(choice());
    expect(')');
    return { kind: 'call', name: token, args };
  }

  function operation(weakest: number): Expression {
    let left = operand();
    for (;;) {
      const name = tokens[at];
      const binds = strength[name] ?? 0;
      if (binds < weakest) return left;
      at++;
      left = { kind: 'call', name, args: [left, operation(binds + 1)] };
    }
  }

  function choice(): Expression {
    const test = operation(1);
    if (!isUnderstood || !take('?')) return test;
    const yes = choice();
    expect(':');
    return { kind: 'choice', test, yes, no: choice() };
  }

  const tree = choice();
  return isUnderstood && at === tokens.length ? tree : null;
}

/** Operations that round their result. */
const rounding = new Set(['+', '-', '*', '/', 'Math.sqrt']);
/** Functions that return one of their operands or its negative, so that rounding before equals rounding after. */
const keeping = new Set(['neg', 'Math.abs', 'Math.min', 'Math.max', 'copySign', 'bounded', 'narrow']);
/** Functions with a boolean or integer result, which is exact. */
const exact = new Set([
  ...['===', '!==', '<', '<=', '>', '>=', '&&', '||', 'not'],
  ...['Math.floor', 'Math.ceil', 'Math.trunc', 'halfToEven'],
]);

/**
 * Returns the number of roundings of a result; `Infinity` if a rounded value influences more than the result, or a
 * function must be approximated. With at most one rounding, computing in float32 equals computing in float64 and
 * rounding at the end.
 */
export function roundings(e: Expression): number {
  if (e.kind === 'name') return 0;
  if (e.kind === 'number') return Object.is(Math.fround(e.value), e.value) ? 0 : Number.POSITIVE_INFINITY;
  if (e.kind === 'choice')
    return roundings(e.test) === 0 ? Math.max(roundings(e.yes), roundings(e.no)) : Number.POSITIVE_INFINITY;
  const before = Math.max(...e.args.map(roundings));
  if (keeping.has(e.name)) return before;
  if (before > 0) return Number.POSITIVE_INFINITY;
  return rounding.has(e.name) ? 1 : exact.has(e.name) ? 0 : Number.POSITIVE_INFINITY;
}
