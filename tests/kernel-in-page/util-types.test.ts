import node from 'node:util/types';
import { expect, test } from 'vitest';
import {
  isDate,
  isMap,
  isNativeError,
  isRegExp,
  isSet,
  isStringObject,
  isTypedArray,
} from '../../kernel-setup/kernel-in-page/stand-ins/util-types';

class Dates extends Date {}
class Lists extends Float64Array {}

const values: Record<string, unknown> = {
  nothing: undefined,
  null: null,
  number: 1,
  text: 'text',
  symbol: Symbol('one'),
  plain: {},
  list: [1],
  function: () => 1,
  date: new Date(0),
  'invalid date': new Date(Number.NaN),
  'date of a class': new Dates(0),
  'prototype of dates': Date.prototype,
  'what only has the prototype of dates': Object.create(Date.prototype),
  map: new Map([[1, 2]]),
  'weak map': new WeakMap(),
  'prototype of maps': Map.prototype,
  set: new Set([1]),
  'iterator of a map': new Map().entries(),
  pattern: /a/g,
  'prototype of patterns': RegExp.prototype,
  'what calls itself a pattern': { [Symbol.toStringTag]: 'RegExp', source: 'a' },
  'typed array': new Float32Array(2),
  'typed array of a class': new Lists(2),
  buffer: Buffer.from('a'),
  view: new DataView(new ArrayBuffer(2)),
  memory: new ArrayBuffer(2),
  'what calls itself a typed array': { [Symbol.toStringTag]: 'Float32Array' },
  'object of a text': new String('a'),
  'object of a number': new Number(1),
  error: new Error('a'),
  'error of a class': new RangeError('a'),
  'error of the page': new DOMException('a'),
};

const standIn = { isDate, isMap, isSet, isRegExp, isTypedArray, isStringObject, isNativeError };
const kinds = Object.keys(standIn) as (keyof typeof standIn)[];

test.each(kinds)('%s in a page returns what it returns in Node', (kind) => {
  // Without Error.isError, an error is anything with the class, such as a DOMException.
  const unsure = kind === 'isNativeError' && !('isError' in Error) ? ['error of the page'] : [];
  for (const [name, value] of Object.entries(values))
    if (!unsure.includes(name)) expect(standIn[kind](value), name).toBe(node[kind](value));
});

test('runs no getter of a value', () => {
  const value = {};
  const refuse = () => {
    throw new Error('a getter ran');
  };
  for (const name of [Symbol.toStringTag, 'size', 'source', 'valueOf', 'getTime', 'stack'])
    Object.defineProperty(value, name, { get: refuse });
  for (const kind of kinds) expect(standIn[kind](value)).toBe(false);
});
