/** Writes a report as one static HTML file. */
import { page } from '@hetconv/report';
import { parseHTML } from 'linkedom';
import { writeAtomically } from './files.ts';

/**
 * @param section makes the body with the given document, which plots are drawn with
 * @param refreshSeconds after which a browser loads it again, while it is still being written
 * @returns the absolute path of the file
 */
export function writeReport(
  path: string,
  title: string,
  section: (document: Document) => string,
  refreshSeconds?: number,
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return writeAtomically(path, page(title, section(document), refreshSeconds));
}
