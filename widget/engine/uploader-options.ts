// What an Uploader is given: the options of its site, and the world that it works in.
import type { ImageOptions } from './image-policy.js';
import type { Hasher } from './md5/hasher.js';
import type { Fetch, Host, MonotonicNow, Prepare, Send, Sleep } from './ports.js';
import type { Restrictions } from './restrictions.js';
import type { ResumeStore } from './resume/resume-store.js';
import type { Grant } from './site-access.js';
import type { FileSnapshot } from './snapshot.js';

export interface UploaderOptions {
  /** The site's public key. */
  readonly siteKey: string;
  /** Base URL of the signing service, without a slash at the end. */
  readonly signer: string;
  /** Narrows what the site accepts. */
  readonly restrictions?: Restrictions;
  /** Narrows how the site wants images; `disabled` keeps their size and format. */
  readonly image?: ImageOptions;
  /** Requests to storage at once, shared by all Uploaders of a page; 6. */
  readonly concurrency?: number;
  /** Whether added files are sent at once; true. */
  readonly autoStart?: boolean;
  /** Whether unfinished uploads are remembered for the next visit; true, but never with a grant: the next visitor may be another person. */
  readonly remember?: boolean;
  /** For sites that require one: a grant signed by the site's backend, or a function that fetches it. */
  readonly grant?: Grant;
}

/** What an Uploader needs from the world; all of it has a default. */
export interface UploaderPorts {
  readonly fetch: Fetch;
  /** XMLHttpRequest. */
  readonly send: Send;
  readonly prepare: Prepare;
  readonly now: MonotonicNow;
  readonly sleep: Sleep;
  /** 0…1, for the pauses between tries. */
  readonly random: () => number;
  readonly host: Host;
  /** A worker with WebAssembly, or what the page allows. */
  readonly hasher: Hasher;
  /** IndexedDB; memory where there is none. */
  readonly resumeStore: ResumeStore;
  readonly createId: () => string;
  /** Asked before a file is started; on `false` it stays queued until `start`. */
  readonly mayStart: (snapshot: FileSnapshot) => boolean;
  /** Asked before anything is done for files that are not started; on `false` they only wait. */
  readonly mayPrepare: () => boolean;
}

type EarlyPorts = 'fetch' | 'prepare' | 'now' | 'createId';

/** The ports as an Uploader holds them: the others come with the run. */
export type GivenPorts = Pick<UploaderPorts, EarlyPorts> & Partial<Omit<UploaderPorts, EarlyPorts>>;

export function remembers({ remember = true, grant }: UploaderOptions): boolean {
  return remember && grant === undefined;
}

let lastId = 0;

export const earlyPorts: Pick<UploaderPorts, EarlyPorts> = {
  // Looked up at each call: pages patch fetch, and it must not lose its `this`.
  fetch: (input, init) => globalThis.fetch(input, init),
  prepare: async (file) => ({ blob: file, name: file.name, type: file.type }),
  now: () => performance.now(),
  createId: () => `upload-${(lastId += 1)}`,
};
