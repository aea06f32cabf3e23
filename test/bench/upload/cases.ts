// What is uploaded, by whom, and what it may cost at most.
import type { Summary } from './summary.js';

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  readonly files: { readonly count: number; readonly bytes: number };
  /** Names of contenders, the floor first. */
  readonly contenders: readonly string[];
  readonly targets: readonly Target[];
  /** Run only with `--memory`. */
  readonly isAboutMemory?: boolean;
}

/** An upper bound: of a figure itself, or as a multiple of another contender's. */
export interface Target {
  readonly contender: string;
  readonly figure: 'wallMs' | 'signerCalls' | 'longTaskMs' | 'peakBytes';
  readonly atMost: number;
  readonly times?: string;
}

export const OURS = ['ours', 'ours, integrity off'] as const;
const UPPY = ['uppy', 'uppy dashboard'] as const;
const OTHERS = ['dropzone', 'filepond'] as const;
const REAL = 'ours, real signer';

/** No task of ours may be long enough for the browser to call it long. */
const LONG_TASK_MS = 50;
const MEMORY_BYTES = 100e6;

export const CASES: readonly BenchCase[] = [
  {
    name: 'small',
    title: '500 × 20 kB',
    files: { count: 500, bytes: 20_000 },
    contenders: ['floor', ...OURS, REAL, ...UPPY, ...OTHERS],
    targets: ours(
      { figure: 'wallMs', atMost: 1.15, times: 'floor' },
      { figure: 'signerCalls', atMost: 12 },
      { figure: 'longTaskMs', atMost: LONG_TASK_MS },
    ),
  },
  {
    name: 'medium',
    title: '20 × 8 MB',
    files: { count: 20, bytes: 8_000_000 },
    contenders: ['floor', ...OURS, REAL, ...UPPY, ...OTHERS],
    targets: ours(
      { figure: 'wallMs', atMost: 1.1, times: 'floor' },
      { figure: 'longTaskMs', atMost: LONG_TASK_MS },
    ),
  },
  {
    name: 'large',
    title: '1 × 1 GiB',
    files: { count: 1, bytes: 2 ** 30 },
    contenders: ['floor in parts', 'floor', ...OURS, REAL, ...UPPY, ...OTHERS],
    targets: ours(
      { figure: 'wallMs', atMost: 1.1, times: 'floor in parts' },
      { figure: 'wallMs', atMost: 0.45, times: 'uppy' },
      { figure: 'longTaskMs', atMost: LONG_TASK_MS },
    ),
  },
  {
    name: 'huge',
    title: '1 × 6 GiB',
    files: { count: 1, bytes: 6 * 2 ** 30 },
    contenders: ['floor in parts', ...OURS],
    targets: ours(
      { figure: 'peakBytes', atMost: MEMORY_BYTES },
      { figure: 'longTaskMs', atMost: LONG_TASK_MS },
    ),
    isAboutMemory: true,
  },
  {
    name: 'many',
    title: '1 000 × 5 MB',
    files: { count: 1000, bytes: 5_000_000 },
    contenders: ['floor', ...OURS, 'uppy'],
    targets: ours(
      { figure: 'peakBytes', atMost: MEMORY_BYTES },
      { figure: 'longTaskMs', atMost: LONG_TASK_MS },
    ),
    isAboutMemory: true,
  },
];

export interface Verdict {
  readonly text: string;
  readonly isMet: boolean;
}

/** Judges what was measured; a target whose contenders did not run is left out. */
export function judge(
  targets: readonly Target[],
  summaries: ReadonlyMap<string, Summary>,
): readonly Verdict[] {
  return targets.flatMap(({ contender, figure, atMost, times }) => {
    const value = summaries.get(contender)?.[figure];
    const base = times === undefined ? 1 : summaries.get(times)?.[figure];
    if (value === undefined || base === undefined) return [];
    const [got, limit] =
      times === undefined
        ? [format(figure, value), format(figure, atMost)]
        : [(value / base).toFixed(2), `${atMost} × ${times}`];
    return [
      { text: `${contender}: ${NAMES[figure]} ${got}, target ≤ ${limit}`, isMet: value / base <= atMost },
    ];
  });
}

const NAMES: Readonly<Record<Target['figure'], string>> = {
  wallMs: 'time',
  signerCalls: 'signer requests',
  longTaskMs: 'longest task',
  peakBytes: 'renderer memory above idle',
};

function format(figure: Target['figure'], value: number): string {
  if (figure === 'peakBytes') return `${(value / 1e6).toFixed(0)} MB`;
  return figure === 'signerCalls' ? value.toFixed(0) : `${value.toFixed(0)} ms`;
}

/** The same targets for ours with integrity on and off. */
function ours(...targets: readonly Omit<Target, 'contender'>[]): readonly Target[] {
  return OURS.flatMap((contender) => targets.map((target) => ({ contender, ...target })));
}
