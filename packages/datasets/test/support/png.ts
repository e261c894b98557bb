/** Writes PNG files of every kind that the standard knows, from samples: what an encoder for everyday use does not offer. */
import { crc32, deflateSync } from 'node:zlib';
import { join, text } from './bytes.ts';

export interface PngRecipe {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  readonly interlaced?: boolean;
  /** The filter of row `y` of a pass, 0 to 4. */
  readonly filter?: (y: number) => number;
  /** The samples of a pixel, as stored. */
  readonly samples: (x: number, y: number) => readonly number[];
  readonly palette?: ArrayLike<number>;
  readonly transparency?: ArrayLike<number>;
  /** Into how many IDAT chunks the pixels are cut. */
  readonly pieces?: number;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function encodePng(recipe: PngRecipe): Uint8Array {
  const { width, height, depth, colorType, interlaced = false, pieces = 1 } = recipe;
  const packed = new Uint8Array(deflateSync(join(...passes(recipe))));
  const size = Math.ceil(packed.length / pieces);
  return join(
    SIGNATURE,
    chunk('IHDR', join(uint32(width), uint32(height), [depth, colorType, 0, 0, interlaced ? 1 : 0])),
    chunk('gAMA', uint32(45_455)), // to be skipped
    ...(recipe.palette === undefined ? [] : [chunk('PLTE', recipe.palette)]),
    ...(recipe.transparency === undefined ? [] : [chunk('tRNS', recipe.transparency)]),
    ...Array.from({ length: pieces }, (_, i) => chunk('IDAT', packed.subarray(i * size, (i + 1) * size))),
    chunk('IEND', []),
  );
}

export function chunk(type: string, body: ArrayLike<number>): Uint8Array {
  const named = join(text(type), body);
  return join(uint32(body.length), named, uint32(crc32(named)));
}

export function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** Filtered rows, pass after pass. */
function passes({ width, height, depth, interlaced = false, filter = () => 0, samples }: PngRecipe): Uint8Array[] {
  // written as the standard draws it, an 8 x 8 pattern of pass numbers, and not as the decoder computes it
  const pattern = ['16462646', '77777777', '56565656', '77777777', '36463646', '77777777', '56565656', '77777777'];
  const rows: Uint8Array[] = [];
  for (let pass = 1; pass <= (interlaced ? 7 : 1); pass++) {
    let above: Uint8Array | undefined;
    let rowNumber = 0;
    for (let y = 0; y < height; y++) {
      const columns = Array.from({ length: width }, (_, x) => x).filter(
        (x) => !interlaced || pattern[y % 8][x % 8] === String(pass),
      );
      if (columns.length === 0) continue;
      const bits = columns.flatMap((x) => samples(x, y)).map((value) => value.toString(2).padStart(depth, '0'));
      const line = bits.join('');
      const row = Uint8Array.from({ length: Math.ceil(line.length / 8) }, (_, i) =>
        Number.parseInt(line.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2),
      );
      const step = Math.max(1, (depth * samples(0, 0).length) / 8);
      rows.push(filtered(filter(rowNumber++), row, above ?? new Uint8Array(row.length), step));
      above = row;
    }
  }
  return rows;
}

function filtered(type: number, row: Uint8Array, above: Uint8Array, step: number): Uint8Array {
  const predictions = Array.from(row, (_, i) => {
    const a = row[i - step] ?? 0;
    const b = above[i];
    const c = above[i - step] ?? 0;
    const nearest = [a, b, c].toSorted((p, q) => Math.abs(a + b - c - p) - Math.abs(a + b - c - q))[0]; // stable: a, b, c
    return [0, a, b, Math.floor((a + b) / 2), nearest][type] ?? 0;
  });
  return join(
    [type],
    row.map((value, i) => value - predictions[i]),
  );
}
