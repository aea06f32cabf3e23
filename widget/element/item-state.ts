// One row in words (pure): its state, its meta line, and what to do when it went wrong.
import { formatSize } from '../../server/rules/sizes.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import type { Language } from './describe.js';
import { describeSent, formatPercent } from './describe-file.js';
import { alertIcon, doneIcon, refusedIcon, sendingIcon, waitIcon } from './file-icons.js';
import type { Icon } from './icons.js';
import { failureText, refusalText } from './error-text.js';
import type { Row } from './uploader-controller.js';

/** The states that people tell apart, each with its own icon, word and colour. */
export type ItemState = 'waiting' | 'sending' | 'done' | 'failed' | 'refused';

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
  /** 0…1 while it is sent. */
  readonly progress: number | undefined;
}

export const BADGES: Readonly<Record<ItemState, Icon>> = {
  waiting: waitIcon,
  sending: sendingIcon,
  done: doneIcon,
  failed: alertIcon,
  refused: refusedIcon,
};

/** What people call the state of a file. */
export function itemState(status: FileSnapshot['status']): ItemState {
  switch (status) {
    case 'queued':
      return 'waiting';
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
  readonly language: Language;
  /** Files wait for a command instead of for their turn. */
  readonly isHeld: boolean;
  /** A file of this element has been stored. */
  readonly hasStored: boolean;
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
    progress: undefined,
  };
}

function fileView(file: FileSnapshot, { isHeld, hasStored, language }: Circumstances): ItemView {
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
    progress: undefined,
  };
  switch (file.status) {
    case 'queued':
      return { ...base, status: isHeld ? strings.ready : strings.waiting };
    case 'preparing':
      return { ...base, status: strings.preparing, progress: 0 };
    case 'signing':
      return { ...base, status: strings.starting, progress: 0 };
    case 'uploading':
      return {
        ...base,
        size: describeSent(file.sentBytes, file.size, language),
        status: formatPercent(file.progress, locale),
        timeLeft: timeLeft(file.secondsLeft, language),
        progress: file.progress,
      };
    case 'completing':
      return { ...base, status: strings.finishing, progress: 1 };
    case 'complete':
      return { ...base, status: strings.done };
    case 'failed':
      return { ...base, status: strings.failed, message: failureText(file, language, hasStored) };
    default:
      return file.status satisfies never;
  }
}

/** `about 2 s left`, or nothing when it is not known. */
export function timeLeft(seconds: number | null, { strings }: Language): string {
  return seconds === null || !Number.isFinite(seconds) ? '' : strings.timeLeft(seconds);
}
