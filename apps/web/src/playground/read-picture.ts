/** A picture of any format that the browser knows, as bytes. Orientation and colour are what the browser would show. */
import type { Picture } from '../worker/protocol.ts';

/** Larger pictures are made smaller here: the networks take 32 x 32, and bytes travel to the worker. */
const SIDE = 512;

/** @throws Error where the browser cannot decode it */
export async function readPicture(file: Blob): Promise<Picture> {
  const bitmap = await decode(file);
  const scale = Math.min(1, SIDE / Math.min(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const context = createContext(width, height);
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'white'; // behind what is transparent
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) pixels.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return { height, width, pixels };
}

async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch (error) {
    throw new Error('The browser cannot read this as a picture.', { cause: error });
  }
}

const urls = new WeakMap<Picture, string>();

/** The bytes as the address of an image: what the network is given to see. */
export function pictureUrl(picture: Picture): string {
  const known = urls.get(picture);
  if (known !== undefined) return known;
  const { height, width, pixels } = picture;
  const context = createContext(width, height);
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
  context.putImageData(new ImageData(rgba, width, height), 0, 0);
  const url = context.canvas.toDataURL();
  urls.set(picture, url);
  return url;
}

function createContext(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('The browser gives no canvas to read the picture with.');
  return context;
}
