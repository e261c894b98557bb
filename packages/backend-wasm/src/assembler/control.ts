/** Locals and structured control: the few forms that the kernels use. */
import { type Code, unsigned } from './encoding.ts';
import { i32 } from './instructions.ts';

export type ValueType = 'i32' | 'f32' | 'v128';

export const VALUE_TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** A parameter or local variable of one function. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** The variables of a function that is being written; parameters come first. */
export class Scope {
  readonly params: readonly ValueType[];
  readonly locals: ValueType[] = [];

  constructor(params: readonly ValueType[]) {
    this.params = params;
  }

  /** The parameters, in order. */
  arguments(): Local[] {
    return this.params.map((_, index) => variable(index));
  }

  local(type: ValueType): Local {
    this.locals.push(type);
    return variable(this.params.length + this.locals.length - 1);
  }

  many(type: ValueType, count: number): Local[] {
    return Array.from({ length: count }, () => this.local(type));
  }
}

function variable(index: number): Local {
  const at = unsigned(index);
  return { get: [0x20, ...at], set: (value) => [...value, 0x21, ...at] };
}

export const sequence = (...statements: readonly Code[]): Code => statements.flat();

/** variable += bytes */
export const advance = (pointer: Local, bytes: number): Code => pointer.set(i32.add(pointer.get, i32.constant(bytes)));

const VOID = 0x40;

export const when = (condition: Code, then: Code, otherwise?: Code): Code =>
  otherwise === undefined
    ? [...condition, 0x04, VOID, ...then, 0x0b]
    : [...condition, 0x04, VOID, ...then, 0x05, ...otherwise, 0x0b];

/** Runs `body` `counter` times; counts it down to 0. A counter of 0 or less: not at all. */
export const repeat = (counter: Local, body: Code, decrement = 1): Code =>
  when(i32.greater(counter.get, i32.constant(decrement - 1)), [
    0x03,
    VOID,
    ...body,
    ...advance(counter, -decrement),
    ...i32.greater(counter.get, i32.constant(decrement - 1)),
    0x0d,
    0,
    0x0b,
  ]);

export const call = (functionIndex: number, ...args: readonly Code[]): Code => [
  ...args.flat(),
  0x10,
  ...unsigned(functionIndex),
];
