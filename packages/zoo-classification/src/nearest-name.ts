/** Which of some names was meant. */

/**
 * The name with the fewest insertions, deletions and replacements, the first of equals; one that begins with what was
 * written goes first, so that 'resnet50' means 'resnet50-imagenet' and not 'resnet20-cifar'.
 */
export function nearestName(wanted: string, names: readonly string[]): string {
  const text = wanted.toLowerCase();
  const beginning = names.find((name) => text.length > 0 && name.startsWith(text));
  if (beginning !== undefined) return beginning;
  const scored = names.map((name) => ({ name, distance: editDistance(text, name) }));
  return scored.reduce((best, candidate) => (candidate.distance < best.distance ? candidate : best)).name;
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
