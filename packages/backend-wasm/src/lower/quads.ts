/**
 * The target channels of a pass as vectors of up to 4 ("quads") that share a source vector, and quads in groups of two.
 * For P = 1 and 2 any 4 neighbours form a quad. Else the lanes of a quad are neighbouring residues, never across a
 * multiple of P nor across the residue at which the depth changes (P does not divide the source channels).
 */
import { residueDepth } from '@hetconv/core';
import type { Load } from '../emit/sum-kernel.ts';

export interface Quad {
  /** First target channel; lane j is channel + j. */
  readonly channel: number;
  /** Lanes that exist, 1 to 4. */
  readonly lanes: number;
  /** First source channel of the ring. */
  readonly source: number;
  /** Ring steps of every lane. */
  readonly depth: number;
}

/** Groups of one kind: the same kernel runs them all. */
export interface GroupKind {
  readonly load: Load;
  readonly quads: 1 | 2;
  /** The quads of a group read neighbouring source vectors rather than the same. */
  readonly separate: boolean;
  readonly groups: readonly (readonly Quad[])[];
}

/** The way in which the ring of this many source channels is read. */
export function loadOf(sourceChannels: number, part: number): Load {
  if (part === 1) return 'splat';
  return part === 2 && sourceChannels % 2 === 0 ? 'pair' : 'quad';
}

export function groupKinds(sourceChannels: number, targetChannels: number, part: number): GroupKind[] {
  const load = loadOf(sourceChannels, part);
  const columns =
    load === 'quad'
      ? residueColumns(sourceChannels, targetChannels, part)
      : [neighbours(sourceChannels, targetChannels, part)];
  const shared: Quad[][] = [];
  const rest: Quad[] = [];
  for (const column of columns) {
    for (let i = 0; i + 1 < column.length; i += 2) shared.push([column[i], column[i + 1]]);
    if (column.length % 2 === 1) rest.push(column[column.length - 1]);
  }
  const separate: Quad[][] = [];
  const single: Quad[][] = [];
  for (let i = 0; i < rest.length; i++) {
    const [quad, next] = [rest[i], rest[i + 1]];
    if (next !== undefined && next.source === quad.source + 4 && next.depth === quad.depth) {
      separate.push([quad, next]);
      i++;
    } else {
      single.push([quad]);
    }
  }
  const kinds: GroupKind[] = [
    { load, quads: 2, separate: false, groups: shared },
    { load, quads: 2, separate: true, groups: separate },
    { load, quads: 1, separate: false, groups: single },
  ];
  return kinds.filter(({ groups }) => groups.length > 0);
}

/** P = 1 or 2: every quad reads from source channel 0 on. */
function neighbours(sourceChannels: number, targetChannels: number, part: number): Quad[] {
  const quads: Quad[] = [];
  for (let channel = 0; channel < targetChannels; channel += 4) {
    const lanes = Math.min(4, targetChannels - channel);
    quads.push({ channel, lanes, source: 0, depth: sourceChannels / part });
  }
  return quads;
}

/** For each run of up to 4 residues, its quads: target channels residue, residue + P, residue + 2P, ... */
function residueColumns(sourceChannels: number, targetChannels: number, part: number): Quad[][] {
  const columns: Quad[][] = [];
  const edges = [0, sourceChannels % part, part];
  for (let segment = 0; segment < 2; segment++) {
    for (let source = edges[segment]; source < edges[segment + 1]; source += 4) {
      const width = Math.min(4, edges[segment + 1] - source);
      const column: Quad[] = [];
      for (let channel = source; channel < targetChannels; channel += part) {
        const lanes = Math.min(width, targetChannels - channel);
        column.push({ channel, lanes, source, depth: residueDepth(sourceChannels, part, source) });
      }
      if (column.length > 0) columns.push(column);
    }
  }
  return columns;
}
