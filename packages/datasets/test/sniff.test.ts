import { describe, expect, it } from 'vitest';
import { looksLike, sniff } from '../src/bytes/sniff.ts';
import { gzip, idxFile, tarHead, text } from './support/bytes.ts';

describe('sniff', () => {
  it.each([
    [new Uint8Array(0), 'an empty file'],
    [gzip(text('x')), 'a gzip file'],
    [text('PK\x03\x04...'), 'a ZIP archive'],
    [tarHead('cifar-10-batches-bin/'), 'a tar archive'],
    [text('<!DOCTYPE html><title>404</title>'), 'an HTML page (a failed download?)'],
    [text('\uFEFF\n <HTML>'), 'an HTML page (a failed download?)'],
    [text('<?xml version="1.0"?><Error/>'), 'an XML document (a failed download?)'],
    [text('{"message":"not found"}'), 'a JSON document'],
    [text('version https://git-lfs.github.com/spec/v1\n'), 'a Git LFS pointer, not the file itself'],
    [text('label,pixel1\n9,0\n'), 'a text file'],
    [text('é'.repeat(200)).subarray(0, 265), 'a text file'],
    [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'a PNG image'],
    [Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'a JPEG image'],
    [text('GIF89a'), 'a GIF image'],
    [text('RIFF\x10\x00\x00\x00WEBPVP8 '), 'a WebP image'],
    [text('\x00\x00\x00\x1cftypavif'), 'a HEIF or AVIF image'],
    [text('BM\x10\x00\x00\x00'), 'a BMP image'],
    [text('BZh9'), 'a bzip2 file'],
    [Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1), 'a NumPy array'],
    [text('MATLAB 5.0 MAT-file'), 'a MATLAB file'],
    [text('PAR1'), 'a Parquet file'],
    [Uint8Array.of(0x80, 2, 0x7d, 0x71), 'a Python pickle (the "python version" of CIFAR is made of these)'],
    [idxFile([3], [1, 2, 3]), 'IDX labels (uint8, rank 1)'],
    [idxFile([1, 2, 2], [1, 2, 3, 4]), 'IDX images (uint8, rank 3)'],
    [idxFile([1, 1], [0, 0, 0, 0], 13), 'an IDX file of float32, rank 2'],
    [Uint8Array.of(1, 2, 3, 250), undefined],
    [Uint8Array.of(0xc3, 0x28), undefined],
  ])('%#: %s', (bytes, name) => {
    expect(sniff(bytes)).toBe(name);
  });

  it('shows the first bytes of what it does not know', () => {
    expect(looksLike(Uint8Array.of(1, 2, 3, 250, 5, 6, 7, 8, 9))).toBe(
      'unknown data that begins with 01 02 03 fa 05 06 07 08',
    );
  });
});
