/** What a backend is known not to do yet, as data. A gap is an expected failure: if its cases pass, the gap must go. */

export interface KnownGap {
  /** tfjs backend name. */
  readonly backend: string;
  /** A case id; `*` stands for any run of characters. */
  readonly match: string;
  /** Why, for a person: whose limitation it is. */
  readonly reason: string;
}

/** The first gap that a case falls into. */
export function gapOf(gaps: Iterable<KnownGap>, caseId: string): KnownGap | undefined {
  for (const gap of gaps) if (matches(gap.match, caseId)) return gap;
  return undefined;
}

/** True where `pattern`, with `*` for any run of characters, spells the whole id. */
export function matches(pattern: string, caseId: string): boolean {
  const [head, ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === caseId;
  if (!caseId.startsWith(head)) return false;
  const tail = rest.pop() ?? '';
  let from = head.length;
  for (const piece of rest) {
    const at = caseId.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return caseId.length - tail.length >= from && caseId.endsWith(tail);
}
