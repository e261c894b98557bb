/** What a file is that a person gave to the page: told by its content type, or by its name where the system gives none. */
import { readEmbedded } from '@hetconv/report';
import type { OpenedFile } from './view.ts';

/** @throws Error for what is neither a picture nor JSON nor a report with a result in it */
export async function openFile(file: File): Promise<OpenedFile> {
  const { name, type } = file;
  if (type.startsWith('image/')) return { type: 'picture', name, data: file };
  if (type === 'application/json' || name.endsWith('.json')) {
    return { type: 'result', name, data: JSON.parse(await file.text()) as unknown };
  }
  if (type === 'text/html') {
    const data = readEmbedded(await file.text());
    if (data === undefined) throw new TypeError('a report without a result in it; open its JSON file');
    return { type: 'result', name, data };
  }
  throw new TypeError('neither a picture nor a result of hetconv');
}
