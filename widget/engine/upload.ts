// One upload as its Uploader keeps it: the only mutable record of the engine.
import type { ErrorCode } from '../../server/protocol.js';
import type { PickedFile } from './ports.js';
import type { SiteAccess } from './site-access.js';
import { type FileSnapshot, type PreparedFacts, takeSnapshot } from './snapshot.js';
import type { SpeedWindow } from './speed.js';
import type { UploadPlan } from './upload-plan.js';
import type { UploadState } from './upload-state.js';

/** What outlives a run: a pause, a retry and a removal need it. */
export interface RunMemory {
  readonly prepared?: PreparedFacts;
  /** What is sent; released once it is stored. */
  readonly body?: Blob | undefined;
  readonly madeFor?: ImageWish;
  /** The same for each try to plan it, so that the signer knows it again. */
  readonly nonce?: string | undefined;
  /** What the signer agreed to. */
  readonly plan?: UploadPlan | undefined;
  /** Base64 digests of the parts that were sent, by part number. */
  readonly digests?: ReadonlyMap<number, string>;
  readonly storedBytes?: number;
  /** Parts that storage holds from an earlier visit, perhaps of another content: they are sent again. */
  readonly doubted?: ReadonlySet<number> | undefined;
  readonly notice?: ErrorCode;
  /** Further images, each with what is known of its own upload; absent before they are made. */
  readonly renditions?: readonly RenditionMemory[] | undefined;
  /** As the user set it. */
  readonly altText?: string;
  /** The signer is told that the upload is given up, and its record is forgotten; never throws. */
  readonly giveUp?: (() => void) | undefined;
}

/** What an image is made for. */
export interface ImageWish {
  readonly site: SiteAccess;
  /** The narrowed policy, as JSON. */
  readonly image: string;
}

export interface RenditionMemory {
  readonly name: string;
  readonly memory: RunMemory;
}

export interface Upload {
  readonly id: string;
  /** Position in the order of adding: earlier files are sent first. */
  readonly rank: number;
  picked: PickedFile;
  state: UploadState;
  memory: RunMemory;
  speed: SpeedWindow;
  snapshot: FileSnapshot;
  /** Whether the site's policy has taken it. */
  isAdmitted: boolean;
  /** It failed by a rule of the site, and counts for no limit. */
  isRefused: boolean;
  /** Somebody asked for it to be sent. */
  isWanted: boolean;
  /** Present while it runs; and from its preparation on, when that comes before its start. */
  controller: AbortController | undefined;
}

export interface NewUpload {
  readonly id: string;
  readonly rank: number;
  readonly picked: PickedFile;
  /** Whether the site's policy was known when the file was taken. */
  readonly isAdmitted: boolean;
  /** Of an earlier visit. */
  readonly memory?: RunMemory;
}

/** A queued upload. */
export function createUpload({ memory = {}, ...about }: NewUpload): Upload {
  const subject = { ...about, memory, state: { status: 'queued' }, speed: [] } as const;
  return {
    ...subject,
    snapshot: snapshotOf(subject),
    isRefused: false,
    isWanted: false,
    controller: undefined,
  };
}

export function snapshotOf(
  upload: Pick<Upload, 'id' | 'picked' | 'state' | 'memory' | 'speed'>,
): FileSnapshot {
  const { memory } = upload;
  return takeSnapshot({
    ...upload,
    prepared: memory.prepared,
    storedBytes: memory.storedBytes ?? 0,
    notice: memory.notice ?? null,
    altText: memory.altText,
    isAltTextFixed: memory.plan !== undefined,
  });
}
