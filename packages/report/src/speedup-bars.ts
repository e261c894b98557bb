/** The picture of a benchmark: a bar for the measured speed-up, a mark where the multiplication count says it should end. */
import * as Plot from '@observablehq/plot';

export interface Bar {
  readonly backend: string;
  /** What the bar is of: `P=4`. */
  readonly label: string;
  readonly speedup: number;
  readonly low: number;
  readonly high: number;
  readonly macRatio: number;
}

/** Bars left of 1 are drawn in the colour of a loss. */
export function speedupBars(bars: readonly Bar[], document: Document): SVGSVGElement | HTMLElement {
  const groups = new Set(bars.map((bar) => bar.backend)).size;
  const end = (bar: Bar): number => Math.max(bar.high, bar.macRatio);
  return Plot.plot({
    document,
    width: 920,
    height: 70 + 34 * bars.length + 8 * groups,
    marginLeft: 70,
    marginRight: 70,
    marginBottom: 48,
    style: { fontSize: '14px' },
    x: {
      label: 'times as fast as standard convolution on the same backend →',
      labelOffset: 42,
      domain: [0, Math.max(1, ...bars.map(end)) * 1.2],
      grid: true,
    },
    y: { label: null, domain: [...new Set(bars.map((bar) => bar.label))], padding: 0.25 },
    fy: { label: null, domain: [...new Set(bars.map((bar) => bar.backend))], padding: 0.12 },
    marks: [
      Plot.barX(bars, {
        x: 'speedup',
        y: 'label',
        fy: 'backend',
        fill: (bar: Bar) => (bar.speedup < 1 ? '#c0392b' : '#3b7dd8'),
      }),
      Plot.ruleY(bars, { x1: 'low', x2: 'high', y: 'label', fy: 'backend', stroke: 'currentColor', strokeWidth: 1.5 }),
      Plot.tickX(bars, { x: 'macRatio', y: 'label', fy: 'backend', stroke: '#e08a00', strokeWidth: 4 }),
      Plot.text(bars, {
        x: end,
        y: 'label',
        fy: 'backend',
        text: (bar: Bar) => `${bar.speedup.toFixed(2)}x of ${bar.macRatio.toFixed(2)}x`,
        dx: 10,
        textAnchor: 'start',
      }),
      Plot.ruleX([1], { stroke: 'currentColor', strokeDasharray: '3,3' }),
      Plot.ruleX([0]),
    ],
  });
}
