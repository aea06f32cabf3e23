// What people read and hear of files: the shape of the messages, and the English ones. Loaded with the first file.
import type { ErrorCode } from '../../server/protocol.js';
import { files } from './strings.js';

/** What a sentence about one file may quote; every value is written for people already. */
export interface Facts {
  /** Extension in capitals, such as `MOV`; empty when the name has none. */
  readonly extension: string;
  /** What is accepted, such as `photos or PDF`; empty when every type is. */
  readonly accepted: string;
  /** The limit that was met: a size or a count. */
  readonly limit: string;
  /** The extension is accepted, so the content is not what the name says. */
  readonly mislabelled: boolean;
  readonly isEmpty: boolean;
  /** The storage has taken a file of this element before. */
  readonly hasStored: boolean;
}

/** Messages about files that are listed, or were. */
export interface FileStrings {
  readonly useInstead: (accepted: string) => string;
  readonly dropRefused: (count: number, refused: number) => string;
  readonly waiting: string;
  readonly ready: string;
  /** There is no network; the upload goes on by itself. */
  readonly waitingNetwork: string;
  /** Something did not answer; the upload goes on by itself. */
  readonly tryingAgain: string;
  readonly paused: string;
  readonly preparing: string;
  readonly starting: string;
  readonly finishing: string;
  readonly done: string;
  readonly failed: string;
  readonly refused: string;
  readonly sent: (sent: string, total: string) => string;
  readonly timeLeft: (seconds: number) => string;
  readonly open: string;
  readonly openFile: (name: string) => string;
  readonly retryFile: (name: string) => string;
  readonly removeFile: (name: string) => string;
  readonly cancelFile: (name: string) => string;
  readonly dismissFile: (name: string) => string;
  readonly pauseFile: (name: string) => string;
  readonly resumeFile: (name: string) => string;
  readonly progressOf: (name: string) => string;
  readonly overallProgress: string;
  readonly cancel: string;
  readonly pauseAll: (count: number) => string;
  readonly resumeAll: (count: number) => string;
  readonly upload: (count: number) => string;
  readonly retryFailed: (count: number) => string;
  readonly dismissRefused: (count: number) => string;
  readonly sumQueued: (count: number) => string;
  /** Pictures that wait for their description. */
  readonly sumMissing: (count: number) => string;
  readonly sumBusy: (done: number, total: number) => string;
  readonly sumDone: (done: number, failed: number) => string;
  readonly saidAdded: (count: number) => string;
  readonly saidStarted: (count: number) => string;
  readonly saidDone: (name: string) => string;
  readonly saidFailed: (name: string, reason: string) => string;
  readonly saidRefused: (name: string, reason: string) => string;
  readonly saidRemoved: (name: string) => string;
  readonly saidCancelled: string;
  readonly saidPaused: string;
  readonly saidGoesOn: string;
  readonly saidFilePaused: (name: string) => string;
  readonly saidFileGoesOn: (name: string) => string;
  readonly moreRefused: (count: number) => string;
  readonly list: string;
  /** Over the field for a picture's description. */
  readonly describe: string;
  readonly describeOptional: string;
  /** The same field, as it is heard. */
  readonly describeFile: (name: string) => string;
  /** In place of a description that was not given. */
  readonly notDescribed: string;
  readonly describeFound: string;
  readonly describeMissing: (count: number) => string;
  /** The picture went up as it was. */
  readonly originalSent: string;
  /** Why a file waits, and that it goes on by itself; codes that are not named get `waitsElse`. */
  readonly waits: Readonly<Partial<Record<ErrorCode, string>>>;
  readonly waitsElse: string;
  /** The storage had lost what was sent. */
  readonly startsAgain: string;
  readonly unfinished: (count: number) => string;
  readonly resume: string;
  readonly discard: string;
  /** The browser cannot open the file again by itself; no percentage when nothing of it is stored. */
  readonly chooseAgain: (name: string, percent: string) => string;
  /** Something else was chosen than what was asked for. */
  readonly otherFile: (name: string) => string;
  readonly moreUnfinished: (count: number) => string;
  readonly notResumed: (name: string) => string;
  readonly saidDiscarded: string;
  /** Sentences for codes that differ from the built-in ones. */
  readonly errors: Readonly<Partial<Record<ErrorCode, (facts: Facts) => string>>>;
  readonly errorFinal: string;
}

