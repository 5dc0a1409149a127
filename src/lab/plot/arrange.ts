/**
 * Places the nodes of a graph that is read from left to right. Nodes without inputs get rows in the order of a
 * traversal from the results; other nodes are centred on their inputs. `columnOf` returns the column, by default as
 * many from the right as the longest path to a result has edges.
 */
export function arrange<T>(
  results: readonly T[],
  inputsOf: (node: T) => readonly T[],
  columnOf?: (node: T) => number,
): Map<T, [number, number]> {
  const order: T[] = [];
  const rows = new Map<T, number>();
  let next = 0;
  const settle = (node: T): number => {
    const known = rows.get(node);
    if (known !== undefined) return known;
    const inputs = [...new Set(inputsOf(node))];
    const row = inputs.length ? inputs.map(settle).reduce((a, b) => a + b, 0) / inputs.length : next++;
    rows.set(node, row);
    order.push(node);
    return row;
  };
  results.forEach(settle);
  const distance = new Map<T, number>();
  for (const node of [...order].reverse()) {
    const own = distance.get(node) ?? 0;
    distance.set(node, own);
    for (const input of inputsOf(node)) distance.set(input, Math.max(distance.get(input) ?? 0, own + 1));
  }
  const most = Math.max(...distance.values());
  const places = new Map<T, [number, number]>();
  for (const [node, row] of rows)
    places.set(node, [columnOf ? columnOf(node) : most - distance.get(node)!, next - 1 - row]);
  return separated(places);
}

/** Separates overlapping nodes of one column. */
function separated<T>(places: Map<T, [number, number]>): Map<T, [number, number]> {
  const columns = new Map<number, [number, number][]>();
  for (const place of places.values()) columns.set(place[0], [...(columns.get(place[0]) ?? []), place]);
  for (const column of columns.values()) {
    column.sort((a, b) => a[1] - b[1]);
    for (const [i, place] of column.entries()) {
      if (i > 0) place[1] = Math.max(place[1], column[i - 1]![1] + 0.8);
    }
  }
  return places;
}
