// V8 checks for termination at function entries and in optimised loops. In other loops it checks only after thousands of
// iterations: `for (;;) JSON.parse(text)` would continue for minutes. So a loop that contains a call also calls an empty
// function of the kernel, `for (…) { flow.poll(); body }`, which optimised code removes. There, an interrupt can throw, so
// that `finally` runs. So every loop in a `try` with a `finally` polls too.
import { given } from '../given-names';
import { withBody } from './loop-body';
import { ts } from './typescript';

/** Whether the node contains a call, outside of nested functions. */
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

  /** Number of enclosing `try` statements with a `finally`. */
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
