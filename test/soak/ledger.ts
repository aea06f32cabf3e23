// The books of a soak: what was chosen, what became of it, and what the bucket says of that.
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { TrafficEntry } from '../support/fault-proxy.js';
import type { FaultStage } from '../support/fault-stage.js';
import { digestOf, type Recipe } from './bodies.js';

export interface Findings {
  readonly lost: number;
  readonly doubled: number;
  /** Of the objects that are there besides the confirmed ones. */
  readonly doubledKeys: readonly string[];
  readonly corrupt: number;
  /** Objects that arrived while their visitor removed them. */
  readonly leftByRemoval: number;
  /** Open uploads that no page ever sent to: the answer that named them was lost. */
  readonly openUnknown: number;
  /** Open uploads that pages sent to. */
  readonly openKnown: number;
}

export class Ledger {
  readonly #stage: FaultStage;
  readonly #seed: number;
  readonly #open = new Map<string, Recipe>();
  /** All files that were ever chosen, by name and 16 digits of their digest: empty ones are all alike. */
  readonly #digests = new Map<string, 'open' | 'complete' | 'removed'>();
  readonly #uploadIds = new Set<string>();
  readonly #checks = new Set<Promise<void>>();
  #corrupt = 0;
  #missing = 0;
  files = 0;
  storedBytes = 0;
  removed = 0;
  sentBytes = 0;
  hitBytes = 0;
  stoppedBytes = 0;
  hits = 0;
  lostAborts = 0;
  leftBytes = 0;

  constructor(stage: FaultStage, seed: number) {
    this.#stage = stage;
    this.#seed = seed;
  }

  choose(recipe: Recipe): void {
    this.files += 1;
    this.#open.set(recipe.name, recipe);
    this.#digests.set(this.#digest(recipe), 'open');
  }

  recipe(name: string): Recipe | undefined {
    return this.#open.get(name);
  }

  remove(name: string): void {
    const chosen = this.#open.get(name);
    if (!chosen) return;
    this.removed += 1;
    this.#open.delete(name);
    this.#digests.set(this.#digest(chosen), 'removed');
  }

  /** Looks at the object of a file that is said to be complete, then frees its room. */
  complete(name: string, key: string): void {
    const chosen = this.#open.get(name);
    if (!chosen) return;
    this.#open.delete(name);
    this.#digests.set(this.#digest(chosen), 'complete');
    const check = this.#check(chosen, key).finally(() => this.#checks.delete(check));
    this.#checks.add(check);
  }

  /** Adds up what went through the proxies since the last time. */
  harvest(): void {
    for (const entry of this.#stage.storage.log.takeEnded()) this.#addTransfer(entry);
    for (const { path, outcome, rule } of this.#stage.signer.log.takeEnded()) {
      if (path.endsWith('/abort') && (rule !== undefined || outcome !== 'answered')) this.lostAborts += 1;
    }
  }

  /** The last look: whatever is in the bucket now is nobody's. */
  async settle(): Promise<Findings> {
    await Promise.all(this.#checks);
    this.harvest();
    const left = { corrupt: 0, leftByRemoval: 0 };
    const doubledKeys: string[] = [];
    for (const key of await this.#keys()) {
      const [digest = '', sizeBytes = 0, name = ''] = (await this.#hash(key)) ?? [];
      this.leftBytes += sizeBytes;
      const state = this.#digests.get(digest.slice(0, 16) + name);
      if (state === undefined) left.corrupt += 1;
      else if (state === 'removed') left.leftByRemoval += 1;
      else doubledKeys.push(key);
    }
    const open = await this.#openUploads();
    const openKnown = open.filter((id) => this.#uploadIds.has(id)).length;
    return {
      ...left,
      doubled: doubledKeys.length,
      doubledKeys,
      lost: this.#open.size + this.#missing,
      corrupt: left.corrupt + this.#corrupt,
      openUnknown: open.length - openKnown,
      openKnown,
    };
  }

  #addTransfer({ from, method, requestBytes, rule, outcome, uploadId }: TrafficEntry): void {
    if (rule !== undefined) this.hits += 1;
    if (from !== 'browser' || method !== 'PUT') return;
    if (uploadId !== undefined) this.#uploadIds.add(uploadId);
    this.sentBytes += requestBytes;
    if (rule !== undefined) this.hitBytes += requestBytes;
    else if (outcome === 'client-gone') this.stoppedBytes += requestBytes;
  }

  async #check(chosen: Recipe, key: string): Promise<void> {
    const [found] = (await this.#hash(key)) ?? [];
    if (found === undefined) this.#missing += 1;
    else if (found !== digestOf(chosen, this.#seed)) this.#corrupt += 1;
    else this.storedBytes += chosen.sizeBytes;
    const { client, settings } = this.#stage.bucket;
    await client.send(new DeleteObjectCommand({ Bucket: settings.bucket, Key: key }));
  }

  /** SHA-256 in hex, bytes, and the file's name; undefined when there is no such object. */
  async #hash(key: string): Promise<readonly [string, number, string] | undefined> {
    const { client, settings } = this.#stage.bucket;
    try {
      const { Body, Metadata } = await client.send(
        new GetObjectCommand({ Bucket: settings.bucket, Key: key }),
      );
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const chunk of (Body?.transformToWebStream() ?? []) as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        sizeBytes += chunk.length;
      }
      return [hash.digest('hex'), sizeBytes, Metadata?.['name'] ?? ''];
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  async #keys(): Promise<readonly string[]> {
    const { client, settings } = this.#stage.bucket;
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket: settings.bucket }))
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    return keys.filter((key) => !key.startsWith('.b2-uploader/'));
  }

  async #openUploads(): Promise<readonly string[]> {
    const { client, settings } = this.#stage.bucket;
    const ids: string[] = [];
    for (;;) {
      const Bucket = settings.bucket;
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
      if (Uploads.length === 0) return ids;
      for (const { Key, UploadId } of Uploads) {
        ids.push(UploadId ?? '');
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      }
    }
  }

  #digest(recipe: Recipe): string {
    return digestOf(recipe, this.#seed).slice(0, 16) + recipe.name;
  }
}
