// `_` is the last result, with its type, until a cell declares the name.
import { nothing, type Snippet, testSnippets } from '../support/snippets';

const snippets: Snippet[] = [
  ['there is none yet', ['_'], /cell:1:1 TS2304 Cannot find name '_'/],
  ['a result, and the result of using it', ['20 + 1', '_ * 2', '_'], 42],
  [
    'it has a type',
    ['"text"', '_.length', '[_]', '_[0].toUpperCase()'],
    /TS2339 Property 'toUpperCase' does not exist on type 'number'/,
  ],
  ['a type of the cell itself', ['class Point { constructor(public x = 1) {} }\nnew Point(3)', '_.x'], 3],
  [
    'a type that the cell has not named',
    [
      { 'made.ts': 'export class Made { n = 4 } export const make = () => new Made();' },
      'import { make } from "./made"; make()',
      'const n: number = _.n; n',
    ],
    4,
  ],
  ['a function', ['(a: number, b = 1) => a + b', '_(1)'], 2],
  ['what is awaited', ['await Promise.resolve([1, 2])', '_.map((x) => x + 1)'], [2, 3]],
  ['the same value', ['const kept = { a: 1 }\nkept', '_ === kept'], true],
  ['null', ['null', '_'], null],
  ['it stays where a cell has no result', ['"kept"', 'void 0', 'console.log(1)', 'const other = 5', '6;', '_'], 'kept'],
  ['it stays where a cell fails', ['throw new Error("x")\n1'], /Error: x/],
  ['as it was', ['_'], 'kept'],
  ['it can be assigned', ['_ = "given"', '_'], 'given'],
  ['it is seen in functions', ['const seen = () => _', '7', 'seen()'], 7],
  ['parameters of the name are their own', ['[1, 2].map((_) => _)', '[5].map((_, i) => i)'], [0]],
  ['a cell may declare the name', ['const [_, second] = [10, 20]', '"passing"', '[_, second]'], [10, 20]],
  ['and again', ['const _ = { map: () => 1 }', '8', '_.map()'], 1],
  ['a declaration alone is no result', ['const _ = 3'], nothing],
];

testSnippets(snippets);
