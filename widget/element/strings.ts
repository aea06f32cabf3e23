// What people read before there is a file: the shape of the messages, and the English ones. Those about files come with them.
import type { FileStrings } from './file-strings.js';

/** What the accepted files are called. */
export type Noun = 'photo' | 'video' | 'file';

/** The messages of one language. Plurals and word order are each language's own business, hence functions. */
export interface Strings extends ZoneStrings, FileStrings {}

/** Messages that the element may need at any time. */
export interface ZoneStrings {
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
  readonly retry: string;
  readonly sumRefused: (count: number) => string;
  /** A submit of the form waits. */
  readonly holding: string;
  /** The submit that waited was dropped. */
  readonly notSent: string;
  readonly offline: string;
  readonly online: string;
  readonly misconfigured: string;
  readonly valueMissing: (noun: Noun) => string;
  readonly tooFew: (count: number) => string;
  readonly uploadsFailed: (count: number) => string;
  readonly errorRetryable: string;
}

/** What the element knows before the code that draws files has come; overrides may hold more. */
export type KnownStrings = ZoneStrings & Partial<FileStrings>;

const a = (noun: Noun): string => `a ${noun}`;
const many = (noun: Noun): string => `${noun}s`;

export const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

export const zoneEnglish: ZoneStrings = {
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
  retry: 'Retry',
  sumRefused: (count) => `${files(count)} not accepted`,
  holding: 'The form is sent when the upload is done.',
  notSent: 'The form was not sent.',
  offline: 'You are offline. Files can be sent when the connection is back.',
  online: 'You are online again.',
  misconfigured: 'This upload is not set up correctly. Please tell the site’s owner.',
  valueMissing: (noun) => `Choose ${a(noun)}.`,
  tooFew: (count) => `Choose at least ${files(count)}.`,
  uploadsFailed: (count) =>
    count === 1
      ? 'One file could not be uploaded. Retry or remove it.'
      : `${files(count)} could not be uploaded. Retry or remove them.`,
  errorRetryable: 'Something went wrong. Try again.',
};
