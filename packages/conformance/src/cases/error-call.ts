/**
 * A call with bad arguments as JSON data. Tensors are described by shape and dtype (they hold zeros); numbers that JSON
 * cannot hold are written as `{ number: 'NaN' }`.
 */

/** An argument: a plain JSON value, a described tensor, or a number outside JSON. */
export type ErrorArgument =
  | null
  | boolean
  | number
  | string
  | readonly ErrorArgument[]
  | { readonly shape: readonly number[]; readonly dtype?: 'float32' | 'int32' | 'bool' | 'complex64' | 'string' }
  | { readonly number: 'NaN' | 'Infinity' | '-Infinity' };

export interface ErrorCall {
  readonly operation: 'hetConv2d' | 'fused.hetConv2d';
  /** The three tensors, the bias, and every option, by the names under which a caller passes them. Absent: not given. */
  readonly arguments: Readonly<Record<string, ErrorArgument>>;
}
