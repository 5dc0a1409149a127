// Makes every loop and function of a cell poll, because a worker cannot be interrupted from outside. With `flow` and `calls`
// for names with the prefix `__gradlab_`:
//
//   for (…) body     →   { let left = 16, most = 16; for (…) { if (--left < 0) left = most = flow.pollLoop(most); body } }
//   function () {…}  →   function () { if (--calls[0] < 0) flow.pollCall(); … }
//   x => y           →   x => (--calls[0] < 0 && flow.pollCall(), y)
//   catch {…}        →   catch { flow.pollLoop(0); … }
//
// Each loop has its own counter, which stays in a register. Functions share one: most are short, and call each other or are
// called by code outside the cell, such as `forEach`. The interval between polls adapts to a loop's speed. A `catch` polls,
// because it may have caught the interrupt.
import { withBody } from '../kernel/compiler/loop-body';
import { ts } from '../kernel/compiler/typescript';
import { given } from '../kernel/given-names';

const names = { left: '__gradlab_left', most: '__gradlab_most', calls: '__gradlab_calls' } as const;
/** Iterations of a loop before its first poll. */
const first = 16;

/** A directive, such as 'use strict', must remain first. */
const isDirective = (one: ts.Statement) => ts.isExpressionStatement(one) && ts.isStringLiteral(one.expression);

export function stoppable(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory: f } = context;
  const id = (name: keyof typeof names) => f.createIdentifier(names[name]);
  const number = (value: number) => f.createNumericLiteral(value);
  const flow = (name: 'pollLoop' | 'pollCall' | 'calls') =>
    f.createPropertyAccessExpression(f.createIdentifier(given.flow), name);
  const poll = (name: 'pollLoop' | 'pollCall', ...args: ts.Expression[]) =>
    f.createCallExpression(flow(name), undefined, args);
  const isSpent = (counter: ts.Expression) =>
    f.createLessThan(f.createPrefixDecrement(counter as ts.UnaryExpression), number(0));
  const declare = (flags: ts.NodeFlags, ...variables: [name: keyof typeof names, value: ts.Expression][]) =>
    f.createVariableStatement(
      undefined,
      f.createVariableDeclarationList(
        variables.map(([name, value]) => f.createVariableDeclaration(id(name), undefined, undefined, value)),
        flags,
      ),
    );
  const before = (statement: ts.Statement, block: ts.Block) => {
    const first = block.statements.findIndex((one) => !isDirective(one));
    const at = first < 0 ? block.statements.length : first;
    return f.updateBlock(block, [...block.statements.slice(0, at), statement, ...block.statements.slice(at)]);
  };

  const inLoop = () => {
    const next = f.createAssignment(id('left'), f.createAssignment(id('most'), poll('pollLoop', id('most'))));
    return f.createIfStatement(isSpent(id('left')), f.createExpressionStatement(next));
  };
  const counted = (loop: ts.Statement) =>
    f.createBlock([declare(ts.NodeFlags.Let, ['left', number(first)], ['most', number(first)]), loop]);

  /** The loop with a poll at the start of its body. */
  function polling(node: ts.IterationStatement): ts.IterationStatement {
    const loop = ts.visitEachChild(node, visit, context);
    const { statement } = loop;
    // A loop without braces around its body has become a block, with its own counter.
    const body = ts.isBlock(node.statement)
      ? f.updateBlock(statement as ts.Block, [inLoop(), ...(statement as ts.Block).statements])
      : f.createBlock([inLoop(), statement]);
    return withBody(f, loop, body);
  }

  const calls = () => isSpent(f.createElementAccessExpression(id('calls'), 0));
  /** Blocks that are function bodies: rewritten nodes do not know their parent. */
  const bodies = new WeakSet<ts.Node>();

  function visit(node: ts.Node): ts.Node {
    if (ts.isIterationStatement(node, false)) return counted(polling(node));
    if (ts.isLabeledStatement(node)) return labelled(node);
    // The kernel's own accessors are not rewritten.
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === given.define)
      return node;
    if (ts.isFunctionLike(node) && 'body' in node && node.body) bodies.add(node.body as ts.Node);
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isCatchClause(visited))
      return f.updateCatchClause(
        visited,
        visited.variableDeclaration,
        before(f.createExpressionStatement(poll('pollLoop', number(0))), visited.block),
      );
    if (ts.isArrowFunction(visited) && !ts.isBlock(visited.body)) {
      const polled = f.createLogicalAnd(calls(), poll('pollCall'));
      const body = f.createParenthesizedExpression(f.createComma(polled, visited.body));
      const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken } = visited;
      return f.updateArrowFunction(visited, modifiers, typeParameters, parameters, type, equalsGreaterThanToken, body);
    }
    if (ts.isBlock(visited) && bodies.has(node))
      return before(f.createIfStatement(calls(), f.createExpressionStatement(poll('pollCall'))), visited);
    return visited;
  }

  /** Labels stay at their loop, because `continue` refers to them. */
  function labelled(node: ts.LabeledStatement): ts.Node {
    const within = (one: ts.LabeledStatement): ts.LabeledStatement | undefined => {
      const { statement } = one;
      if (ts.isIterationStatement(statement, false))
        return f.updateLabeledStatement(one, one.label, polling(statement));
      const inner = ts.isLabeledStatement(statement) ? within(statement) : undefined;
      return inner && f.updateLabeledStatement(one, one.label, inner);
    };
    const loop = within(node);
    return loop === undefined ? ts.visitEachChild(node, visit, context) : counted(loop);
  }

  return (file) => {
    const { statements } = ts.visitEachChild(file, visit, context);
    const whole = f.createBlock([...statements]);
    return f.updateSourceFile(file, before(declare(ts.NodeFlags.Const, ['calls', flow('calls')]), whole).statements);
  };
}
