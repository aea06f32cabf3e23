// Every word that people see or hear: the shape of the messages, and the English ones but for failures.
import type { ErrorCode } from '../../server/protocol.js';

/** What the accepted files are called. */
export type Noun = 'photo' | 'video' | 'file';

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

/** The messages of one language. Plurals and word order are each language's own business, hence functions. */
export interface Strings {
  readonly invite: (noun: Noun, isMultiple: boolean) => string;
  /** Where nothing can be dropped. */
  readonly inviteTouch: (noun: Noun, isMultiple: boolean) => string;
  readonly inviteMore: (noun: Noun, isMultiple: boolean) => string;
  readonly choose: (noun: Noun, isMultiple: boolean) => string;
  readonly chooseMore: (isMultiple: boolean) => string;
  readonly chooseFolder: string;
  readonly required: string;
  /** The accepted families, first letter small: `photos`. */
  readonly families: Readonly<Record<'image' | 'video' | 'audio' | 'text' | 'any', string>>;
  readonly limitEach: (size: string) => string;
  readonly limitOne: (size: string) => string;
  readonly limitTotal: (size: string) => string;
  readonly limitFiles: (count: number) => string;
  readonly drop: (count: number) => string;
  readonly dropRefused: (count: number, refused: number) => string;
  readonly useInstead: (accepted: string) => string;
  readonly waiting: string;
  readonly ready: string;
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
  readonly retry: string;
  readonly retryFile: (name: string) => string;
  readonly removeFile: (name: string) => string;
  readonly cancelFile: (name: string) => string;
  readonly dismissFile: (name: string) => string;
  readonly progressOf: (name: string) => string;
  readonly overallProgress: string;
  readonly cancel: string;
  readonly upload: (count: number) => string;
  readonly retryFailed: (count: number) => string;
  readonly dismissRefused: (count: number) => string;
  readonly sumQueued: (count: number) => string;
  readonly sumBusy: (done: number, total: number) => string;
  readonly sumDone: (done: number, failed: number) => string;
  readonly sumRefused: (count: number) => string;
  /** A submit of the form waits. */
  readonly holding: string;
  /** The submit that waited was dropped. */
  readonly notSent: string;
  readonly saidStarted: (count: number) => string;
  readonly saidDone: (name: string) => string;
  readonly saidFailed: (name: string, reason: string) => string;
  readonly saidRefused: (name: string, reason: string) => string;
  readonly saidRemoved: (name: string) => string;
  readonly saidCancelled: string;
  readonly moreRefused: (count: number) => string;
  readonly list: string;
  readonly offline: string;
  readonly online: string;
  readonly misconfigured: string;
  readonly valueMissing: (noun: Noun) => string;
  readonly tooFew: (count: number) => string;
  readonly uploadsFailed: (count: number) => string;
  /** Sentences for codes that differ from the built-in ones. */
  readonly errors: Readonly<Partial<Record<ErrorCode, (facts: Facts) => string>>>;
  readonly errorRetryable: string;
  readonly errorFinal: string;
}

const a = (noun: Noun): string => `a ${noun}`;
const many = (noun: Noun): string => `${noun}s`;
const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

export const english: Strings = {
  invite: (noun, isMultiple) => (isMultiple ? `Drop ${many(noun)} here` : `Drop ${a(noun)} here`),
  inviteTouch: (noun, isMultiple) => `Add ${isMultiple ? many(noun) : a(noun)}`,
  inviteMore: (noun, isMultiple) =>
    isMultiple ? `Drop more ${many(noun)} here` : `Drop another ${noun} to replace it`,
  choose: (noun, isMultiple) => `Choose ${isMultiple ? many(noun) : a(noun)}`,
  chooseMore: (isMultiple) => (isMultiple ? 'Add more' : 'Replace'),
  chooseFolder: 'Choose a folder',
  required: 'Required.',
  families: { image: 'photos', video: 'videos', audio: 'audio', text: 'text files', any: 'any file' },
  limitEach: (size) => `up to ${size} each`,
  limitOne: (size) => `up to ${size}`,
  limitTotal: (size) => `${size} in total`,
  limitFiles: files,
  drop: (count) => (count > 0 ? `Drop ${files(count)}` : 'Drop to upload'),
  dropRefused: (count, refused) => {
    if (refused < count) return `${refused} of ${files(count)} ${refused === 1 ? 'is' : 'are'} not accepted.`;
    return count === 1 ? 'This file is not accepted' : 'These files are not accepted';
  },
  useInstead: (accepted) => `Choose ${accepted}.`,
  waiting: 'Waiting',
  ready: 'Ready',
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
  retry: 'Retry',
  retryFile: (name) => `Retry ${name}`,
  removeFile: (name) => `Remove ${name}`,
  cancelFile: (name) => `Cancel ${name}`,
  dismissFile: (name) => `Dismiss ${name}`,
  progressOf: (name) => `Progress of ${name}`,
  overallProgress: 'Progress of all files',
  cancel: 'Cancel',
  upload: (count) => `Upload ${files(count)}`,
  retryFailed: (count) => `Retry ${count} failed`,
  dismissRefused: (count) => `Dismiss ${count} not accepted`,
  sumQueued: (count) => `${files(count)} ready`,
  sumBusy: (done, total) =>
    done === 0 ? `Uploading ${files(total)}` : `${done} of ${files(total)} uploaded`,
  sumDone: (done, failed) => {
    if (done === 0) return `${files(failed)} failed`;
    if (failed > 0) return `${done} of ${done + failed} uploaded, ${failed} failed`;
    return `${files(done)} uploaded`;
  },
  sumRefused: (count) => `${files(count)} not accepted`,
  holding: 'The form is sent when the upload is done.',
  notSent: 'The form was not sent.',
  saidStarted: (count) => `Uploading ${files(count)}.`,
  saidDone: (name) => `${name} is uploaded.`,
  saidFailed: (name, reason) => `${name} failed. ${reason}`,
  saidRefused: (name, reason) => `${name} is not accepted. ${reason}`,
  saidRemoved: (name) => `${name} is removed.`,
  saidCancelled: 'The upload is cancelled.',
  moreRefused: (count) => `${count} more files`,
  list: 'Files',
  offline: 'You are offline. Files can be sent when the connection is back.',
  online: 'You are online again.',
  misconfigured: 'This upload is not set up correctly. Please tell the site’s owner.',
  valueMissing: (noun) => `Choose ${a(noun)}.`,
  tooFew: (count) => `Choose at least ${files(count)}.`,
  uploadsFailed: (count) =>
    count === 1
      ? 'One file could not be uploaded. Retry or remove it.'
      : `${files(count)} could not be uploaded. Retry or remove them.`,
  errors: {},
  errorRetryable: 'Something went wrong. Try again.',
  errorFinal: 'This file cannot be uploaded. Remove it, then choose another one.',
};
