/** The part of a case id that spells a request: `k3s2d1p4/m10n6/same/h5w7/b3`. */
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

function pairId(pair: Pair): string {
  if (typeof pair === 'number') return `${pair}`;
  return pair[0] === pair[1] ? `${pair[0]}` : pair.join('x');
}

function padId(pad: Padding): string {
  if (typeof pad === 'string') return pad;
  return typeof pad === 'number' ? `pad${pad}` : `pad${[...pad[1], ...pad[2]].join('.')}`;
}
