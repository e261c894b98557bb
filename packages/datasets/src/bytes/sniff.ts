/**
 * Says what a file looks like, from its first bytes: for error messages only, never to decide how a file is read.
 * Signatures as in the formats' own specifications.
 */

/** The bytes that `sniff` wants to see: a tar header's magic stands at 257. */
export const SNIFF_BYTES = 265;

const PICKLE = 'a Python pickle (the "python version" of CIFAR is made of these)';

interface Signature {
  readonly name: string;
  readonly at?: number;
  readonly bytes: string | readonly number[];
}

const SIGNATURES: readonly Signature[] = [
  { name: 'a gzip file', bytes: [0x1f, 0x8b] },
  { name: 'a ZIP archive', bytes: 'PK\x03\x04' },
  { name: 'a bzip2 file', bytes: 'BZh' },
  { name: 'an xz file', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] },
  { name: 'a Zstandard file', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'a 7-Zip archive', bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { name: 'a tar archive', at: 257, bytes: 'ustar' },
  { name: 'a PNG image', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { name: 'a JPEG image', bytes: [0xff, 0xd8, 0xff] },
  { name: 'a GIF image', bytes: 'GIF8' },
  { name: 'a WebP image', at: 8, bytes: 'WEBP' },
  { name: 'a TIFF image', bytes: 'II*\0' },
  { name: 'a TIFF image', bytes: 'MM\0*' },
  { name: 'a HEIF or AVIF image', at: 4, bytes: 'ftyphei' },
  { name: 'a HEIF or AVIF image', at: 4, bytes: 'ftypmif' },
  { name: 'a HEIF or AVIF image', at: 4, bytes: 'ftypavi' },
  { name: 'a NumPy array', bytes: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] },
  { name: 'an HDF5 file', bytes: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] },
  { name: 'a MATLAB file', bytes: 'MATLAB 5.0' },
  { name: 'a Parquet file', bytes: 'PAR1' },
  { name: 'a PDF document', bytes: '%PDF-' },
  { name: 'a Git LFS pointer, not the file itself', bytes: 'version https://git-lfs' },
  // protocols 2 to 5 open with the opcode PROTO and their number
  ...[2, 3, 4, 5].map((protocol) => ({ name: PICKLE, bytes: [0x80, protocol] })),
  ...[0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e].flatMap((type) =>
    [1, 2, 3, 4].map((rank) => ({ name: idxName(type, rank), bytes: [0, 0, type, rank, 0] })),
  ),
  { name: 'a BMP image', bytes: 'BM' }, // two letters only: after everything that says more
];

/** `a ZIP archive` and the like, or undefined where nothing is recognised. */
export function sniff(head: Uint8Array): string | undefined {
  if (head.length === 0) return 'an empty file';
  const known = SIGNATURES.find(({ at = 0, bytes }) => {
    const wanted = typeof bytes === 'string' ? Array.from(bytes, (letter) => letter.charCodeAt(0)) : bytes;
    return wanted.every((byte, i) => head[at + i] === byte);
  });
  return known?.name ?? sniffText(head);
}

/** `a ZIP archive`, or the first bytes themselves. */
export function looksLike(head: Uint8Array): string {
  return sniff(head) ?? `unknown data that begins with ${hexadecimal(head.subarray(0, 8))}`;
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** The type code of an IDX file in words. */
function idxType(code: number): string | undefined {
  const types: Record<number, string> = {
    8: 'uint8',
    9: 'int8',
    11: 'int16',
    12: 'int32',
    13: 'float32',
    14: 'float64',
  };
  return types[code];
}

function idxName(type: number, rank: number): string {
  if (type === 8 && rank === 1) return 'IDX labels (uint8, rank 1)';
  if (type === 8 && rank === 3) return 'IDX images (uint8, rank 3)';
  return `an IDX file of ${idxType(type)}, rank ${rank}`;
}

function sniffText(head: Uint8Array): string | undefined {
  if (head.some((byte) => byte < 9 || (byte > 13 && byte < 32) || byte === 127)) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }).trimStart().toLowerCase();
  } catch {
    return undefined; // not UTF-8
  }
  if (/^<(!doctype html|html|head|body)/.test(text)) return 'an HTML page (a failed download?)';
  if (text.startsWith('<')) return 'an XML document (a failed download?)';
  if (text.startsWith('{') || text.startsWith('[')) return 'a JSON document';
  return 'a text file';
}
