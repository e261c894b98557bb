/** What a user is told who has not got a set: where it is found, which files it has, and their checksums. */
import type { DatasetFile, DatasetInfo } from './datasets.ts';

/** Several lines, for an error message or a help page. */
export function guidance(info: DatasetInfo): string {
  const files = [...info.splits.train, ...info.splits.test].map((file) => `  ${describe(file)}`);
  return [
    `${info.title}: ${info.homepage}`,
    `  download ${info.download}; licence: ${info.licence}; files:`,
    ...files,
  ].join('\n');
}

function describe(file: DatasetFile): string {
  const { published } = file;
  if (published === undefined) return `${file.name}, ${file.size} bytes (no verified checksum)`;
  return (
    `${published.name}, md5 ${published.md5}` + (published.name === file.name ? '' : ` (or unpacked: ${file.name})`)
  );
}
