import { ts } from './typescript';

/** The innermost node at a position. Blanks before a node belong to it. */
export function nodeAt(file: ts.SourceFile, place: number): ts.Node {
  const within = (node: ts.Node): ts.Node =>
    ts.forEachChild(node, (child) => (child.pos <= place && place < child.end ? within(child) : undefined)) ?? node;
  return within(file);
}
