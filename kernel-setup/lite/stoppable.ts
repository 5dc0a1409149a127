// Has every loop of a cell ask now and then whether to go on: a worker cannot be interrupted from outside. With `turn` for
// what a cell is given:
//
//   for (…) body   →   { let count = 0; for (…) { if ((count = count + 1 & 1023) === 0) turn(); body } }
//
// A counter for each loop stays in a register; one for the whole cell would make loops five times slower. A function that
// calls itself needs no check: it ends when the stack is full.
import { ts } from '../kernel/compiler/typescript';
import { given } from '../kernel/given-names';

const COUNT = '__gradlab_count';
/** Of this many turns, one asks: a power of two. */
const every = 1024;

export function stoppable(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory: f } = context;
  const count = () => f.createIdentifier(COUNT);
  const number = (value: number) => f.createNumericLiteral(value);

  const ask = () => {
    const next = f.createBitwiseAnd(f.createAdd(count(), number(1)), number(every - 1));
    const isTime = f.createStrictEquality(
      f.createParenthesizedExpression(f.createAssignment(count(), next)),
      number(0),
    );
    const turn = f.createPropertyAccessExpression(f.createIdentifier(given.flow), 'turn');
    return f.createIfStatement(isTime, f.createExpressionStatement(f.createCallExpression(turn, undefined, [])));
  };

  const counted = (loop: ts.Statement) => {
    const declaration = f.createVariableDeclaration(COUNT, undefined, undefined, number(0));
    const list = f.createVariableDeclarationList([declaration], ts.NodeFlags.Let);
    return f.createBlock([f.createVariableStatement(undefined, list), loop]);
  };

  /** The loop with the question at the head of its body. */
  function asking(node: ts.IterationStatement): ts.IterationStatement {
    const loop = ts.visitEachChild(node, visit, context);
    const { statement } = loop;
    // A loop that is the whole body has become a block, of its own counter.
    const body = ts.isBlock(node.statement)
      ? f.updateBlock(statement as ts.Block, [ask(), ...(statement as ts.Block).statements])
      : f.createBlock([ask(), statement]);
    if (ts.isForStatement(loop))
      return f.updateForStatement(loop, loop.initializer, loop.condition, loop.incrementor, body);
    if (ts.isForOfStatement(loop))
      return f.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body);
    if (ts.isForInStatement(loop)) return f.updateForInStatement(loop, loop.initializer, loop.expression, body);
    if (ts.isWhileStatement(loop)) return f.updateWhileStatement(loop, loop.expression, body);
    return f.updateDoStatement(loop as ts.DoStatement, body, (loop as ts.DoStatement).expression);
  }

  function visit(node: ts.Node): ts.Node {
    if (ts.isIterationStatement(node, false)) return counted(asking(node));
    if (ts.isLabeledStatement(node)) return labelled(node);
    return ts.visitEachChild(node, visit, context);
  }

  /** `continue` names the loop that its labels stand at. */
  function labelled(node: ts.LabeledStatement): ts.Node {
    const within = (one: ts.LabeledStatement): ts.LabeledStatement | undefined => {
      const { statement } = one;
      if (ts.isIterationStatement(statement, false)) return f.updateLabeledStatement(one, one.label, asking(statement));
      const inner = ts.isLabeledStatement(statement) ? within(statement) : undefined;
      return inner && f.updateLabeledStatement(one, one.label, inner);
    };
    const loop = within(node);
    return loop === undefined ? ts.visitEachChild(node, visit, context) : counted(loop);
  }

  return (file) => ts.visitEachChild(file, visit, context);
}
