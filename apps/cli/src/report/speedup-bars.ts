/** The picture of a benchmark: a bar for the measured speed-up, a mark where the multiplication count says it should end. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export interface Bar {
  readonly backend: string;
  /** What the bar is of: `P=4`. */
  readonly label: string;
  readonly speedup: number;
  readonly low: number;
  readonly high: number;
  readonly macRatio: number;
}

/** An SVG element as text; bars left of 1 are drawn in the colour of a loss. */
export function speedupBars(bars: readonly Bar[]): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const figure = Plot.plot({
    document,
    width: 860,
    marginLeft: 70,
    marginRight: 90,
    style: { fontSize: '13px' },
    x: {
      label: 'times as fast as standard convolution on the same backend →',
      domain: [0, Math.max(1, ...bars.flatMap((bar) => [bar.high, bar.macRatio])) * 1.05],
      grid: true,
    },
    y: { label: null, domain: [...new Set(bars.map((bar) => bar.label))] },
    fy: { label: null, domain: [...new Set(bars.map((bar) => bar.backend))] },
    marks: [
      Plot.barX(bars, {
        x: 'speedup',
        y: 'label',
        fy: 'backend',
        fill: (bar: Bar) => (bar.speedup < 1 ? '#c0392b' : '#3b7dd8'),
        insetTop: 3,
        insetBottom: 3,
      }),
      Plot.ruleY(bars, { x1: 'low', x2: 'high', y: 'label', fy: 'backend', stroke: 'currentColor', strokeWidth: 1.5 }),
      Plot.tickX(bars, { x: 'macRatio', y: 'label', fy: 'backend', stroke: '#e08a00', strokeWidth: 4 }),
      Plot.text(bars, {
        x: 'high',
        y: 'label',
        fy: 'backend',
        text: (bar: Bar) => `${bar.speedup.toFixed(2)}x`,
        dx: 6,
        textAnchor: 'start',
      }),
      Plot.ruleX([1], { stroke: 'currentColor', strokeDasharray: '3,3' }),
      Plot.ruleX([0]),
    ],
  });
  return figure.outerHTML;
}
