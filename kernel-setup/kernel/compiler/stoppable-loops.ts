// Node's V8 looks whether it shall end where a function begins, and in loops that it has optimized. In others it looks only
// after thousands of rounds: `for (;;) JSON.parse(text)` would go on for minutes. So a loop of a cell that calls something calls
// a function of the kernel as well, `for (…) { flow.look(); body }`, of which nothing is left where the loop is optimized.
import { given } from '../given-names';
import { ts } from './typescript';

/** Whether something is called, other than in a function that is made there. */
const calls = (node: ts.Node): boolean =>
  ts.isCallOrNewExpression(node) ||
  ts.isTaggedTemplateExpression(node) ||
  (!ts.isFunctionLike(node) && ts.forEachChild(node, calls) === true);

export function stoppableLoops(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory: f } = context;

  function looking(body: ts.Statement): ts.Block {
    const look = f.createPropertyAccessExpression(f.createIdentifier(given.flow), 'look');
    const call = f.createExpressionStatement(f.createCallExpression(look, undefined, []));
    return ts.isBlock(body) ? f.updateBlock(body, [call, ...body.statements]) : f.createBlock([call, body]);
  }

  function visit(node: ts.Node): ts.Node {
    const loop = ts.visitEachChild(node, visit, context);
    if (!ts.isIterationStatement(loop, false) || !calls(node)) return loop;
    const body = looking(loop.statement);
    if (ts.isForStatement(loop))
      return f.updateForStatement(loop, loop.initializer, loop.condition, loop.incrementor, body);
    if (ts.isForOfStatement(loop))
      return f.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body);
    if (ts.isForInStatement(loop)) return f.updateForInStatement(loop, loop.initializer, loop.expression, body);
    if (ts.isWhileStatement(loop)) return f.updateWhileStatement(loop, loop.expression, body);
    return f.updateDoStatement(loop as ts.DoStatement, body, (loop as ts.DoStatement).expression);
  }

  return (file) => ts.visitEachChild(file, visit, context);
}
