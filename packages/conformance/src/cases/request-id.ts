/** The part of a case id that spells a request, `k3s2d1p4/m10n6/same/h5w7/b3`, and the way back. */
import type { Pair, Padding, PlanRequest } from '@hetconv/core';

/** Two requests have the same id exactly when they are the same request. */
export function requestId(request: PlanRequest): string {
  const [batch, height, width, inChannels] = request.inputShape;
  const window = `k${pairId(request.kernelSize)}s${pairId(request.strides ?? 1)}d${pairId(request.dilations ?? 1)}`;
  const rounding = request.dimRoundingMode === undefined ? '' : `-${request.dimRoundingMode}`;
  return [
    `${window}p${request.part}`,
    `m${inChannels}n${request.outChannels}`,
    `${padId(request.pad)}${rounding}`,
    `h${height}w${width}`,
    `b${batch}`,
  ].join('/');
}

const SPELLED =
  /k(?<kernel>[\dx]+)s(?<strides>[\dx]+)d(?<dilations>[\dx]+)p(?<part>\d+)\/m(?<m>\d+)n(?<n>\d+)\/(?<pad>same|valid|pad[\d.]+)(?:-(?<rounding>floor|round|ceil))?\/h(?<height>\d+)w(?<width>\d+)\/b(?<batch>\d+)/;

/** The request that is spelled somewhere in a case id, if any; not checked against the specification. */
export function requestOf(caseId: string): PlanRequest | undefined {
  const found = SPELLED.exec(caseId)?.groups;
  if (found === undefined) return undefined;
  const { kernel, strides, dilations, part, m, n, pad, rounding, height, width, batch } = found;
  return {
    inputShape: [Number(batch), Number(height), Number(width), Number(m)],
    outChannels: Number(n),
    part: Number(part),
    kernelSize: pairOf(kernel),
    strides: pairOf(strides),
    dilations: pairOf(dilations),
    pad: padOf(pad),
    ...(rounding === undefined ? {} : { dimRoundingMode: rounding as 'floor' | 'round' | 'ceil' }),
  };
}

function pairId(pair: Pair): string {
  if (typeof pair === 'number') return `${pair}`;
  return pair[0] === pair[1] ? `${pair[0]}` : pair.join('x');
}

function pairOf(id: string): Pair {
  const [first, second] = id.split('x').map(Number);
  return second === undefined ? first : [first, second];
}

function padId(pad: Padding): string {
  if (typeof pad === 'string') return pad;
  return typeof pad === 'number' ? `pad${pad}` : `pad${[...pad[1], ...pad[2]].join('.')}`;
}

function padOf(id: string): Padding {
  if (id === 'same' || id === 'valid') return id;
  const sides = id.slice('pad'.length).split('.').map(Number);
  if (sides.length === 1) return sides[0];
  const [top, bottom, left, right] = sides;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
