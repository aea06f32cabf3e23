// Visits of a page that end too early, and what they leave behind.
import type { Uploader } from '../../../widget/engine/uploader.js';
import { partOf } from './fake-signer.js';
import { type FakeWorld, pick } from './fake-world.js';
import { holdSends } from './held-sends.js';
import { settle } from './virtual-time.js';

const SITE = { signer: 'https://signer.test', siteKey: 'pk_test' };

/** A visit that ends when so many parts have arrived. */
export async function visit(
  world: FakeWorld,
  file: File,
  { arrivals, sent }: { readonly arrivals: number; readonly sent?: Blob },
): Promise<Uploader> {
  const held = holdSends(world);
  const prepare = async (one: File) => ({ blob: sent ?? one, name: one.name, type: one.type });
  const uploader = world.uploader({ concurrency: 3 }, { prepare });
  uploader.add(pick(file));
  await world.time.advance(1000);
  for (let index = 0; index < arrivals; index += 1) {
    held[index]?.arrive();
    await settle();
  }
  await world.time.advance(1000);
  uploader.pause();
  await settle();
  world.sending = undefined;
  world.sent.length = 0;
  return uploader;
}

export function sentParts(world: FakeWorld): readonly number[] {
  return world.sent.map(({ url }) => partOf(url)).toSorted((a, b) => a - b);
}

export async function records(world: FakeWorld): Promise<readonly string[]> {
  await settle();
  return (await world.resumeStore.list(SITE)).map(({ id }) => id);
}
