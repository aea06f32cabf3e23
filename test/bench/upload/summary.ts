// From the runs of a case to its table: medians, ratios, plain text.
import type { RunResult } from './run-contender.js';

/** Medians of a contender's rounds. */
export interface Summary {
  readonly wallMs: number;
  readonly fastestMs: number;
  readonly signerCalls: number;
  readonly puts: number | undefined;
  readonly longTaskMs: number;
  readonly blockMs: number;
  /** Renderer memory above idle; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
}

export function summarize(runs: readonly RunResult[]): Summary {
  const of = (read: (run: RunResult) => number | undefined): number | undefined =>
    median(runs.map(read).filter((value) => value !== undefined));
  return {
    wallMs: of((run) => run.wallMs) ?? Number.NaN,
    fastestMs: Math.min(...runs.map((run) => run.wallMs)),
    signerCalls: of((run) => run.signerCalls) ?? Number.NaN,
    puts: of((run) => run.puts),
    // A block that happens once in five rounds is still one too many: the worst counts.
    longTaskMs: Math.max(...runs.map((run) => run.longTaskMs)),
    blockMs: of((run) => run.blockMs) ?? Number.NaN,
    peakBytes: of((run) => run.peakBytes),
  };
}

const HEADINGS = ['ms', 'best', '× floor', 'signer', 'PUTs', 'task ms', 'block ms', 'MB'];

/** @param floor - Whose time counts as 1. */
export function table(summaries: ReadonlyMap<string, Summary>, floor: string): string {
  const base = summaries.get(floor)?.wallMs;
  const rows = [...summaries].map(([name, summary]) =>
    row(name, [
      whole(summary.wallMs),
      whole(summary.fastestMs),
      base === undefined ? '–' : (summary.wallMs / base).toFixed(2),
      whole(summary.signerCalls),
      whole(summary.puts),
      whole(summary.longTaskMs),
      whole(summary.blockMs),
      whole(summary.peakBytes === undefined ? undefined : summary.peakBytes / 1e6),
    ]),
  );
  return [row('', HEADINGS), ...rows].join('\n');
}

export const LEGEND = `ms: median from add to complete, sign and complete calls included · best: fastest round · signer: API calls, preflights not counted
task ms: longest main-thread task of all rounds that the browser reports (0: none reached 50) · block ms: longest wait of a 5 ms timer, median, other programs' share included
MB: renderer memory (private and shared, without program code) above idle, median`;

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(22) + cells.map((cell) => cell.padStart(9)).join('');
}

function whole(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(0);
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
