/**
 * Every error that hetconv throws on purpose: classes with a stable `code`, so that callers branch on data and not on prose.
 * Each message names what was wrong, what was found and what is accepted.
 */

export type HetConvErrorCode =
  | 'invalid-argument'
  | 'kernel-not-registered'
  | 'registration-conflict'
  | 'unsupported'
  | 'out-of-memory'
  | 'device-lost';

export class HetConvError extends Error {
  // Written out here and in each subclass: a minifier renames classes.
  override readonly name: string = 'HetConvError';
  readonly code: HetConvErrorCode;

  constructor(code: HetConvErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An argument was refused before anything was computed. */
export class InvalidArgumentError extends HetConvError {
  override readonly name: string = 'InvalidArgumentError';
  /** The operation that refused, e.g. `hetConv2d`. */
  readonly operation: string;
  /** The argument as the caller names it, e.g. `part`. */
  readonly argument: string;

  /**
   * @param got what the argument was; shown as JSON
   * @param accepted the rule it broke, as the end of the sentence "... must be"
   */
  constructor(operation: string, argument: string, got: unknown, accepted: string) {
    super('invalid-argument', `${operation}: ${argument} must be ${accepted}, but was ${show(got)}.`);
    this.operation = operation;
    this.argument = argument;
  }
}

/** Backend packages that are not called after the tfjs backend. */
const PACKAGES: Readonly<Record<string, string>> = { tensorflow: 'node' };

/** The current tfjs backend has no HetConv kernels. */
export class KernelNotRegisteredError extends HetConvError {
  override readonly name: string = 'KernelNotRegisteredError';
  readonly backend: string;

  constructor(operation: string, backend: string) {
    super(
      'kernel-not-registered',
      `${operation}: no HetConv kernels are registered for the tfjs backend '${backend}'. ` +
        `Import '@hetconv/backend-${PACKAGES[backend] ?? backend}/register' if that package exists, ` +
        `or call registerComposed('${backend}') from '@hetconv/core' to run on stock tfjs kernels.`,
    );
    this.backend = backend;
  }
}

/** Two different implementations claim the same backend. */
export class RegistrationConflictError extends HetConvError {
  override readonly name: string = 'RegistrationConflictError';

  constructor(backend: string, registered: string, refused: string) {
    super(
      'registration-conflict',
      `HetConv kernels of ${registered} are already registered for the tfjs backend '${backend}'; ` +
        `those of ${refused} were refused. Register one of them only, or call unregisterHetConvKernels('${backend}') first.`,
    );
  }
}

/** A valid request that this backend or environment cannot serve. */
export class UnsupportedError extends HetConvError {
  override readonly name: string = 'UnsupportedError';

  constructor(message: string, options?: ErrorOptions) {
    super('unsupported', message, options);
  }
}

/** A backend could not allocate. */
export class OutOfMemoryError extends HetConvError {
  override readonly name: string = 'OutOfMemoryError';
  readonly bytes: number;

  constructor(backend: string, purpose: string, bytes: number) {
    super('out-of-memory', `The ${backend} backend could not allocate ${bytes} bytes for ${purpose}.`);
    this.bytes = bytes;
  }
}

/** A GPU device or context is gone; its tensors cannot be read any more. */
export class DeviceLostError extends HetConvError {
  override readonly name: string = 'DeviceLostError';

  constructor(backend: string, reason: string, options?: ErrorOptions) {
    super('device-lost', `The device of the ${backend} backend was lost: ${reason}.`, options);
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return typeof value === 'function' ? 'a function' : `${value as number | boolean | null | undefined}`; // JSON would turn NaN into null
}
