/** What a file is that a person gave to the page: told by its content type, or by its name where the system gives none. */
import type { OpenedFile } from './view.ts';

/** @throws SyntaxError for a .json file that is none */
export async function openFile(file: File): Promise<OpenedFile> {
  if (file.type.startsWith('image/')) return { type: 'picture', name: file.name, data: file };
  if (file.type === 'application/json' || file.name.endsWith('.json')) {
    return { type: 'json', name: file.name, data: JSON.parse(await file.text()) as unknown };
  }
  throw new TypeError('neither a picture nor a JSON file');
}
