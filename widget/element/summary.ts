// All files as one (pure): what the bar under the list says.
import { formatSize } from '../../server/rules/sizes.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import type { FileLanguage } from './file-language.js';
import { describeSent, formatPercent } from './describe-file.js';
import { describeWait } from './describe-wait.js';
import { timeLeft, type ItemState } from './item-state.js';
import type { Row } from './upload-rows.js';

export interface Totals {
  readonly queued: number;
  /** Of those: pictures that need a description first. */
  readonly missing: number;
  readonly active: number;
  readonly waiting: number;
  readonly paused: number;
  readonly done: number;
  readonly failed: number;
  readonly retryable: number;
  readonly refused: number;
  readonly sentBytes: number;
  /** Of the files that did not fail. */
  readonly totalBytes: number;
  readonly secondsLeft: number | null;
  /** 0…1 of all bytes. */
  readonly progress: number;
  /** One that waits, to say why. */
  readonly waiter: FileSnapshot | undefined;
}

/** One walk through the list, however long it is. */
export function sumUp(rows: readonly Row[], missing = 0): Totals {
  const counts = { queued: 0, active: 0, waiting: 0, paused: 0, done: 0, failed: 0 };
  let [retryable, refused, sentBytes, totalBytes, speed] = [0, 0, 0, 0, 0];
  let waiter: FileSnapshot | undefined;
  for (const { file, refusal } of rows) {
    if (!file) {
      refused += refusal.count;
      continue;
    }
    counts[KINDS[file.status]] += 1;
    if (file.status === 'failed') {
      retryable += file.error?.retryable ? 1 : 0;
      continue;
    }
    if (file.status === 'waiting') waiter ??= file;
    sentBytes += file.status === 'complete' ? file.size : file.sentBytes;
    totalBytes += file.size;
    speed += file.bytesPerSecond ?? 0;
  }
  const progress = totalBytes > 0 ? sentBytes / totalBytes : 0;
  const secondsLeft = speed > 0 ? (totalBytes - sentBytes) / speed : null;
  return { ...counts, missing, retryable, refused, sentBytes, totalBytes, secondsLeft, progress, waiter };
}

const KINDS = {
  queued: 'queued',
  preparing: 'active',
  signing: 'active',
  uploading: 'active',
  completing: 'active',
  waiting: 'waiting',
  paused: 'paused',
  complete: 'done',
  failed: 'failed',
} as const;

/** What all files are doing, as people would say it. */
export function summaryState(totals: Totals, isBusy: boolean): ItemState {
  // As long as one is sent, the others only wait their turn.
  if (isBusy) return totals.active === 0 && totals.waiting > 0 ? 'stalled' : 'sending';
  if (totals.paused > 0) return 'paused';
  if (totals.failed > 0) return 'failed';
  if (totals.queued > 0) return 'waiting';
  return totals.done > 0 ? 'done' : 'refused';
}

export interface SummaryText {
  readonly title: string;
  readonly meta: string;
  readonly timeLeft: string;
  /** What happens next, when nothing seems to happen. */
  readonly note: string;
}

/** What the bar says; it never claims more than the rows do. */
export function summaryText(totals: Totals, state: ItemState, language: FileLanguage): SummaryText {
  const { strings, locale } = language;
  const { queued, active, waiting, paused, done, failed, refused, waiter } = totals;
  const refusedText = refused > 0 ? strings.sumRefused(refused) : '';
  const size = formatSize(totals.totalBytes, locale);
  const still = { timeLeft: '', note: '' };
  const meta = progressText(totals, language);
  const missingText = totals.missing > 0 ? strings.sumMissing(totals.missing) : '';
  const queuedText = missingText || strings.sumQueued(queued);
  switch (state) {
    case 'sending': {
      const title = strings.sumBusy(done, done + active + waiting + queued + paused);
      return { title, meta, timeLeft: timeLeft(totals.secondsLeft, language), note: missingText };
    }
    case 'stalled': {
      const { status, note } = describeWait({ notice: waiter?.notice ?? null }, strings);
      return { title: status, meta, timeLeft: '', note };
    }
    case 'paused':
      return { title: strings.paused, meta, timeLeft: '', note: missingText };
    case 'waiting':
      return { ...still, title: queuedText, meta: join(size, refusedText) };
    case 'refused':
      return { ...still, title: refusedText, meta: '' };
    default: {
      if (queued > 0) return { ...still, title: queuedText, meta: join(size, refusedText) };
      const stored = done > 0 ? size : '';
      return { ...still, title: strings.sumDone(done, failed), meta: join(stored, refusedText) };
    }
  }
}

function progressText({ sentBytes, totalBytes, progress }: Totals, language: FileLanguage): string {
  const percent = formatPercent(progress, language.locale);
  return join(describeSent(sentBytes, totalBytes, language), percent);
}

function join(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' · ');
}
