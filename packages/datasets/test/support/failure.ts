/** What a call refuses with: for assertions on the class, the code and the words of one error. */
import { expect } from 'vitest';
import { DataFileError, type DataFileErrorCode, DatasetArgumentError, DataNotFoundError } from '../../src/index.ts';

/** Runs an iteration to its end, or awaits a promise, and returns what it throws. */
export async function failureOf(run: AsyncIterable<unknown> | Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    if (typeof run === 'function') await run();
    else if (Symbol.asyncIterator in run) for await (const _ of run);
    else await run;
  } catch (error) {
    return error;
  }
  return undefined;
}

export async function expectFileError(
  run: Parameters<typeof failureOf>[0],
  code: DataFileErrorCode,
  ...words: readonly string[]
): Promise<void> {
  const error = await failureOf(run);
  expect(error).toBeInstanceOf(DataFileError);
  if (!(error instanceof DataFileError)) return;
  expect({ code: error.code, message: error.message }).toMatchObject({ code }); // the message helps when it fails
  for (const word of [error.file, error.found, error.accepted, ...words]) expect(error.message).toContain(word);
}

export async function expectArgumentError(
  run: Parameters<typeof failureOf>[0],
  ...words: readonly string[]
): Promise<void> {
  const error = await failureOf(run);
  expect(error).toBeInstanceOf(DatasetArgumentError);
  if (!(error instanceof DatasetArgumentError)) return;
  expect(error.code).toBe('invalid-argument');
  for (const word of [error.operation, error.argument, ...words]) expect(error.message).toContain(word);
}

export async function expectNotFound(run: Parameters<typeof failureOf>[0], ...words: readonly string[]): Promise<void> {
  const error = await failureOf(run);
  expect(error).toBeInstanceOf(DataNotFoundError);
  if (!(error instanceof DataNotFoundError)) return;
  expect(error.code).toBe('data-not-found');
  for (const word of words) expect(error.message).toContain(word);
}
