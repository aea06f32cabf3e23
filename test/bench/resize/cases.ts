// What is scaled, by whom, and what it may cost at most.
import type { PageConfig } from './page/harness.js';
import { BATCH } from './photos.js';
import type { Summary } from './summary.js';

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  readonly files: readonly string[];
  /** Quality is judged on lossless results, so that no encoder has a part in it. */
  readonly type: PageConfig['type'];
  readonly judges: 'time' | 'likeness' | 'rings';
  /** Names of contenders, the one whose time counts as 1 first. */
  readonly contenders: readonly string[];
  readonly targets: readonly Target[];
}

/** A bound for a figure itself, or for its multiple of another contender's. */
export interface Target {
  readonly contender: string;
  readonly figure: Exclude<keyof Summary, 'longTaskMs'>;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly times?: string;
}

export const MAX_SIDE = 2048;
const OURS = 'ours';
const FINE = 'ours, quality 0.9';
const BARE = 'ours, no workers';
const PEERS = ['pica', 'pica lanczos3', 'bic', 'compressorjs', 'uppy', 'filepond'];
const EVERYBODY = ['floor', OURS, FINE, BARE, 'canvas', ...PEERS];
/** Of the resizer alone. */
export const MAX_RESIZER_BYTES = 8_000;
const BUSY_MS = 16;

export const CASES: readonly BenchCase[] = [
  { ...timed('12mp', '12 MP JPEG', '12mp.jpg'), targets: timeTargets(1.6, 0.4) },
  { ...timed('24mp', '24 MP JPEG', '24mp.jpg'), targets: timeTargets(1.3, 0.35) },
  { ...timed('48mp', '48 MP JPEG', '48mp.jpg'), targets: timeTargets(1.15, 0.25) },
  {
    ...timed('24mp-png', '24 MP PNG', '24mp.png'),
    targets: [{ contender: OURS, figure: 'wallMs', atMost: 0.8, times: 'pica' }, ...calmTargets()],
  },
  {
    ...timed('batch', '20 × 12 MP JPEG', ...BATCH),
    contenders: ['canvas in two', OURS, ...PEERS],
    targets: [
      { contender: OURS, figure: 'wallMs', atMost: 1, times: 'canvas in two' },
      { contender: OURS, figure: 'wallMs', atMost: 0.2, times: 'pica' },
      ...calmTargets(),
    ],
  },
  likeness('quality-12mp', '12 MP JPEG, lossless result', '12mp.jpg'),
  likeness('quality-48mp', '48 MP JPEG, lossless result', '48mp.jpg'),
  {
    name: 'zone',
    title: 'zone plate 4096 → 2048',
    files: ['zone.png'],
    type: 'image/png',
    judges: 'rings',
    contenders: EVERYBODY.slice(1),
    targets: [OURS, FINE, BARE].flatMap((contender) => [
      { contender, figure: 'aliasRms', atMost: 9 },
      { contender, figure: 'contrast', atLeast: 0.98, atMost: 1.03 },
    ]),
  },
];

function timed(name: string, title: string, ...files: readonly string[]) {
  return { name, title, files, type: 'image/jpeg', judges: 'time', contenders: EVERYBODY } as const;
}

function timeTargets(timesFloor: number, timesPica: number): readonly Target[] {
  return [
    { contender: OURS, figure: 'wallMs', atMost: timesFloor, times: 'floor' },
    { contender: OURS, figure: 'wallMs', atMost: timesPica, times: 'pica' },
    { contender: FINE, figure: 'wallMs', atMost: 0.75, times: 'pica' },
    ...calmTargets(),
  ];
}

function calmTargets(): readonly Target[] {
  return [
    { contender: OURS, figure: 'busyMs', atMost: BUSY_MS },
    { contender: OURS, figure: 'peakBytes', atMost: 1, times: 'pica' },
  ];
}

function likeness(name: string, title: string, file: string): BenchCase {
  return {
    name,
    title,
    files: [file],
    type: 'image/png',
    judges: 'likeness',
    contenders: EVERYBODY.slice(1),
    targets: [
      { contender: OURS, figure: 'ssim', atLeast: 0.9985 },
      { contender: OURS, figure: 'psnrDb', atLeast: 50 },
      { contender: BARE, figure: 'ssim', atLeast: 0.9985 },
      { contender: BARE, figure: 'psnrDb', atLeast: 50 },
      { contender: FINE, figure: 'ssim', atLeast: 0.999 },
      { contender: FINE, figure: 'psnrDb', atLeast: 54 },
    ],
  };
}
