/** Links: what is written is read back, and what is wrong in one is said. */
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '@hetconv/conformance';
import type { Catalogue } from '../src/settings/catalogue.ts';
import { conformanceLink, readConformanceSettings } from '../src/settings/conformance-settings.ts';
import { latticeLink, readLatticeSettings } from '../src/settings/lattice-settings.ts';
import { LinkReader } from '../src/settings/link.ts';
import { playgroundLink, readPlaygroundSettings, weightsOf } from '../src/settings/playground-settings.ts';
import { readSpeedSettings, speedLink } from '../src/settings/speed-settings.ts';

const catalogue: Catalogue = {
  models: ['vgg16-cifar', 'resnet20-cifar'].map((name) => ({ name, title: name })),
  kinds: [
    { name: 'hetconv', usesPart: true },
    { name: 'dwc-pwc', usesPart: false },
  ],
  families: FAMILIES,
};

/** The id of the trained weights that a link means. */
function meant(query: string): string | undefined {
  return weightsOf(readPlaygroundSettings(new LinkReader(query), catalogue))?.id;
}

describe('links', () => {
  it.each([
    ['', (link: LinkReader) => speedLink(readSpeedSettings(link, catalogue))],
    [
      'models=vgg16-cifar,resnet20-cifar&kinds=hetconv,dwc-pwc&parts=3,M&backends=cpu,webgpu&blocks=2&seconds=9&seed=a+b&folded=1&layers=1',
      (link: LinkReader) => speedLink(readSpeedSettings(link, catalogue)),
    ],
    [
      'families=geometry,errors&backends=wasm&seed=7',
      (link: LinkReader) => conformanceLink(readConformanceSettings(link, catalogue)),
    ],
    [
      'model=vgg16-cifar&kind=dwc-pwc&part=M&weights=untrained&backends=cpu&seed=5',
      (link: LinkReader) => playgroundLink(readPlaygroundSettings(link, catalogue)),
    ],
    ['M=64&N=32&P=8&K=5&side=7&filter=3', (link: LinkReader) => latticeLink(readLatticeSettings(link))],
  ])('read and written again are the same: %s', (query, roundTrip) => {
    const link = new LinkReader(query);
    expect(roundTrip(link)).toBe(query);
    expect(link.problems).toEqual([]);
  });

  it('say what they hold that is unknown, and give the default for it', () => {
    const link = new LinkReader('models=lenet&parts=4,x&seconds=0&backends=cuda');
    const settings = readSpeedSettings(link, catalogue);
    expect(settings).toEqual({
      ...readSpeedSettings(new LinkReader(''), catalogue),
      parts: [4],
    });
    expect(link.problems).toEqual([
      'The link says models=lenet. Accepted: vgg16-cifar, resnet20-cifar.',
      'The link says parts=4,x. Accepted: positive whole numbers or M, separated by commas.',
      'The link says backends=cuda. Accepted: cpu, wasm, webgl, webgpu.',
      'The link says seconds=0. Accepted: a whole number from 1 to 600.',
    ]);
  });

  it('mean trained weights where there are, those that know the samples first', () => {
    expect(meant('')).toBe('fashion-mnist/resnet20-cifar-hetconv-p4');
    expect(meant('kind=standard&part=8&weights=fashion-mnist')).toBe('fashion-mnist/resnet20-cifar-standard');
    expect(meant('weights=untrained')).toBeUndefined();
    expect(meant('part=5')).toBeUndefined();
  });

  it('never ask for a P beyond the channels or a filter beyond the last', () => {
    const settings = readLatticeSettings(new LinkReader('M=8&N=4&P=64&filter=99'));
    expect(settings).toMatchObject({ part: 8, filter: 3 });
  });
});
