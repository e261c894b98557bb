/** Experiments as files: what they say, and what is refused by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { secondsLeft } from '../src/sweep/clock.ts';
import { dataArgument } from '../src/sweep/data-argument.ts';
import { parseExperiment, parseSeeds, readExperiment } from '../src/sweep/experiment.ts';
import { jobsOf } from '../src/sweep/jobs.ts';

const folder = fileURLToPath(new URL('../../../experiments', import.meta.url));

const GOOD = {
  name: 'mine',
  title: 'Mine',
  data: 'cifar10',
  seeds: [1, 2],
  recipe: { epochs: 2 },
  rows: [{ model: 'resnet20-cifar', kind: 'standard' }],
};

describe('experiments', () => {
  it.each(readdirSync(folder).filter((file) => file.endsWith('.json')))(
    '%s is one, and is called as its file',
    (file) => {
      const experiment = readExperiment(join(folder, file));
      expect(`${experiment.name}.json`).toBe(file);
      expect(JSON.parse(readFileSync(join(folder, file), 'utf8'))).toHaveProperty('title');
    },
  );

  it('a list of P is as many rows; each seed trains all rows before the next one', () => {
    const rows = [...GOOD.rows, { model: 'resnet20-cifar', kind: 'hetconv', part: [4, 'channels'] }];
    expect(jobsOf(parseExperiment({ ...GOOD, rows }, 'x')).map(({ name }) => name)).toEqual([
      'resnet20-cifar-standard-p4-s1',
      'resnet20-cifar-hetconv-p4-s1',
      'resnet20-cifar-hetconv-pchannels-s1',
      'resnet20-cifar-standard-p4-s2',
      'resnet20-cifar-hetconv-p4-s2',
      'resnet20-cifar-hetconv-pchannels-s2',
    ]);
  });

  const row = GOOD.rows[0];
  const bad: [object, RegExp][] = [
    [{ ...GOOD, epochs: 3 }, /x: epochs was 3; accepted: left out; known here: name, title/],
    [{ ...GOOD, name: 'A/B' }, /x: name was "A\/B"; accepted: lower-case letters/],
    [{ ...GOOD, title: undefined }, /x: title was absent; accepted: text/],
    [{ ...GOOD, seeds: [1, 1] }, /x: seeds was \[1,1\]; accepted: a list of different integers/],
    [{ ...GOOD, rows: [] }, /x: rows was \[\]/],
    [
      { ...GOOD, rows: [{ ...row, model: 'resnet21' }] },
      /x: rows\[0\]\.model was "resnet21"; accepted: one of vgg16-cifar/,
    ],
    [{ ...GOOD, rows: [row, { ...row, kind: 'dense' }] }, /x: rows\[1\]\.kind was "dense"/],
    [{ ...GOOD, rows: [{ ...row, part: 0 }] }, /x: rows\[0\]\.part was 0/],
    [{ ...GOOD, rows: [row, { ...row, part: 8 }] }, /x: rows was "resnet20-cifar, standard"; accepted: each row once/],
    [{ ...GOOD, recipe: { epoch: 3 } }, /x: .*recipe\.epoch must be left out/],
    [{ ...GOOD, recipe: { epochs: 3, seed: 1 } }, /x: recipe\.seed was 1; accepted: left out/],
    [{ ...GOOD, compare: { model: 'x' } }, /x: compare\.model/],
  ];

  it.each(bad)('%j is refused', (value, message) => {
    expect(() => parseExperiment(value, 'x')).toThrow(message);
  });
});

it('--seeds are different integers', () => {
  expect(parseSeeds('--seeds', '3, 1')).toEqual([3, 1]);
  for (const wrong of ['1,x', '1,1', '1,', '-1', '1.5'])
    expect(() => parseSeeds('--seeds', wrong)).toThrow(`'${wrong}' must be different integers`);
});

describe('--data', () => {
  it('is a folder, with or without the name of the set; other data are refused', () => {
    expect(dataArgument('cifar10', '/data')).toBe('cifar10:/data');
    expect(dataArgument('cifar10', 'cifar10:/data')).toBe('cifar10:/data');
    expect(dataArgument('cifar10', undefined)).toBe('cifar10');
    expect(dataArgument('clothes', '/my/clothes')).toBe('/my/clothes');
    expect(() => dataArgument('cifar10', 'mnist:/data')).toThrow(/'mnist:\/data' is not 'cifar10'/);
    expect(() => dataArgument('clothes', '/my/shoes')).toThrow(/is not 'clothes'/);
    expect(() => dataArgument('clothes', undefined)).toThrow(/say where it is/);
  });
});

describe('time left', () => {
  const half = { stage: 'train', epoch: 2, epochs: 2, step: 0, steps: 10, secondsLeft: 50 } as const;

  it('counts what waits as what is known, and shares it among the processes', () => {
    expect(secondsLeft([half, half], 2, [100])).toBe(150); // (50 + 50 + 2 * 100) / 2
    expect(secondsLeft([half], 0, [])).toBe(50);
    expect(secondsLeft([{ ...half, secondsLeft: undefined }], 1, [100])).toBeUndefined();
    expect(secondsLeft([], 3, [])).toBeUndefined();
  });
});
