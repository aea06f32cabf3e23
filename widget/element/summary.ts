// All files as one (pure): what the bar under the list says.
import { formatSize } from '../../server/rules/sizes.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import type { Language } from './describe.js';
import { describeSent, formatPercent } from './describe-file.js';
import { timeLeft } from './item-state.js';
import type { Row } from './uploader-controller.js';

export interface Totals {
  readonly queued: number;
  readonly active: number;
  readonly done: number;
  readonly failed: number;
  readonly retryable: number;
  readonly refused: number;
  readonly sentBytes: number;
  /** Of the files that did not fail. */
  readonly totalBytes: number;
  readonly secondsLeft: number | null;
}

export function sumUp(rows: readonly Row[]): Totals {
  const files = rows.flatMap((row) => row.file ?? []);
  const having = (...status: readonly FileSnapshot['status'][]): readonly FileSnapshot[] =>
    files.filter((file) => status.includes(file.status));
  const failed = having('failed');
  const counted = files.filter((file) => file.status !== 'failed');
  const sum = (value: (file: FileSnapshot) => number): number =>
    counted.reduce((total, file) => total + value(file), 0);

  const sentBytes = sum((file) => (file.status === 'complete' ? file.size : file.sentBytes));
  const totalBytes = sum((file) => file.size);
  const speed = sum((file) => (file.status === 'uploading' ? (file.bytesPerSecond ?? 0) : 0));
  return {
    queued: having('queued').length,
    active: having('preparing', 'signing', 'uploading', 'completing').length,
    done: having('complete').length,
    failed: failed.length,
    retryable: failed.filter((file) => file.error?.retryable).length,
    refused: rows.reduce((total, row) => total + (row.refusal?.count ?? 0), 0),
    sentBytes,
    totalBytes,
    secondsLeft: speed > 0 ? (totalBytes - sentBytes) / speed : null,
  };
}

export interface SummaryText {
  readonly title: string;
  readonly meta: string;
  readonly timeLeft: string;
}

/** What the bar says; it never claims more than the rows do. */
export function summaryText(totals: Totals, isBusy: boolean, language: Language): SummaryText {
  const { strings, locale } = language;
  const { queued, active, done, failed, refused, sentBytes, totalBytes } = totals;
  const refusedText = refused > 0 ? strings.sumRefused(refused) : '';
  const size = formatSize(totalBytes, locale);
  if (isBusy) {
    const percent = formatPercent(totalBytes > 0 ? sentBytes / totalBytes : 0, locale);
    return {
      title: strings.sumBusy(done, done + active + queued),
      meta: join(describeSent(sentBytes, totalBytes, language), percent),
      timeLeft: timeLeft(totals.secondsLeft, language),
    };
  }
  const idle = { timeLeft: '' };
  if (queued > 0) return { ...idle, title: strings.sumQueued(queued), meta: join(size, refusedText) };
  if (done + failed === 0) return { ...idle, title: refusedText, meta: '' };
  return { ...idle, title: strings.sumDone(done, failed), meta: join(done > 0 ? size : '', refusedText) };
}

function join(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' · ');
}
