// What one upload's run is given, and the tools that all its steps share.
import type { Hasher } from '../md5/hasher.js';
import { sendByFetch } from '../fetch-transport.js';
import type { Host, MonotonicNow, PickedFile, Send, Sleep } from '../ports.js';
import { reachesSigner } from '../reaches.js';
import type { ResumeStore } from '../resume/resume-store.js';
import { clientFor, type SigningClient } from '../signing-client.js';
import type { SiteAccess } from '../site-access.js';
import { sendByXhr } from '../transport.js';
import type { RunMemory, Upload } from '../upload.js';
import type { UploadList } from '../upload-list.js';
import type { UploadEvent } from '../upload-state.js';
import type { GivenPorts, UploaderOptions } from '../uploader-options.js';
import { remembers } from '../uploader-options.js';
import { hasherOf, storeOf } from './late-ports.js';
import { paceProgress } from './pace-progress.js';
import { Patience } from './patience.js';

/** As the list hands it over. */
export interface Run {
  readonly upload: Upload;
  readonly list: UploadList;
  readonly site: SiteAccess;
  readonly options: UploaderOptions;
  readonly ports: GivenPorts;
  readonly signal: AbortSignal;
  readonly remember: (memory: RunMemory) => void;
  readonly report: (event: UploadEvent) => void;
}

/** A run with its tools. */
export interface Job extends Omit<Run, 'upload' | 'list'> {
  readonly picked: PickedFile;
  /** Earlier files are sent first. */
  readonly rank: number;
  /** What an earlier run left, and this one has remembered so far. */
  readonly memory: () => RunMemory;
  /** Whether another listed upload goes by this plan. */
  readonly isTaken: (planId: string) => boolean;
  readonly client: SigningClient;
  readonly patience: Pick<Patience, 'begin' | 'moved' | 'keepTrying'>;
  readonly concurrency: number;
  readonly send: Send;
  readonly now: MonotonicNow;
  readonly sleep: Sleep;
  readonly host: Host;
  readonly hasher: Hasher;
  /** Undefined when nothing is to be remembered. */
  readonly store: ResumeStore | undefined;
}

/** The same job for a part of its work that may have to end before it. */
export function withSignal(job: Job, signal: AbortSignal): Job {
  const patience: Job['patience'] = {
    begin: () => job.patience.begin(),
    moved: () => job.patience.moved(),
    keepTrying: (work, its) => job.patience.keepTrying(work, its ? AbortSignal.any([its, signal]) : signal),
  };
  return { ...job, signal, patience };
}

const DEFAULT_CONCURRENCY = 6;

/** Fills in what the Uploader was not given. */
export function openJob(run: Run): Job {
  const { upload, list, site, options, ports, signal, remember } = run;
  const { now, random = Math.random, sleep = sleepByTimer, host = headlessHost } = ports;
  const report = paceProgress(run);
  const isReachable = () => reachesSigner(site);
  return {
    picked: upload.picked,
    rank: upload.rank,
    memory: () => upload.memory,
    isTaken: (planId) => list.holds(planId),
    site,
    options,
    ports,
    signal,
    remember,
    report,
    client: clientFor(site),
    patience: new Patience({ now, sleep, random, host, signal, report, isReachable }),
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
    send: ports.send ?? ('XMLHttpRequest' in globalThis ? sendByXhr : sendByFetch),
    now,
    sleep,
    host,
    hasher: hasherOf(ports),
    store: remembers(options) ? storeOf(ports) : undefined,
  };
}

/** A host that shows nothing; workers hear of the network, too. */
const headlessHost: Host = {
  isHidden: () => false,
  onWake: (listener) => {
    globalThis.addEventListener?.('online', listener);
    return () => globalThis.removeEventListener?.('online', listener);
  },
};

const sleepByTimer: Sleep = (delayMs, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', stop, { once: true });
  });