export const fileEnglish: FileStrings = {
  dropRefused: (count, refused) => {
    if (refused < count) return `${refused} of ${files(count)} ${refused === 1 ? 'is' : 'are'} not accepted.`;
    return count === 1 ? 'This file is not accepted' : 'These files are not accepted';
  },
  useInstead: (accepted) => `Choose ${accepted}.`,
  waiting: 'Waiting',
  ready: 'Ready',
  waitingNetwork: 'No connection',
  tryingAgain: 'Trying again…',
  paused: 'Paused',
  preparing: 'Preparing…',
  starting: 'Starting…',
  finishing: 'Finishing…',
  done: 'Done',
  failed: 'Failed',
  refused: 'Not accepted',
  sent: (sent, total) => `${sent} of ${total}`,
  timeLeft: (seconds) => {
    if (seconds < 60) return `about ${Math.max(1, Math.round(seconds))} s left`;
    if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
    return `about ${Math.round(seconds / 3600)} h left`;
  },
  open: 'Open',
  openFile: (name) => `Open ${name} in a new tab`,
  retryFile: (name) => `Retry ${name}`,
  removeFile: (name) => `Remove ${name}`,
  cancelFile: (name) => `Cancel ${name}`,
  dismissFile: (name) => `Dismiss ${name}`,
  pauseFile: (name) => `Pause ${name}`,
  resumeFile: (name) => `Resume ${name}`,
  progressOf: (name) => `Progress of ${name}`,
  overallProgress: 'Progress of all files',
  cancel: 'Cancel',
  pauseAll: (count) => (count === 1 ? 'Pause' : 'Pause all'),
  resumeAll: (count) => (count === 1 ? 'Resume' : 'Resume all'),
  upload: (count) => `Upload ${files(count)}`,
  retryFailed: (count) => `Retry ${count} failed`,
  dismissRefused: (count) => `Dismiss ${count} not accepted`,
  sumQueued: (count) => `${files(count)} ready`,
  sumMissing: (count) =>
    count === 1 ? '1 picture needs a description' : `${count} pictures need a description`,
  sumBusy: (done, total) =>
    done === 0 ? `Uploading ${files(total)}` : `${done} of ${files(total)} uploaded`,
  sumDone: (done, failed) => {
    if (done === 0) return `${files(failed)} failed`;
    if (failed > 0) return `${done} of ${done + failed} uploaded, ${failed} failed`;
    return `${files(done)} uploaded`;
  },
  saidAdded: (count) => `${files(count)} added.`,
  saidStarted: (count) => `Uploading ${files(count)}.`,
  saidDone: (name) => `${name} is uploaded.`,
  saidFailed: (name, reason) => `${name} failed. ${reason}`,
  saidRefused: (name, reason) => `${name} is not accepted. ${reason}`,
  saidRemoved: (name) => `${name} is removed.`,
  saidCancelled: 'The upload is cancelled.',
  saidPaused: 'The upload is paused.',
  saidGoesOn: 'The upload goes on.',
  saidFilePaused: (name) => `${name} is paused.`,
  saidFileGoesOn: (name) => `${name} goes on.`,
  moreRefused: (count) => `${count} more files`,
  list: 'Files',
  describe: 'Description',
  describeOptional: 'Description (optional)',
  describeFile: (name) => `Description of ${name}`,
  notDescribed: 'No description',
  describeFound: 'Found in the file. Check that it fits.',
  describeMissing: (count) =>
    count === 1 ? 'Describe this picture to upload it.' : `Describe ${count} pictures to upload them.`,
  originalSent: 'Sent as it is: this browser could not make it smaller.',
  waits: {
    offline: 'It goes on by itself when you are online again.',
    'signer-unreachable': 'The upload service does not answer. It goes on by itself when it does.',
    'blocked-by-network': 'The connection to the storage was interrupted. It goes on by itself.',
    'storage-unavailable': 'The storage takes no files at the moment. It goes on by itself.',
    'storage-timeout': 'The storage is slow to answer. It goes on by itself.',
    'rate-limited': 'Many uploads at once. It goes on by itself in a moment.',
  },
  waitsElse: 'It goes on by itself.',
  startsAgain: 'The storage had lost the unfinished upload; it starts again.',
  unfinished: (count) =>
    count === 1
      ? '1 upload was not finished. Resume it?'
      : `${count} uploads were not finished. Resume them?`,
  resume: 'Resume',
  discard: 'Discard',
  chooseAgain: (name, percent) =>
    `Choose ${name} again to ${percent ? `go on from ${percent}` : 'upload it'}.`,
  otherFile: (name) => `${name} is another file. It was added as a new one.`,
  moreUnfinished: (count) => `${count} more`,
  notResumed: (name) => `${name} cannot be resumed. Add it again.`,
  saidDiscarded: 'The unfinished uploads are discarded.',
  errors: {},
  errorFinal: 'This file cannot be uploaded. Remove it, then choose another one.',
};
