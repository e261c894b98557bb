import { encode } from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { listImageFolder, loadImageFolder, readImageFolder } from '../src/node.ts';
import { text } from './support/bytes.ts';
import { expectArgumentError, expectFileError, expectNotFound } from './support/failure.ts';
import { temporaryFolder } from './support/folder.ts';
import { encodePng } from './support/png.ts';

function png(width: number, height: number, grey: number): Uint8Array {
  return encodePng({ width, height, depth: 8, colorType: 0, samples: () => [grey] });
}

function jpeg(width: number, height: number, grey: number): Uint8Array {
  const data = Uint8Array.from({ length: width * height * 4 }, () => grey);
  return new Uint8Array(encode({ width, height, data }, 100).data);
}

describe('a folder of images', () => {
  it('comes in the order of its names, by code units, whatever else lies in it', async () => {
    const folder = await temporaryFolder({
      'b.png': png(2, 2, 1),
      'a10.JPG': jpeg(2, 2, 2),
      'a9.jpeg': jpeg(2, 2, 3),
      'Z.PNG': png(2, 2, 4),
      'ä.png': png(2, 2, 5),
      '._b.png': text('resource fork'),
      'labels.csv': 'a,b',
      png: 'no extension',
      'sub/c.png': png(2, 2, 6),
      '.hidden/d.png': png(2, 2, 7),
    });
    expect(await listImageFolder(folder)).toEqual(['Z.PNG', 'a10.JPG', 'a9.jpeg', 'b.png', 'ä.png']);
    expect(await listImageFolder(folder, { recursive: true })).toEqual([
      'Z.PNG',
      'a10.JPG',
      'a9.jpeg',
      'b.png',
      'sub/c.png',
      'ä.png',
    ]);
    const seen: [string, number][] = [];
    for await (const { file, image } of readImageFolder(folder)) seen.push([file, image.pixels[0]]);
    expect(seen).toEqual([
      ['Z.PNG', 4],
      ['a10.JPG', 2],
      ['a9.jpeg', 3],
      ['b.png', 1],
      ['ä.png', 5],
    ]);
  });

  it('becomes one batch of one size', async () => {
    const folder = await temporaryFolder({
      '1.png': png(4, 2, 10),
      '2.jpg': jpeg(3, 7, 20),
      'wrong-name.png': jpeg(5, 5, 30),
    });
    const { files, images } = await loadImageFolder(folder, { resize: { height: 4, width: 4, mode: 'cover' } });
    expect(files).toEqual(['1.png', '2.jpg', 'wrong-name.png']);
    expect(images).toMatchObject({ count: 3, height: 4, width: 4, channels: 3 });
    expect([0, 1, 2].map((n) => images.pixels[n * 48])).toEqual([10, 20, 30]);
  });

  it('needs resize where sizes differ', async () => {
    const folder = await temporaryFolder({ '1.png': png(4, 2, 10), '2.png': png(3, 7, 20) });
    await expectArgumentError(loadImageFolder(folder), '7 x 3 x 3', '2 x 4 x 3');
  });

  it('names the file that does not decode', async () => {
    const folder = await temporaryFolder({ '1.png': png(4, 2, 10), '2.png': text('<html>') });
    await expectFileError(readImageFolder(folder), 'foreign-file', '2.png', 'an HTML page');
    await expectFileError(readImageFolder(folder, { maxPixels: 7 }), 'image-too-large', '1.png', '4 x 2');
  });

  it('says so when there is no folder, or no image in it', async () => {
    const folder = await temporaryFolder({ 'a.txt': 'x', 'sub/a.png': png(1, 1, 1) });
    await expectNotFound(listImageFolder(`${folder}/none`), 'none', 'not a folder');
    await expectNotFound(listImageFolder(`${folder}/a.txt`), 'not a folder');
    await expectNotFound(readImageFolder(folder), '.png, .jpg or .jpeg', 'directly in it', '2 other entries');
    await expectNotFound(listImageFolder(`${folder}/none`, { recursive: true }), 'not a folder');
  });
});
