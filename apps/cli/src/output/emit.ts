/** Where results go: one JSON document on stdout, or text for people on stdout; everything else on stderr. */

/** Writes the one document of a `--json` run. */
export function emitJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** A line of the result, for people. */
export function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** A line beside the result: notices, warnings, where a file was written. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
