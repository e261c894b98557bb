/** Writes a report as one static HTML file. */
import { page } from '@hetconv/report';
import { parseHTML } from 'linkedom';
import { writeAtomically } from './files.ts';

/**
 * @param section makes the body with the given document, which plots are drawn with
 * @returns the absolute path of the file
 */
export function writeReport(path: string, title: string, section: (document: Document) => string): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return writeAtomically(path, page(title, section(document)));
}
