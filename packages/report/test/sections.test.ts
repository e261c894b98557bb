import { compareResults, layerTotals } from '@hetconv/bench';
import { describe, expect, it } from 'vitest';
import {
  benchMarkdown,
  benchSection,
  benchTitle,
  embedResult,
  page,
  percentChange,
  readEmbedded,
} from '@hetconv/report';
import { environment, layerRow, modelRow, newDocument } from './results.ts';

function render(result: Parameters<typeof benchSection>[0]): Document {
  return newDocument(benchSection(result, newDocument()));
}

const texts = (document: Document, selector: string): (string | null)[] =>
  [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);

describe('a report of layers', () => {
  const slow = layerRow({ speedup: 0.5, speedupHigh: 0.9, part: 1, macRatio: 1 });
  const unsure = layerRow({ speedup: 0.95, part: 2, macRatio: 1.8 });
  const rows = [slow, unsure, layerRow({ speedup: 4, height: 4 })];

  it('says first how many rows lose, and marks them in the table and the plot', () => {
    const document = render({ environment, rows });
    expect(texts(document, '.summary li.loss')[0]).toBe(
      '2 of 3 rows slower than the dense convolution, 1 of them beyond noise',
    );
    expect(texts(document, '.summary li')).toContain(
      '2 of 3 slower than depthwise + pointwise, another and smaller function',
    );
    expect(texts(document, 'td.loss')).toEqual(expect.arrayContaining(['0.500x', '0.950x']));
    const red = [...document.querySelectorAll('.wide rect')].filter((bar) =>
      bar.getAttribute('fill')?.includes('--loss'),
    );
    expect(red.length).toBe(2);
    expect(document.querySelectorAll('.wide svg, .narrow svg').length).toBe(2);
  });

  it('names the layers where there are several', () => {
    expect(benchTitle({ environment, rows })).toBe('HetConv, 2 layers');
    expect(benchTitle({ environment, rows: [slow, unsure] })).toBe('HetConv, one layer: 8x8x16 → 32, 3x3');
    const document = render({ environment, rows });
    expect(texts(document, 'th')).toContain('layer');
    expect(texts(render({ environment, rows: [slow, unsure] }), 'th')).not.toContain('layer');
    expect(document.querySelector('.wide')?.textContent).toContain('4x8x16 → 32, 3x3');
  });

  it('escapes what comes from data, and flattens facts', () => {
    const document = render({ environment, rows });
    expect(texts(document, 'dd')).toEqual(['<b>fast</b> | *star*', 'IS_NODE=true', '@hetconv/backend-cpu']);
    expect(texts(document, 'dt')).toEqual(['cpu', 'flags', 'backends.cpu.kernels']);
  });
});

const columns = (line: string): number => line.split(/(?<!\\)\|/).length;

describe('a report of networks', () => {
  const rows = [modelRow({ part: 4 }), modelRow({ kind: 'pwc', part: 'none', speedup: 3 })];
  const layers = [layerRow({ name: 'conv1', count: 2 })];
  const perLayer = [
    { part: 4, rows: layers, totals: layerTotals(layers), left: [{ name: 'c7', reason: 'it is dilated' }] },
  ];

  it('has the peers, the layers one by one, their sum beside the network, and what was not measured', () => {
    const document = render({ environment, rows, perLayer });
    expect(texts(document, 'td')).toContain('pwc');
    expect(texts(document, 'h2')).toContain('Layer by layer, P=4');
    const summary = texts(document, '.summary li').join('\n');
    expect(summary).toMatch(
      /cpu: its 2 HetConv layers together 2\.00x of 3\.00x .*; the whole network: 2\.00x of 3\.00x/,
    );
    expect(summary).toMatch(/not measured: c7: it is dilated/);
  });

  it('is Markdown, too, with losses in bold', () => {
    const text = benchMarkdown({ environment, rows: [...rows, modelRow({ part: 64, speedup: 0.8 })], perLayer });
    expect(text).toMatch(/^## HetConv, net-cifar: real images, one at a time\n\n- \*\*1 of 2 rows slower than/);
    expect(text).toContain('**0.800x**');
    expect(text).toContain('\\<b\\>fast\\</b\\> \\| \\*star\\*');
    const [head, rule, ...body] = text.split('\n').filter((line) => line.startsWith('|'));
    expect(columns(rule)).toBe(columns(head));
    for (const line of body.slice(0, 3)) expect(columns(line)).toBe(columns(head));
  });
});

describe('a report of trained networks', () => {
  const trained = { accuracy: 0.9, standardAccuracy: 0.925, labelled: 40 };
  const rows = [
    modelRow(trained),
    modelRow({ ...trained, backend: 'wasm' }),
    modelRow({ ...trained, part: 64, accuracy: 0.925 }),
    modelRow({ ...trained, part: 64, accuracy: 0.95, backend: 'wasm' }),
  ];

  it('has the accuracy beside that of the standard twin, marked where it is lower or backends differ', () => {
    const document = render({ environment, rows });
    expect(texts(document, 'td.loss')).toEqual(['90.0 % (92.5 %)', '90.0 % (92.5 %)']);
    expect(texts(document, '.summary li.loss')).toEqual([
      'hetconv P=4: 90.0 % of 40 images right (±9.5 points), its standard twin 92.5 %, the same on every backend',
      'hetconv P=64: 92.5 % of 40 images right (±8.6 points), its standard twin 92.5 %; other figures on wasm',
    ]);
    expect(texts(document, 'p').join()).toContain('accuracy (standard): images that the network gets right');
    expect(benchMarkdown({ environment, rows })).toContain('| **90.0 % (92.5 %)** |');
  });

  it('says nothing of it where nothing was labelled', () => {
    const bare = { environment, rows: [modelRow(), modelRow({ part: 64 })] };
    for (const text of [benchSection(bare, newDocument()), benchMarkdown(bare)])
      expect(text).not.toMatch(/accuracy|right/);
  });
});

describe('a comparison', () => {
  const before = { environment: { cpu: 'A' }, rows: [layerRow(), layerRow({ part: 8 })] };
  const after = { environment: { cpu: 'B' }, rows: [layerRow({ speedup: 1 }), layerRow({ part: 2 })] };
  const result = { ...after, comparison: compareResults(before, after) };

  it('warns of another machine, and tells losses', () => {
    const document = render(result);
    const losses = texts(document, '.summary li.loss').join('\n');
    expect(losses).toContain('WARNING: measured elsewhere: cpu was A, now B');
    expect(losses).toContain('1 of 1 rows slower than before');
    expect(texts(document, 'td.loss')).toContain('SLOWER');
    expect(texts(document, '.summary li').join('\n')).toMatch(/only before: cpu, 8x8x16 → 32, 3x3, P=8/);
    expect(benchMarkdown(result)).toMatch(/\*\*SLOWER\*\*/);
  });
});

describe('a result in its own report', () => {
  it('is read back as it was, whatever its texts', () => {
    const result = { environment: { cpu: '</script><script>alert(1)</script> <!-- \u2028' }, rows: [layerRow()] };
    const html = page('title', embedResult(result));
    expect(html.match(/<\/script>/g)?.length).toBe(1);
    expect(readEmbedded(html)).toEqual(result);
    expect(readEmbedded(page('title', ''))).toBeUndefined();
  });
});

it('changes are written as percent', () => {
  expect([0.95, 1.2, 1, 0.5].map(percentChange)).toEqual(['-5.0 %', '+20 %', '+0.0 %', '-50 %']);
});
