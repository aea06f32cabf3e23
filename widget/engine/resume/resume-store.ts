// Where unfinished uploads are remembered: a port, with one store in memory and one in IndexedDB.
import type { ResumeRecord } from './resume-record.js';

/** Larger bytes are not kept: their record says `hasBytes: false`. */
export const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Nothing here ever rejects, or takes longer than a few seconds: a store that throws, is full, was
 * emptied or does not answer is one that remembers nothing, and uploads go on without it.
 */
export interface ResumeStore {
  /** Makes ready what the first question would wait for. */
  open?(): Promise<void>;
  /** Records of a site, oldest first: by id, which signers make in the order of time. */
  list(site: ResumeSite): Promise<readonly ResumeRecord[]>;
  /**
   * Saves a record, or replaces the one of its id, which keeps its place.
   * @param bytes - What is sent, when that is not the source. Without it, `hasBytes` is saved as it was given
   *   when bytes of this id are kept already, and as false otherwise.
   */
  save(record: ResumeRecord, bytes?: Blob): Promise<void>;
  /** The kept bytes; without a type, which the record knows. */
  bytesOf(id: string): Promise<Blob | undefined>;
  /** Remembers what was sent as a part, when the record is kept: base64 digest by part number. */
  saveDigest(id: string, partNumber: number, digest: string): Promise<void>;
  digestsOf(id: string): Promise<ReadonlyMap<number, string>>;
  /** Forgets records, with their bytes and digests. */
  delete(ids: readonly string[]): Promise<void>;
}

export interface ResumeSite {
  readonly signer: string;
  readonly siteKey: string;
}
