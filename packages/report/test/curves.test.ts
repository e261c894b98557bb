import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { curvesSection, page } from '@hetconv/report';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

function entry(epoch: number): Parameters<typeof curvesSection>[0][number] {
  const figures = { loss: 2 / epoch, accuracy: 0.5, testLoss: 3 / epoch, testAccuracy: epoch / 8, seconds: 90 * epoch };
  return { epoch, step: 10 * epoch, learningRate: 0.1, ...figures };
}

describe('curvesSection', () => {
  it('draws loss and accuracy, training beside test images, and gives every figure', () => {
    document.body.innerHTML = curvesSection([1, 2, 3].map(entry), document);
    expect(document.querySelectorAll('svg')).toHaveLength(2);
    const lines = [...document.querySelectorAll('svg path[stroke]')].map((path) => path.getAttribute('stroke'));
    expect(new Set(lines).size).toBeGreaterThanOrEqual(2);
    const rows = [...document.querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map((cell) => cell.textContent),
    );
    expect(rows[1]).toEqual(['2', '0.100', '1.0000', '50.00 %', '1.5000', '25.00 %', '3.0']);
    expect(document.querySelector('strong')?.textContent).toBe('37.50 %');
  });

  it('has something to say before the first epoch, and draws a single one', () => {
    expect(curvesSection([], document)).toContain('No epoch is finished yet');
    expect(curvesSection([entry(1)], document)).toContain('<svg');
  });
});

it('a page that is still being written asks to be loaded again', () => {
  expect(page('title', '', 30)).toContain('<meta http-equiv="refresh" content="30">');
  expect(page('title', '')).not.toContain('refresh');
});
