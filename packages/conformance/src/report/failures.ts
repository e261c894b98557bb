/** Failures, skips and known gaps put in the order in which a person reads them, and the command that runs a case again. */
import { FAMILIES, type Family } from '../cases/case.ts';
import type { BackendReport, CaseFailure, CaseSkip } from './report.ts';

/** For what belongs to no family: coverage of variants, stale known gaps, the provider itself. */
export const WHOLE = 'the suite as a whole';

/** The family of a case, by its id. */
export function sectionOf(id: string): Family | typeof WHOLE {
  const name = id.slice(0, id.indexOf('/'));
  return FAMILIES.find((family) => family === name) ?? WHOLE;
}

/**
 * The command that runs a failed case again; for what only a whole run demands, the whole run.
 *
 * @param backend as the report names it
 */
export function replayCommand(backend: string, id: string, seed: number): string {
  const one = sectionOf(id) === WHOLE ? '' : ` --case ${id}`;
  return `hetconv conformance --backends ${backend.split(' ')[0]}${one} --seed ${seed}`;
}

/** What went wrong, without the hint how to replay it: for where {@link replayCommand} stands beside it. */
export function messageOf({ message }: CaseFailure): string {
  return message.replace(/ \(seed -?\d+(?:; replay with [^)]*)?\)$/, '');
}

/** The case with the least to look at: the shortest description of a small layer, then the first. */
export function simplestFailure(failures: readonly CaseFailure[]): CaseFailure | undefined {
  const [first, ...rest] = failures;
  return rest.reduce((best, next) => (workOf(next.id) < workOf(best.id) ? next : best), first);
}

/** Positions times channels of the layer that an id spells; ids without one come last. */
function workOf(id: string): number {
  const sizes = /\/m(\d+)n(\d+)\/[^/]+\/h(\d+)w(\d+)\/b(\d+)/.exec(id);
  return sizes === null ? Infinity : sizes.slice(1).reduce((product, size) => product * (Number(size) + 1), 1);
}

export interface Reason {
  readonly reason: string;
  readonly ids: readonly string[];
}

/** Skipped cases by why they were skipped. */
export function skipReasons(skips: readonly CaseSkip[]): Reason[] {
  const reasons = new Map<string, string[]>();
  for (const { id, reason } of skips) reasons.set(reason, [...(reasons.get(reason) ?? []), id]);
  return [...reasons].map(([reason, ids]) => ({ reason, ids }));
}

/** Known gaps by what is known, those that came to nothing left out. */
export function gapReasons({ knownGaps }: Pick<BackendReport, 'knownGaps'>): Reason[] {
  const reasons = new Map<string, string[]>();
  for (const { reason, cases } of knownGaps) reasons.set(reason, [...(reasons.get(reason) ?? []), ...cases]);
  return [...reasons].map(([reason, ids]) => ({ reason, ids })).filter(({ ids }) => ids.length > 0);
}

/** `float32 (eps 2^-23), flushes subnormals`; undefined where it was not measured. */
export function deviceText({ device }: Pick<BackendReport, 'device'>): string | undefined {
  if (device === undefined) return undefined;
  const bits = Math.round(-Math.log2(device.eps));
  const name = { 23: 'float32', 10: 'half precision' }[bits];
  const precision = name === undefined ? `eps 2^-${bits}` : `${name} (eps 2^-${bits})`;
  return `${precision}, ${device.flushesSubnormals ? 'flushes' : 'keeps'} subnormals`;
}
