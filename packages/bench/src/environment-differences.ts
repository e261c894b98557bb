/** What differs between the places of two results. */

export interface EnvironmentDifference {
  /** `cpu`, `backends.wasm.instructionSet` */
  readonly fact: string;
  readonly before: string | number | boolean | null;
  readonly after: string | number | boolean | null;
}

/** Differ between any two runs. */
const VOLATILE: readonly string[] = ['date', 'load', 'loadAtEnd'];

/**
 * Facts that both results have with different values. What only one of them says is no difference: a later version says more,
 * and rows without a counterpart are listed themselves.
 */
export function environmentDifferences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): EnvironmentDifference[] {
  const known = new Map(leaves(before));
  return leaves(after).flatMap(([fact, value]) => {
    const old = known.get(fact);
    if (old === undefined || old === value || VOLATILE.includes(fact.slice(fact.lastIndexOf('.') + 1))) return [];
    return [{ fact, before: old, after: value }];
  });
}

type Leaf = string | number | boolean | null;

function leaves(facts: object, prefix = ''): [string, Leaf][] {
  return Object.entries(facts).flatMap(([name, value]: [string, unknown]): [string, Leaf][] =>
    typeof value === 'object' && value !== null ? leaves(value, `${prefix}${name}.`) : [[prefix + name, value as Leaf]],
  );
}
