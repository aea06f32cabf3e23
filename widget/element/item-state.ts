// One row in words (pure): its state, its meta line, and what to do when it went wrong.
import { formatSize } from '../../server/rules/sizes.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import type { FileLanguage } from './file-language.js';
import { describeSent, formatPercent } from './describe-file.js';
import { describeWait } from './describe-wait.js';
import { alertIcon, doneIcon, pauseIcon, refusedIcon, sendingIcon, waitIcon } from './file-icons.js';
import type { Icon } from './icons.js';
import { failureText, refusalText } from './error-text.js';
import type { Row } from './upload-rows.js';

/** The states that people tell apart, each with its own icon, word and colour. */
export type ItemState = 'waiting' | 'sending' | 'stalled' | 'paused' | 'done' | 'failed' | 'refused';

export interface ItemView {
  readonly state: ItemState;
  readonly name: string;
  readonly type: string;
  /** `2.1 MB`, or `1.3 of 2.1 MB` while it is sent. */
  readonly size: string;
  readonly status: string;
  /** `about 2 s left`; empty when it is not known. */
  readonly timeLeft: string;
  /** What happened and what to do; empty unless it went wrong. */
  readonly message: string;
  /** What is worth a word although nothing is wrong; empty otherwise. */
  readonly note: string;
  /** 0…1 while it is sent, waits or is paused. */
  readonly progress: number | undefined;
}

export const BADGES: Readonly<Record<ItemState, Icon>> = {
  waiting: waitIcon,
  sending: sendingIcon,
  stalled: waitIcon,
  paused: pauseIcon,
  done: doneIcon,
  failed: alertIcon,
  refused: refusedIcon,
};

/** What people call the state of a file. */
export function itemState(status: FileSnapshot['status']): ItemState {
  switch (status) {
    case 'queued':
      return 'waiting';
    case 'waiting':
      return 'stalled';
    case 'paused':
      return 'paused';
    case 'complete':
      return 'done';
    case 'failed':
      return 'failed';
    case 'preparing':
    case 'signing':
    case 'uploading':
    case 'completing':
      return 'sending';
    default:
      return status satisfies never;
  }
}

export interface Circumstances {
  readonly language: FileLanguage;
  /** Files wait for a command instead of for their turn. */
  readonly isHeld: boolean;
  /** A file of this element has been stored. */
  readonly hasStored: boolean;
  /** All files have a bar of their own, which says why they wait. */
  readonly hasSummary: boolean;
}

export function itemView(row: Row, circumstances: Circumstances): ItemView {
  if (row.file) return fileView(row.file, circumstances);
  const { refusal } = row;
  const { language } = circumstances;
  const { strings, locale } = language;
  return {
    state: 'refused',
    name: refusal.count > 1 ? strings.moreRefused(refusal.count) : refusal.name,
    type: refusal.type,
    size: refusal.count > 1 || refusal.code.startsWith('folder') ? '' : formatSize(refusal.size, locale),
    status: strings.refused,
    timeLeft: '',
    message: refusalText(refusal, language),
    note: '',
    progress: undefined,
  };
}

function fileView(file: FileSnapshot, circumstances: Circumstances): ItemView {
  const { isHeld, hasStored, language } = circumstances;
  const { strings, locale } = language;
  const { name, type } = file;
  const state = itemState(file.status);
  const base = {
    state,
    name,
    type,
    size: formatSize(file.size, locale),
    timeLeft: '',
    message: '',
    note: file.notice === 'original-sent' ? strings.originalSent : '',
    progress: undefined,
  };
  switch (file.status) {
    case 'queued':
      return { ...base, status: isHeld ? strings.ready : strings.waiting };
    case 'preparing':
    case 'signing':
    case 'uploading':
    case 'completing':
    case 'waiting':
    case 'paused':
      return { ...base, ...underWay(file, circumstances) };
    case 'complete':
      return { ...base, status: strings.done };
    case 'failed':
      return { ...base, note: '', status: strings.failed, message: failureText(file, language, hasStored) };
    default:
      return file.status satisfies never;
  }
}

function noteOf({ notice }: FileSnapshot, strings: FileLanguage['strings']): string {
  if (notice === 'original-sent') return strings.originalSent;
  return notice === 'upload-gone' ? strings.startsAgain : '';
}

type Way = Pick<ItemView, 'status' | 'progress'> & Partial<ItemView>;

/** A file of which some bytes may be stored already. */
function underWay(file: FileSnapshot, { language, hasSummary }: Circumstances): Way {
  const { strings, locale } = language;
  const { progress } = file;
  const size =
    file.sentBytes > 0 ? describeSent(file.sentBytes, file.size, language) : formatSize(file.size, locale);
  const note = noteOf(file, strings);
  switch (file.status) {
    case 'preparing':
      return { note, progress, status: strings.preparing };
    case 'waiting': {
      const wait = describeWait(file, strings);
      return { size, progress, status: wait.status, note: hasSummary ? '' : wait.note };
    }
    case 'paused':
      return { size, progress, status: strings.paused };
    case 'completing':
      return { note, progress: 1, status: strings.finishing };
    case 'uploading': {
      const status = formatPercent(progress, locale);
      const sent = describeSent(file.sentBytes, file.size, language);
      return { size: sent, note, progress, status, timeLeft: timeLeft(file.secondsLeft, language) };
    }
    default:
      return { note, progress, status: strings.starting };
  }
}

/** `about 2 s left`, or nothing when it is not known. */
export function timeLeft(seconds: number | null, { strings }: FileLanguage): string {
  return seconds === null || !Number.isFinite(seconds) ? '' : strings.timeLeft(seconds);
}
