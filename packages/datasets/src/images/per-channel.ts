/** Options that are given per channel, or once for all of them. */
import { DatasetArgumentError } from '../errors.ts';

export type PerChannel = number | readonly number[];

export interface ValueRule {
  readonly accepts: (value: number) => boolean;
  /** As the end of the sentence "... must be". */
  readonly accepted: string;
}

/** Of a pixel as stored. */
export const BYTE_VALUE: ValueRule = {
  accepts: (value) => value >= 0 && value <= 255,
  accepted: 'a number from 0 to 255',
};

/** @throws DatasetArgumentError for another number of values than one or `channels`, or values that are not accepted */
export function perChannel(
  operation: string,
  argument: string,
  value: PerChannel,
  channels: number,
  rule: ValueRule,
): readonly number[] {
  const values = typeof value === 'number' ? Array.from({ length: channels }, () => value) : value;
  if (Array.isArray(values) && values.length === channels && values.every(rule.accepts)) return values;
  const several = channels === 1 ? '' : `, or [${channels} of them]`;
  throw new DatasetArgumentError(operation, argument, value, `${rule.accepted}${several}`);
}
