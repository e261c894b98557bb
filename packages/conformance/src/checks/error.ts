/** A bad call: refused by the right error about the right argument, before anything has run. */
import { type DataType, getBackend, getKernel, type Tensor, tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import { fused, hetConv2d } from '@hetconv/core';
import type { ErrorCase } from '../cases/case.ts';
import type { ErrorArgument, ErrorCall } from '../cases/error-call.ts';
import { type CaseContext, Skipped } from '../run/context.ts';
import { sizeOf } from '../oracle/values.ts';
import { Mismatch } from './compare.ts';

type Decoded = Tensor | string | number | boolean | null | readonly Decoded[];

export async function checkError(test: ErrorCase, context: CaseContext): Promise<number> {
  const thrown = call(test.call, context);
  const { error, code, argument } = test.expect;
  const wanted = `${error} '${code}'${argument === undefined ? '' : ` about '${argument}'`}`;
  if (thrown === undefined) throw new Mismatch(`The call was accepted; expected ${wanted}.`);
  const found = thrown as NamedError;
  // By name, not instanceof: a backend package may carry its own copy of the error classes.
  if (!(thrown instanceof Error) || thrown.name !== error || found.code !== code || found.argument !== argument) {
    throw new Mismatch(`Expected ${wanted}, got ${describeError(thrown)}.`);
  }
  if (argument !== undefined && !String(found.message).includes(argument)) {
    throw new Mismatch(`The message does not name '${argument}': ${String(found.message)}`);
  }
  return 0;
}

function call({ operation, arguments: args }: ErrorCall, context: CaseContext): unknown {
  const decoded: Record<string, Decoded> = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, decode(value, context)]),
  );
  try {
    if (operation === 'hetConv2d') {
      const { x, pointwise, spatial, ...options } = decoded;
      context.own(Reflect.apply(hetConv2d, undefined, [x, pointwise, spatial, options]));
    } else {
      context.own(Reflect.apply(fused.hetConv2d, undefined, [decoded]));
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

function decode(value: ErrorArgument, context: CaseContext): Decoded {
  if (Array.isArray(value)) return value.map((entry: ErrorArgument) => decode(entry, context));
  if (typeof value !== 'object' || value === null) return value;
  if ('number' in value) return Number(value.number);
  if ('shape' in value) return context.own(described(value.shape, value.dtype));
  return null;
}

function described(shape: readonly number[], dtype: DataType = 'float32'): Tensor {
  // In a tidy, for tfjs leaves the parts of complex zeros behind.
  if (dtype === 'complex64' && getKernel('Complex', getBackend()) == null) {
    throw new Skipped(`the stock ${getBackend()} backend cannot make complex64 tensors`);
  }
  if (dtype !== 'string') return tidy(() => zeros([...shape], dtype));
  return tensor(
    Array.from({ length: sizeOf(shape) }, () => ''),
    [...shape],
    'string',
  );
}

/** What the errors of hetconv carry beside a message. */
interface NamedError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly argument?: unknown;
  readonly message?: unknown;
}

/** Class, code and argument of whatever was thrown, for a message. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${String(thrown)}, which is no error`;
  const { name, code, argument, message }: NamedError = thrown;
  const about = typeof argument === 'string' ? ` about '${argument}'` : '';
  return `${String(name)} '${String(code)}'${about}: ${String(message)}`;
}
