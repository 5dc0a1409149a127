// Code behind an `await` still belongs to its request, and an interrupt is its end. With `flow` for the name that begins with
// `__gradlab_`:
//
//   await x                       flow.resume(flow.here(), await x)
//   try { await x }               { const p = flow.here(); try { … }
//   catch (e) { … }          →    catch (e) { flow.resume(p); … }
//   finally { … }                 finally { flow.restore(p); … } }
//   for await (const x of xs) …   { const p = flow.here(); for await (const x of xs) { flow.resume(p); … } flow.resume(p); }
//
// What any `catch` catches is first put into the words of who typed the cell: catch (e) { flow.caught(e); … }
import { given } from '../given-names';
import { ts } from './typescript';

/** To be used on JavaScript: what TypeScript makes of newer syntax may wait as well. */
export function keepRequests(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory } = context;
  let parents = 0;

  const call = (name: 'here' | 'resume' | 'restore' | 'caught', ...args: ts.Expression[]) =>
    factory.createCallExpression(
      factory.createPropertyAccessExpression(factory.createIdentifier(given.flow), name),
      undefined,
      args,
    );
  const statement = (name: 'resume' | 'restore', parent: string) =>
    factory.createExpressionStatement(call(name, factory.createIdentifier(parent)));

  /** Puts a statement into a block that remembers the request under a name. */
  const remembering = (make: (parent: string) => ts.Statement[]): ts.Block => {
    const parent = `${given.parent}${parents++}`;
    const variable = factory.createVariableDeclaration(parent, undefined, undefined, call('here'));
    const list = factory.createVariableDeclarationList([variable], ts.NodeFlags.Const);
    return factory.createBlock([factory.createVariableStatement(undefined, list), ...make(parent)]);
  };

  const loop = (labelled: ts.Statement, node: ts.ForOfStatement) =>
    remembering((parent) => {
      const { awaitModifier, initializer, expression } = node;
      const body = factory.createBlock([
        statement('resume', parent),
        ts.visitNode(node.statement, visit) as ts.Statement,
      ]);
      const updated = factory.updateForOfStatement(
        node,
        awaitModifier,
        ts.visitNode(initializer, visit) as ts.ForInitializer,
        ts.visitNode(expression, visit) as ts.Expression,
        body,
      );
      return [withLabels(labelled, updated), statement('resume', parent)];
    });

  const withLabels = (node: ts.Statement, inner: ts.Statement): ts.Statement =>
    ts.isLabeledStatement(node)
      ? factory.updateLabeledStatement(node, node.label, withLabels(node.statement, inner))
      : inner;

  const attempt = (node: ts.TryStatement) =>
    remembering((parent) => {
      const { tryBlock, catchClause, finallyBlock } = ts.visitEachChild(node, visit, context);
      const first = (name: 'resume' | 'restore', block: ts.Block) =>
        factory.updateBlock(block, [statement(name, parent), ...block.statements]);
      const caught =
        catchClause &&
        factory.updateCatchClause(catchClause, catchClause.variableDeclaration, first('resume', catchClause.block));
      const last = finallyBlock && first('restore', finallyBlock);
      return [factory.updateTryStatement(node, tryBlock, caught, last)];
    });

  /** What is caught is first put into the words of who typed the cell. */
  const catching = (node: ts.CatchClause): ts.CatchClause => {
    const { variableDeclaration, block } = ts.visitEachChild(node, visit, context);
    if (variableDeclaration === undefined) return factory.updateCatchClause(node, undefined, block);
    const { name } = variableDeclaration;
    const isName = ts.isIdentifier(name);
    const error = isName ? name : factory.createIdentifier(`${given.value}_caught`);
    const noted = call('caught', error);
    const first = isName
      ? factory.createExpressionStatement(noted)
      : factory.createVariableStatement(
          undefined,
          factory.createVariableDeclarationList(
            [factory.createVariableDeclaration(name, undefined, undefined, noted)],
            ts.NodeFlags.Let,
          ),
        );
    return factory.updateCatchClause(
      node,
      isName ? variableDeclaration : factory.createVariableDeclaration(error),
      factory.updateBlock(block, [first, ...block.statements]),
    );
  };

  function visit(node: ts.Node): ts.Node {
    if (ts.isCatchClause(node)) return catching(node);
    if (ts.isAwaitExpression(node)) return call('resume', call('here'), ts.visitEachChild(node, visit, context));
    if (ts.isTryStatement(node) && waits(node)) return attempt(node);
    if (ts.isLabeledStatement(node) || ts.isForOfStatement(node)) {
      const inner = unlabelled(node);
      if (ts.isForOfStatement(inner) && inner.awaitModifier !== undefined) return loop(node, inner);
    }
    return ts.visitEachChild(node, visit, context);
  }

  return (file) => ts.visitEachChild(file, visit, context);
}

const unlabelled = (node: ts.Statement): ts.Statement =>
  ts.isLabeledStatement(node) ? unlabelled(node.statement) : node;

/** Whether something is waited for, in the function to which the node itself belongs. */
export function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, waits) ?? false;
}
