import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listClassFolder, splitClassFolder } from '../src/node.ts';
import { expectArgumentError, expectFileError, expectNotFound } from './support/failure.ts';
import { temporaryFolder } from './support/folder.ts';

/** Files that are only listed, never decoded. */
function pictures(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, '']));
}

/** `cat/0.png` ... */
function numbered(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${folder}/${i}.png`);
}

describe('a folder of classes', () => {
  it('has a class for every subfolder with pictures, in the order of their names', async () => {
    const folder = await temporaryFolder(
      pictures(
        'dog/a.png',
        'Cat/x/b.JPG',
        'Cat/a.jpeg',
        'empty/readme.txt',
        '.git/c.png',
        'dog/.hidden.png',
        'list.csv',
      ),
    );
    expect(await listClassFolder(folder)).toEqual({
      folder,
      classes: ['Cat', 'dog'],
      files: ['Cat/a.jpeg', 'Cat/x/b.JPG', 'dog/a.png'],
      labels: Int32Array.of(0, 0, 1),
    });
  });

  it('refuses what leaves a class unknown', async () => {
    await expectNotFound(listClassFolder('nowhere'), 'nowhere: not a folder that can be read');
    const one = await temporaryFolder(pictures('dog/a.png'));
    await expectNotFound(listClassFolder(one), "found one subfolder ('dog') with pictures in it");
    const flat = await temporaryFolder(pictures('a.png'));
    await expectNotFound(listClassFolder(flat), 'found no subfolder with pictures');
    const stray = await temporaryFolder(pictures('dog/a.png', 'cat/a.png', 'b.png'));
    await expectFileError(listClassFolder(stray), 'foreign-file', join(stray, 'b.png'));
  });

  it('sets a share of every class apart, the same whatever else is there', async () => {
    const names = [...numbered('cat', 40), ...numbered('dog', 5)];
    const folder = await temporaryFolder(pictures(...names));
    const { train, test } = await splitClassFolder(folder);
    expect([...train.files, ...test.files].toSorted()).toEqual(names.toSorted());
    expect(test.files.filter((file) => file.startsWith('cat/'))).toHaveLength(4);
    expect(test.files.filter((file) => file.startsWith('dog/'))).toHaveLength(1);
    expect(test.files.every((file, i) => file.startsWith(test.classes[test.labels[i]]))).toBe(true);
    const elsewhere = await temporaryFolder(pictures(...names, ...numbered('eel', 3)));
    const again = await splitClassFolder(elsewhere);
    expect(again.test.files.filter((file) => !file.startsWith('eel/'))).toEqual(test.files);
    const half = await splitClassFolder(folder, { holdout: 0.5 });
    expect(half.test.files).toHaveLength(20 + 3);
  });

  it('takes train and test as they are given', async () => {
    const folder = await temporaryFolder(pictures('train/a/1.png', 'train/b/1.png', 'val/a/2.png', 'val/b/2.png'));
    const { train, test } = await splitClassFolder(folder);
    expect([train.files, test.files]).toEqual([
      ['a/1.png', 'b/1.png'],
      ['a/2.png', 'b/2.png'],
    ]);
    expect(test.folder).toBe(join(folder, 'val'));
    const odd = await temporaryFolder(pictures('train/a/1.png', 'train/b/1.png', 'test/a/2.png', 'test/c/2.png'));
    await expectNotFound(
      splitClassFolder(odd),
      "'train' and 'test' must have the same classes; only one of them has b, c",
    );
  });

  it('needs a picture of every class to test with', async () => {
    const folder = await temporaryFolder(pictures(...numbered('cat', 2), 'dog/0.png'));
    await expectNotFound(splitClassFolder(folder), 'found one picture; accepted: two or more in a class');
    await expectArgumentError(splitClassFolder(folder, { holdout: 1 }), 'holdout');
  });
});
