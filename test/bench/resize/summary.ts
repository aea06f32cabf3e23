// From the runs of a case to its table and verdicts: medians, ratios, plain text.
import type { BenchCase, Target } from './cases.js';
import type { RunResult } from './run-contender.js';

/** Medians of a contender's rounds; what a case does not measure is undefined. */
export type Summary = { readonly [Figure in Exclude<keyof RunResult, 'fault'>]: RunResult[Figure] };

interface Column {
  readonly figure: keyof Summary;
  readonly heading: string;
  /** Words for verdicts. */
  readonly title: string;
  readonly format: (value: number) => string;
}

const whole = (value: number): string => value.toFixed(0);

const COLUMNS: readonly Column[] = [
  { figure: 'wallMs', heading: 'ms', title: 'time', format: whole },
  { figure: 'longTaskMs', heading: 'task ms', title: 'longest task', format: whole },
  { figure: 'blockMs', heading: 'block ms', title: 'longest wait', format: whole },
  { figure: 'busyMs', heading: 'busy ms', title: 'longest main-thread task', format: whole },
  { figure: 'peakBytes', heading: 'MB', title: 'memory', format: (value) => whole(value / 1e6) },
  { figure: 'resultBytes', heading: 'kB out', title: 'result', format: (value) => whole(value / 1e3) },
  { figure: 'codeBytes', heading: 'code kB', title: 'code', format: (value) => (value / 1e3).toFixed(1) },
  { figure: 'ssim', heading: 'SSIM', title: 'SSIM', format: (value) => value.toFixed(4) },
  { figure: 'psnrDb', heading: 'PSNR-Y', title: 'PSNR-Y', format: (value) => value.toFixed(1) },
  { figure: 'aliasRms', heading: 'alias', title: 'alias RMS', format: (value) => value.toFixed(1) },
  { figure: 'contrast', heading: 'contrast', title: 'contrast', format: (value) => value.toFixed(3) },
];

export const LEGEND = `ms: median from the pictures to their results, code loaded and warm · × first: the median of each round's ratio to the first row's run of that round
task ms: longest main-thread task that the browser reports (0: none reached 50) · block ms: longest wait of a 5 ms timer, median, what others took of the cores included
busy ms: longest main-thread task, median, in processor time, as traced
MB: renderer memory (private and shared, without program code) above idle, median · code kB: gzip of what is loaded to scale, page and harness left out for ours only
SSIM, PSNR-Y: luma against sharp's Lanczos3 · alias: what is left of rings too fine for the result, of 255 · contrast: what is left of coarse ones`;

export function summarize(runs: readonly RunResult[]): Summary {
  const entries = COLUMNS.map(({ figure }) => [figure, median(runs.map((run) => run[figure]))] as const);
  return Object.fromEntries(entries) as unknown as Summary;
}

/** @param runs - Of each contender, in the order of its rounds. */
export function table(
  { contenders, judges }: BenchCase,
  runs: ReadonlyMap<string, readonly RunResult[]>,
): string {
  const columns = COLUMNS.filter(({ figure }) => isShown(figure, [...runs.values()].flat()));
  const first = contenders[0] ?? '';
  const isTimed = judges === 'time';
  const rows = [...runs].map(([name, own]) => {
    const summary = summarize(own);
    const cells = columns.map(({ figure, format }) => show(summary[figure], format));
    return row(name, isTimed ? [show(ratio(own, runs.get(first), 'wallMs'), twoPlaces), ...cells] : cells);
  });
  const headings = columns.map(({ heading }) => heading);
  return [row('', isTimed ? ['× first', ...headings] : headings), ...rows].join('\n');
}

export interface Verdict {
  readonly text: string;
  readonly isMet: boolean;
}

/** Judges what was measured; a target whose contenders did not run is left out. */
export function judge(
  targets: readonly Target[],
  runs: ReadonlyMap<string, readonly RunResult[]>,
): readonly Verdict[] {
  return targets.flatMap(({ contender, figure, atMost, atLeast, times }) => {
    const own = runs.get(contender) ?? [];
    const value = times === undefined ? summarize(own)[figure] : ratio(own, runs.get(times), figure);
    if (value === undefined) return [];
    const column = COLUMNS.find((other) => other.figure === figure);
    const format = times === undefined ? (column?.format ?? whole) : twoPlaces;
    const bounds = [
      ...(atLeast === undefined ? [] : [`≥ ${format(atLeast)}`]),
      ...(atMost === undefined ? [] : [`≤ ${format(atMost)}`]),
    ].join(' and ');
    const unit = times === undefined ? '' : ` × ${times}`;
    const text = `${contender}: ${column?.title} ${format(value)}${unit}, target ${bounds}`;
    return [{ text, isMet: value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity) }];
  });
}

/** Round by round, so that what else the machine does meanwhile strikes both. */
function ratio(
  own: readonly RunResult[],
  base: readonly RunResult[] = [],
  figure: keyof Summary,
): number | undefined {
  return median(
    own.map((run, index) => {
      const value = run[figure];
      const other = base[index]?.[figure];
      return value === undefined || other === undefined ? undefined : value / other;
    }),
  );
}

function isShown(figure: keyof Summary, runs: readonly RunResult[]): boolean {
  return runs.some((run) => run[figure] !== undefined);
}

function twoPlaces(value: number): string {
  return value.toFixed(2);
}

function show(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '–' : format(value);
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(20) + cells.map((cell) => cell.padStart(10)).join('');
}

function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
