/** What the command says where it is asked for what it cannot do, and when asked for help. */
import { describe, expect, it } from 'vitest';
import { hetconv } from './support/run.ts';
import { TINY_LAYER } from './support/tiny-layer.ts';

describe('wrong usage ends with code 2 and lists what is right', () => {
  const trained = ['bench', 'model', 'resnet20-cifar', '--weights'];
  const cases: [string[], RegExp][] = [
    [['summary', 'vgg17'], /vgg16-cifar, resnet20-cifar/],
    [['summary', 'vgg16-cifar', '--kind', 'het'], /hetconv.*dwc-pwc/],
    [['summary', 'vgg16-cifar', '--part', '0'], /--part: '0' must be a positive integer or 'M'/],
    [['summary', 'vgg16-cifar', '--convention', 'flops'], /mac, paper/],
    [['summary'], /MODEL/i],
    [
      ['sumary', 'vgg16-cifar'],
      /Commands: bench, conformance, summary, train, train sweep, train worker, eval, predict/,
    ],
    [['bench', 'modle'], /Commands: layer, model/],
    [['bench', 'layer', '--sise', '3'], /'--sise' is not an option.*--size/],
    [[...TINY_LAYER, '--part', '9'], /--part: 9 is larger than the 4 input channels/],
    [[...TINY_LAYER, '--part', '1,,2'], /without empty entries/],
    [
      [...TINY_LAYER, '--part', '1', '--preset', 'cifar'],
      /give --size, --in and --out, or --preset NAME, or --layers FILE/,
    ],
    [['bench', 'layer', '--preset', 'cfar', '--part', '4'], /cifar, imagenet, kernels/],
    [['bench', 'layer', '--size', '5', '--part', '4'], /--in is missing/],
    [['bench', 'layer', '--preset', 'cifar'], /--part is missing/],
    [['bench', 'layer', '--layers', 'nowhere.json'], /--layers: 'nowhere.json': ENOENT/],
    [[...TINY_LAYER, '--part', '1', '--report', 'x.pdf'], /'x.pdf' must end in one of .html, .md, .json/],
    [[...TINY_LAYER, '--part', '1', '--fail-on-regression'], /--fail-on-regression needs --compare FILE/],
    [[...TINY_LAYER, '--part', '1', '--threshold', 'x'], /--threshold: 'x' must be a number of percent/],
    [['bench', 'model', 'resnet20-cifar', '--part', '4', '--peers', 'dense'], /--peers: 'dense' is not known/],
    [
      ['bench', 'model', 'resnet20-cifar', '--part', '4', '--kind', 'pwc', '--per-layer'],
      /--per-layer: measures HetConv/,
    ],
    [
      [...trained, 'pretrained', '--part', '5'],
      /of resnet20-cifar, hetconv, P=5, on fashion-mnist. There are:\n.*P=4/s,
    ],
    [[...trained, 'pretrained', '--part', '4', '--seed', '1'], /--seed: makes weights, where --weights brings/],
    [
      ['bench', 'model', 'resnet20-cifar', '--part', '4', '--backends', 'gpu'],
      /'gpu' is not known. Found: all, cpu, .*wasm/,
    ],
    [['conformance', '--families', 'geometrie'], /geometry/],
    [['predict', 'resnet20-cifar', 'nowhere.png'], /there is no file 'nowhere.png'/],
  ];

  it.each(cases)('%j', async (args, message) => {
    const { code, stdout, stderr } = await hetconv(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });
});

it('shows help at every level', async () => {
  expect((await hetconv('--help')).stdout).toMatch(
    /bench\|conformance\|summary\|train\|train sweep\|train worker\|eval\|predict/,
  );
  expect((await hetconv('bench', '--help')).stdout).toMatch(/layer[\s\S]*model/);
  expect((await hetconv('bench', 'layer', '--help')).stdout).toMatch(/--part=<P1,P2,\.\.\|M>/);
  expect((await hetconv('--version')).stdout).toMatch(/^\d+\.\d+\.\d+/);
});
