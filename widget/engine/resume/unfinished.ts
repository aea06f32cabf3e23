// What earlier visits left unfinished: listed, gone on with, or given up.
import type { UploadStatus } from '../../../server/protocol.js';
import type { PickedFile } from '../ports.js';
import { dropClaim, holdClaim, isClaimedHere, restorerOf, withClaim } from '../run/claims.js';
import { hasherOf, storeOf } from '../run/late-ports.js';
import { isRecorded, noteKept } from '../run/records.js';
import { planOf } from '../run/recall.js';
import { clientFor } from '../signing-client.js';
import type { SiteAccess } from '../site-access.js';
import type { NewUpload } from '../upload.js';
import { hasCode } from '../upload-error.js';
import type { GivenPorts } from '../uploader-options.js';
import { heldElsewhere } from './claim.js';
import type { ResumeRecord } from './resume-record.js';
import type { ResumeStore } from './resume-store.js';

/** An upload that an earlier visit began and that storage still knows. */
export interface UnfinishedUpload {
  readonly id: string;
  readonly name: string;
  /** Bytes that are sent in all. */
  readonly size: number;
  readonly type: string;
  /** Bytes that storage holds already. */
  readonly sentBytes: number;
  /** The file itself is not needed to go on. */
  readonly hasBytes: boolean;
  /** Opens the file again, once the user allows it. */
  readonly handle?: FileSystemFileHandle;
}

export interface RestoreInput {
  readonly picked: PickedFile | undefined;
  readonly site: SiteAccess;
  readonly ports: GivenPorts;
}

/** Oldest first; what another tab is working on is left out, what storage has lost is forgotten. */
export async function findUnfinished(
  site: SiteAccess,
  ports: GivenPorts,
): Promise<readonly UnfinishedUpload[]> {
  const store = storeOf(ports);
  const records = await store.list(site);
  const held = await heldElsewhere(records.map(({ id }) => id));
  const free = records.filter(({ id }) => !held.has(id) && !isClaimedHere(id));
  const found = await Promise.all(free.map((record) => describe(record, { site, store })));
  return found.flatMap((one) => one ?? []);
}

interface Place {
  readonly site: SiteAccess;
  readonly store: ResumeStore;
}

async function describe(record: ResumeRecord, place: Place): Promise<UnfinishedUpload | undefined> {
  const status = await askStatus(record, place);
  if (!status) return undefined;
  const { id, prepared, source, handle } = record;
  const isStored = status.state === 'stored';
  return {
    id,
    name: source.name,
    size: prepared.size,
    type: prepared.type,
    sentBytes: isStored ? prepared.size : status.parts.reduce((sum, { size }) => sum + size, 0),
    hasBytes: isStored || record.hasBytes,
    ...(handle ? { handle } : {}),
  };
}

/** @returns Undefined when nothing can be gone on with. A signer that cannot be reached knows nothing worse than "pending". */
async function askStatus(record: ResumeRecord, { site, store }: Place): Promise<UploadStatus | undefined> {
  try {
    const status = await clientFor(site).status.add(planOf(record));
    if (status.state !== 'gone') return status;
  } catch (error) {
    if (!hasCode(error, 'ticket-expired', 'ticket-invalid', 'unknown-site', 'upload-gone')) {
      return { id: record.id, state: 'pending', parts: [] };
    }
  }
  await store.delete([record.id]);
  return undefined;
}

/** @returns The upload to list; undefined when it is gone, another tab has it, or the file is not the same. */
export async function restoreUpload(
  id: string,
  { picked, site, ports }: RestoreInput,
): Promise<Pick<NewUpload, 'picked' | 'memory'> | undefined> {
  const store = storeOf(ports);
  const record = (await store.list(site)).find((one) => one.id === id);
  if (!record) return undefined;
  // The run recognises the file by itself, and compares what storage holds with it.
  if (picked) return (await isSame(record, picked.file, ports)) ? { picked } : undefined;
  const holder = restorerOf(site);
  if (!(await holdClaim(id, holder))) return undefined;
  const status = await askStatus(record, { site, store });
  const bytes = record.hasBytes ? await store.bytesOf(id) : undefined;
  const body = bytes ?? (status?.state === 'stored' ? new Blob() : undefined);
  if (!status || !body) {
    dropClaim(id, holder);
    return undefined;
  }
  return { picked: pickedFrom(record, body), memory: memoryOf(record, { body, site, store }) };
}

function pickedFrom({ source, prepared }: ResumeRecord, body: Blob): PickedFile {
  const { name, lastModified, relativePath } = source;
  const file = new File([body], name, { type: prepared.type, lastModified });
  return relativePath === undefined ? { file } : { file, relativePath };
}

function memoryOf(
  record: ResumeRecord,
  { body, site, store }: Place & { readonly body: Blob },
): NonNullable<NewUpload['memory']> {
  noteKept(store, record.id);
  const plan = planOf(record);
  const forget = () => {
    dropClaim(record.id, restorerOf(site));
    void store.delete([record.id]);
    void clientFor(site).abort(plan);
  };
  const giveUp = () => void withClaim(record.id, site, forget);
  return { plan, body, prepared: record.prepared, giveUp };
}

function isSame(record: ResumeRecord, file: File, ports: GivenPorts): Promise<boolean> {
  const { signal } = new AbortController();
  return isRecorded(record, file, { hasher: hasherOf(ports), signal }).catch(() => false);
}

/** The signer gives up what is not stored yet, this browser forgets it; what another list or tab goes on with stays. */
export async function discardUnfinished(
  ids: readonly string[],
  site: SiteAccess,
  ports: GivenPorts,
): Promise<void> {
  const store = storeOf(ports);
  const records = (await store.list(site)).filter(({ id }) => ids.includes(id));
  const holder = { site };
  const claimed = await Promise.all(records.map(({ id }) => holdClaim(id, holder)));
  const free = records.filter((_, index) => claimed[index]);
  const client = clientFor(site);
  await Promise.all([
    store.delete(free.map(({ id }) => id)),
    ...free.map((record) => client.abort(planOf(record))),
  ]);
  for (const { id } of free) dropClaim(id, holder);
}
