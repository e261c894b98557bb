/**
 * Every error that this package throws on purpose: classes with a stable `code`. A message about a file names the file,
 * what was found in it and what is accepted.
 */

export type DatasetErrorCode = 'invalid-argument' | 'data-not-found' | DataFileErrorCode;

/** What can be wrong with a file. */
export type DataFileErrorCode =
  /** It cannot be opened or read. */
  | 'unreadable-file'
  /** It is something else than what the reader reads. */
  | 'foreign-file'
  /** It ends too early. */
  | 'truncated-file'
  /** It goes on after its end. */
  | 'trailing-bytes'
  /** A header field has a value that cannot be. */
  | 'invalid-header'
  | 'label-out-of-range'
  /** Two files that belong together, or a file and its set, disagree on the number of samples. */
  | 'count-mismatch'
  | 'checksum-mismatch'
  /** Compressed data or an image does not decode. */
  | 'corrupt-file'
  /** A valid image of a kind that is not decoded here. */
  | 'unsupported-image'
  | 'image-too-large';

export class DatasetError extends Error {
  // Written out here and in each subclass: a minifier renames classes.
  override readonly name: string = 'DatasetError';
  readonly code: DatasetErrorCode;

  constructor(code: DatasetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An argument was refused before anything was read or computed. */
export class DatasetArgumentError extends DatasetError {
  override readonly name: string = 'DatasetArgumentError';
  readonly operation: string;
  readonly argument: string;

  /** @param accepted the rule it broke, as the end of the sentence "... must be" */
  constructor(operation: string, argument: string, got: unknown, accepted: string) {
    super('invalid-argument', `${operation}: ${argument} must be ${accepted}, but was ${show(got)}.`);
    this.operation = operation;
    this.argument = argument;
  }
}

/** What is wrong with a file. */
export interface FileFault {
  /** Its path or name. */
  readonly file: string;
  readonly found: string;
  readonly accepted: string;
  /** What the reader of the message can do: whole sentences. */
  readonly hint?: string | undefined;
}

/** A file was refused for what is in it. */
export class DataFileError extends DatasetError implements FileFault {
  override readonly name: string = 'DataFileError';
  declare readonly code: DataFileErrorCode;
  readonly file: string;
  readonly found: string;
  readonly accepted: string;

  constructor(code: DataFileErrorCode, fault: FileFault, options?: ErrorOptions) {
    const hint = fault.hint === undefined ? '' : ` ${fault.hint}`;
    super(code, `${fault.file}: found ${fault.found}; accepted: ${fault.accepted}.${hint}`, options);
    this.file = fault.file;
    this.found = fault.found;
    this.accepted = fault.accepted;
  }
}

/** A public set is not where it was looked for. The message says where a user gets it and which files it has. */
export class DataNotFoundError extends DatasetError {
  override readonly name: string = 'DataNotFoundError';
  /** The set's id, e.g. `cifar10`; undefined where a folder of images was asked for. */
  readonly dataset: string | undefined;
  /** The places that were searched; empty where none was named. */
  readonly searched: readonly string[];

  constructor(dataset: string | undefined, searched: readonly string[], message: string, options?: ErrorOptions) {
    super('data-not-found', message, options);
    this.dataset = dataset;
    this.searched = searched;
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `${value.constructor.name} of ${value.byteLength} bytes`;
  }
  if (typeof value === 'object' && value !== null) return `an object with keys [${Object.keys(value).join(', ')}]`;
  return String(value);
}
