// The soak's table and its verdict.
import type { Findings, Ledger } from './ledger.js';

export interface SoakResult {
  readonly minutes: number;
  readonly seed: number;
  readonly ledger: Ledger;
  readonly findings: Findings;
  readonly restarts: number;
  /** Everything ended once the faults did. */
  readonly isFinished: boolean;
  /** Files that the engine gave up and the visitor tried again, by code. */
  readonly gaveUp: ReadonlyMap<string, number>;
  readonly faults: ReadonlyMap<string, number>;
  readonly memoryMib: readonly number[];
}

/** Share of the stored bytes that may be sent twice besides what a fault hit. */
const MAX_TWICE = 0.05;

/** What a run shows; `doubled` when that is all that is wrong. */
export type Verdict = 'good' | 'doubled' | 'bad';

/** Prints the table. @returns Whether anything was lost, doubled, corrupt or left open without excuse. */
export function printReport(result: SoakResult): Verdict {
  const { ledger, findings, faults } = result;
  const { lost, doubled, corrupt, leftByRemoval, openUnknown, openKnown } = findings;
  const twiceBytes = ledger.sentBytes - ledger.storedBytes - ledger.leftBytes;
  const otherBytes = Math.max(0, twiceBytes - ledger.hitBytes - ledger.stoppedBytes);
  const share = (bytes: number) => `${((100 * bytes) / Math.max(1, ledger.storedBytes)).toFixed(1)} %`;
  const isOpenExcused = openKnown <= ledger.lostAborts;
  const isFrugal = otherBytes <= MAX_TWICE * ledger.storedBytes;
  const isWhole = result.isFinished && lost + corrupt === 0 && isOpenExcused && isFrugal;
  const isGood = isWhole && doubled === 0;
  const rows: readonly (readonly [string, string | number])[] = [
    ['minutes', result.minutes],
    ['seed', result.seed],
    ['files', ledger.files],
    ['of them removed by their visitor', ledger.removed],
    ['bytes stored', mib(ledger.storedBytes)],
    ['restarts of the signer', result.restarts],
    ['faults', [...faults.values()].reduce((sum, count) => sum + count, 0)],
    ...[...faults].map(([name, count]) => [`  ${name}`, count] as const),
    ['given up by the engine, tried again', tallied(result.gaveUp)],
    ['bytes sent twice', share(twiceBytes)],
    ['  in requests that a fault hit', share(ledger.hitBytes)],
    ['  in requests that visitors stopped', share(ledger.stoppedBytes)],
    ['  besides (target 5 %)', share(otherBytes)],
    ['memory over time, MiB', result.memoryMib.join(' ')],
    ['left by a removal that came too late', leftByRemoval],
    ['open: plans whose answer was lost', openUnknown],
    ['open: given up, but the word was lost', openKnown],
    ['lost', lost],
    ['doubled', doubled],
    ['corrupt', corrupt],
    ['all ended when the faults did', result.isFinished ? 'yes' : 'NO'],
    ['verdict', isGood ? 'good' : 'BAD'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
  if (isGood) return 'good';
  return isWhole ? 'doubled' : 'bad';
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

function tallied(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([code, count]) => `${code} ${count}`).join(', ') || '0';
}
