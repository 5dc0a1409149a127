// Code after an `await` keeps its request, and an interrupt cancels it. With `flow` for the name with the prefix
// `__gradlab_`:
//
//   await x                       flow.resume(flow.here(), await x)
//   try { await x }               { const p = flow.here(); try { … }
//   catch (e) { … }          →    catch (e) { flow.resume(p); … }
//   finally { … }                 finally { flow.restore(p); … } }
//   for await (const x of xs) …   { const p = flow.here(); for await (const x of xs) { flow.resume(p); … } flow.resume(p); }
//
// A `catch` first maps the error back to the cell's source: catch (e) { flow.caught(e); … }
//
// In a `try` with a `finally`, awaits reject on an interrupt, so that cleanup runs (cells/interrupt/cleanup.ts):
//
//   try { await x; for await (const y of ys) … } finally { … }   →
//     { const g = flow.guard(); try { flow.resume(flow.here(), await flow.wait(g, x)); for await (const y of flow.each(g, ys)) … }
//       finally { flow.cleanup(g, false); … } }
//
// A `finally` with an `await` reports its end: finally { flow.cleanup(g, true); try { … } finally { flow.left(g); } }
import { given } from '../given-names';
import { ts } from './typescript';

type Call = 'here' | 'resume' | 'caught' | 'guard' | 'wait' | 'each' | 'cleanup' | 'left';

/** For JavaScript: code that TypeScript emits for newer syntax may contain awaits too. */
export function keepRequests(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory } = context;
  let parents = 0;
  /** The guard's name in the enclosing `try` of the same function. */
  let guard: string | undefined;

  const call = (name: Call, ...args: ts.Expression[]) =>
    factory.createCallExpression(
      factory.createPropertyAccessExpression(factory.createIdentifier(given.flow), name),
      undefined,
      args,
    );
  const id = (name: string) => factory.createIdentifier(name);
  const statement = (name: Call, ...args: ts.Expression[]) => factory.createExpressionStatement(call(name, ...args));

  /** Makes a block that stores the request, or a guard, in a variable. */
  const remembering = (make: (parent: string) => ts.Statement[], what: 'here' | 'guard' = 'here'): ts.Block => {
    const parent = `${given.parent}${parents++}`;
    const variable = factory.createVariableDeclaration(parent, undefined, undefined, call(what));
    const list = factory.createVariableDeclarationList([variable], ts.NodeFlags.Const);
    return factory.createBlock([factory.createVariableStatement(undefined, list), ...make(parent)]);
  };

  const loop = (labelled: ts.Statement, node: ts.ForOfStatement) =>
    remembering((parent) => {
      const { awaitModifier, initializer, expression } = node;
      const body = factory.createBlock([
        statement('resume', id(parent)),
        ts.visitNode(node.statement, visit) as ts.Statement,
      ]);
      const source = ts.visitNode(expression, visit) as ts.Expression;
      const updated = factory.updateForOfStatement(
        node,
        awaitModifier,
        ts.visitNode(initializer, visit) as ts.ForInitializer,
        guard === undefined ? source : call('each', id(guard), source),
        body,
      );
      return [withLabels(labelled, updated), statement('resume', id(parent))];
    });

  const withLabels = (node: ts.Statement, inner: ts.Statement): ts.Statement =>
    ts.isLabeledStatement(node)
      ? factory.updateLabeledStatement(node, node.label, withLabels(node.statement, inner))
      : inner;

  /** Visits `try` and `catch` with a guard; a `finally` has the enclosing one. */
  const guardedBy = <T>(name: string | undefined, make: () => T): T => {
    const around = guard;
    guard = name;
    try {
      return make();
    } finally {
      guard = around;
    }
  };

  const withFirst = (first: ts.Statement, { statements }: ts.Block) =>
    factory.createBlock([first, ...statements], true);

  const attempt = (node: ts.TryStatement) => {
    const { finallyBlock } = node;
    return remembering(
      (parent) => {
        const [tryBlock, catchClause] = guardedBy(finallyBlock === undefined ? guard : parent, () => [
          ts.visitNode(node.tryBlock, visit) as ts.Block,
          ts.visitNode(node.catchClause, visit) as ts.CatchClause | undefined,
        ]);
        const request = finallyBlock && factory.createPropertyAccessExpression(id(parent), 'parent');
        const resumed = statement('resume', request ?? id(parent));
        const caught =
          catchClause &&
          factory.updateCatchClause(
            catchClause,
            catchClause.variableDeclaration,
            withFirst(resumed, catchClause.block),
          );
        return [factory.updateTryStatement(node, tryBlock, caught, finallyBlock && withCleanup(parent, finallyBlock))];
      },
      finallyBlock === undefined ? 'here' : 'guard',
    );
  };

  const withCleanup = (parent: string, block: ts.Block): ts.Block => {
    const waiting = waits(block);
    const visited = ts.visitNode(block, visit) as ts.Block;
    const begin = statement('cleanup', id(parent), waiting ? factory.createTrue() : factory.createFalse());
    if (!waiting) return withFirst(begin, visited);
    const left = factory.createBlock([statement('left', id(parent))]);
    return factory.createBlock([begin, factory.createTryStatement(visited, undefined, left)], true);
  };

  /** Maps a caught error back to the cell's source. */
  const catching = (node: ts.CatchClause): ts.CatchClause => {
    const { variableDeclaration, block } = ts.visitEachChild(node, visit, context);
    const name = variableDeclaration?.name;
    const error = name !== undefined && ts.isIdentifier(name) ? name : id(`${given.value}_caught`);
    const noted = call('caught', error);
    const first =
      name === undefined || name === error
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
      name === error ? variableDeclaration : factory.createVariableDeclaration(error),
      factory.updateBlock(block, [first, ...block.statements]),
    );
  };

  function visit(node: ts.Node): ts.Node {
    if (ts.isCatchClause(node)) return catching(node);
    if (ts.isFunctionLike(node)) return guardedBy(undefined, () => ts.visitEachChild(node, visit, context));
    if (ts.isAwaitExpression(node)) {
      const value = ts.visitNode(node.expression, visit) as ts.Expression;
      const waited = guard === undefined ? value : call('wait', id(guard), value);
      return call('resume', call('here'), factory.updateAwaitExpression(node, waited));
    }
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

/** Whether the node contains an `await` in its own function. */
export function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, waits) ?? false;
}
