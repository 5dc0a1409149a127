// Node's V8 looks whether it shall end where a function begins, and in loops that it has optimized. In others it looks only
// after thousands of rounds: `for (;;) JSON.parse(text)` would go on for minutes. So a loop of a cell that calls something calls
// a function of the kernel as well, `for (…) { flow.poll(); body }`, of which nothing is left where the loop is optimized. It is
// also where an interrupt ends a loop by an error, so that `finally` runs: so any loop within a `try` that has one looks.
import { given } from '../given-names';
import { withBody } from './loop-body';
import { ts } from './typescript';

/** Whether something is called, other than in a function that is made there. */
const calls = (node: ts.Node): boolean =>
  ts.isCallOrNewExpression(node) ||
  ts.isTaggedTemplateExpression(node) ||
  (!ts.isFunctionLike(node) && ts.forEachChild(node, calls) === true);

export function stoppableLoops(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory: f } = context;

  function polling(body: ts.Statement): ts.Block {
    const poll = f.createPropertyAccessExpression(f.createIdentifier(given.flow), 'poll');
    const call = f.createExpressionStatement(f.createCallExpression(poll, undefined, []));
    return ts.isBlock(body) ? f.updateBlock(body, [call, ...body.statements]) : f.createBlock([call, body]);
  }

  /** How many statements with a `finally` there are around. */
  let tries = 0;

  function visit(node: ts.Node): ts.Node {
    const isTry = ts.isTryStatement(node) && node.finallyBlock !== undefined;
    if (isTry) tries++;
    const loop = ts.visitEachChild(node, visit, context);
    if (isTry) tries--;
    if (!ts.isIterationStatement(loop, false) || (tries === 0 && !calls(node))) return loop;
    return withBody(f, loop, polling(loop.statement));
  }

  return (file) => ts.visitEachChild(file, visit, context);
}
