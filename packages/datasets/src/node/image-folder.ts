/** A folder of PNG and JPEG files, in an order that is the same on every machine. */
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { decodeImage } from '../codecs/decode.ts';
import type { DecodeOptions } from '../codecs/codec.ts';
import { DataNotFoundError } from '../errors.ts';
import type { Images } from '../images/images.ts';
import { joinImages } from '../images/join.ts';
import { resizeImages, type ResizeOptions } from '../images/resize.ts';
import { fileBytes } from './file-source.ts';

export interface ImageFolderOptions extends Omit<DecodeOptions, 'name'> {
  /** Also the files of subfolders. Default false. */
  readonly recursive?: boolean;
  /** Bring every picture to one size. */
  readonly resize?: ResizeOptions;
}

export interface FolderImage {
  /** Below the folder, with `/` on every platform. */
  readonly file: string;
  /** One image, RGB. */
  readonly image: Images;
}

/**
 * The names of the pictures in a folder: those that end in .png, .jpg or .jpeg, in any case, without hidden ones; ordered by
 * their UTF-16 code units, so that neither the file system nor the locale decides.
 *
 * @throws DataNotFoundError when there is no such folder, or no picture in it
 */
export async function listImageFolder(
  folder: string,
  { recursive = false }: ImageFolderOptions = {},
): Promise<string[]> {
  const names = await readdir(folder, { recursive }).catch((cause: unknown) => {
    throw new DataNotFoundError(undefined, [folder], `${folder}: not a folder that can be read.`, { cause });
  });
  const pictures = names
    .map((name) => name.split(sep).join('/'))
    .filter(isPicture)
    .toSorted((a, b) => (a < b ? -1 : 1));
  if (pictures.length > 0) return pictures;
  const below = recursive ? 'in it or below' : 'directly in it';
  const message = `${folder}: no file that ends in .png, .jpg or .jpeg ${below} (${names.length} other entries).`;
  throw new DataNotFoundError(undefined, [folder], message);
}

/** Whether a path below a folder, with `/`, names a picture: by its ending, and not hidden. */
export function isPicture(path: string): boolean {
  return /\.(png|jpe?g)$/i.test(path) && !path.split('/').some((part) => part.startsWith('.'));
}

/**
 * Picture by picture, decoded when it is asked for.
 *
 * @throws from the iteration: DataNotFoundError, DataFileError of the file that cannot be decoded, DatasetArgumentError
 */
export async function* readImageFolder(
  folder: string,
  options: ImageFolderOptions = {},
): AsyncGenerator<FolderImage, void, undefined> {
  for (const file of await listImageFolder(folder, options)) {
    yield { file, image: await readPicture(join(folder, file), options) };
  }
}

/**
 * One PNG or JPEG file, RGB.
 *
 * @throws DataFileError when it cannot be read or decoded; DatasetArgumentError
 */
export async function readPicture(path: string, options: Omit<ImageFolderOptions, 'recursive'> = {}): Promise<Images> {
  const image = await decodeImage(await fileBytes(path), { ...options, name: path });
  return options.resize === undefined ? image : resizeImages(image, options.resize);
}

/**
 * All pictures of a folder as one batch.
 *
 * @throws as `readImageFolder`; DatasetArgumentError when the pictures differ in size and no `resize` is given
 */
export async function loadImageFolder(
  folder: string,
  options: ImageFolderOptions = {},
): Promise<{ readonly files: readonly string[]; readonly images: Images }> {
  const files: string[] = [];
  const pictures: Images[] = [];
  for await (const { file, image } of readImageFolder(folder, options)) {
    files.push(file);
    pictures.push(image);
  }
  return { files, images: joinImages(pictures) };
}
