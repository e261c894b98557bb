/** Exit codes of cli-contract: 0 all that was asked for succeeded, 2 wrong usage, 1 anything else. */

/** The command line itself is wrong: a name, a flag, a value. The message lists what is accepted. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command ran, and what it was asked to show does not hold (a failed case, a backend that disagrees). */
export class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError';
}

export function exitCodeOf(error: unknown): number {
  // citty's own errors (a missing argument, an unknown command) carry the name CLIError.
  return error instanceof UsageError || (error instanceof Error && error.name === 'CLIError') ? 2 : 1;
}

/** One message a person can act on; a stack trace only with HETCONV_DEBUG set. */
export function report(error: unknown): void {
  if (!(error instanceof Error)) {
    process.stderr.write(`hetconv: ${String(error)}\n`);
    return;
  }
  process.stderr.write(`hetconv: ${error.message}\n`);
  if (exitCodeOf(error) === 2)
    process.stderr.write('Run `hetconv --help` or `hetconv <command> --help` for the commands and options.\n');
  if (process.env.HETCONV_DEBUG && error.stack) process.stderr.write(`${error.stack}\n`);
}
