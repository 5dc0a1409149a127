// Finds the declared name that a misspelt one resembles most.

/**
 * The most similar name, the first of equals. The distance must be less than 40 % of the length plus one, as in
 * TypeScript.
 */
export function similarTo(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.floor(0.4 * name.length) + 1;
  for (const other of names) {
    if (other === name || Math.abs(other.length - name.length) >= least) continue;
    const changes = other.toLowerCase() === name.toLowerCase() ? 0.5 : distance(name, other);
    if (changes >= least) continue;
    best = other;
    least = changes;
  }
  return best;
}

/** Edit distance: insertion or deletion 1, substitution 2, transposition 1. */
function distance(from: string, to: string): number {
  let [before, last] = [[] as number[], Array.from({ length: to.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 2));
      const isTurned = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isTurned) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[to.length];
}
