// From runs to a table with ratios, and what the targets say of them (pure).
import type { PageResult } from './page/harness.js';

export interface RunResult extends PageResult {
  /** Renderer memory above idle; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
  /** The longest task of the main thread, in processor time. */
  readonly busyMs: number | undefined;
}

const FLOOR = 'floor';
const OURS = 'ours';
const PEERS = ['dropzone', 'uppy dashboard', 'filepond'];
const HEADINGS = ['all ms', '× floor', 'first ms', 'task ms', 'block ms', 'busy ms', 'MB'];

export function report(title: string, runs: ReadonlyMap<string, readonly RunResult[]>): string {
  const finished = new Map([...runs].filter(([, results]) => results.length > 0));
  const of = (name: string, read: (run: RunResult) => number | undefined): number =>
    median((finished.get(name) ?? []).flatMap((run) => read(run) ?? []));
  const floorMs = of(FLOOR, ({ wallMs }) => wallMs);
  const rows = [...finished.keys()].map((name) =>
    row(name, [
      of(name, ({ wallMs }) => wallMs).toFixed(0),
      (of(name, ({ wallMs }) => wallMs) / floorMs).toFixed(2),
      of(name, ({ firstMs }) => firstMs).toFixed(0),
      // One long task in three rounds is still one too many: the worst counts.
      Math.max(...(finished.get(name) ?? []).map(({ longTaskMs }) => longTaskMs)).toFixed(0),
      of(name, ({ blockMs }) => blockMs).toFixed(0),
      of(name, ({ busyMs }) => busyMs).toFixed(0),
      (of(name, ({ peakBytes }) => peakBytes) / 1e6).toFixed(0),
    ]),
  );
  const peerMs = Math.min(
    ...PEERS.filter((name) => finished.has(name)).map((name) => of(name, ({ wallMs }) => wallMs)),
  );
  const oursMs = of(OURS, ({ wallMs }) => wallMs);
  const verdicts = [
    verdict('all, × floor', oursMs / floorMs, 1.3),
    verdict('all, × fastest peer', oursMs / peerMs, 0.25),
    verdict(
      'first, ms',
      of(OURS, ({ firstMs }) => firstMs),
      200,
    ),
    verdict(
      'longest task, ms',
      Math.max(0, ...(finished.get(OURS) ?? []).map(({ longTaskMs }) => longTaskMs)),
      50,
    ),
    verdict('memory above idle, MB', of(OURS, ({ peakBytes }) => peakBytes) / 1e6, 450),
  ];
  return [title, row('', HEADINGS), ...rows, '', ...verdicts.filter(Boolean), '', LEGEND].join('\n');
}

const LEGEND = `all, first: median from adding the photos to the last and first thumbnail that shows · task: longest of all rounds (0: none reached 50)
block: longest wait of a 5 ms timer, median, what others took of the cores included · busy: longest task, median, in processor time, as traced
MB: renderer memory above idle, median`;

function verdict(what: string, value: number, limit: number): string {
  if (!Number.isFinite(value)) return '';
  return `  ${value <= limit ? 'ok  ' : 'OVER'} ours: ${what} ${value.toFixed(2)}, target ≤ ${limit}`;
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(18) + cells.map((cell) => cell.padStart(10)).join('');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
