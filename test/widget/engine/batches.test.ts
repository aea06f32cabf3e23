// How many calls many files make, and that one file's trouble stays its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createBatcher } from '../../../widget/engine/batcher.js';
import { clientFor } from '../../../widget/engine/signing-client.js';
import { SiteAccess } from '../../../widget/engine/site-access.js';
import { UploadError } from '../../../widget/engine/upload-error.js';
import { problem } from './fake-signer.js';
import { FakeWorld, idle, json, only, pick, textFile } from './fake-world.js';

const SIGNING = { signer: 'https://signer.test', siteKey: 'pk_test', grant: () => undefined };

test('files that are ready in the same moment are planned in one call', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();

  uploader.add(pick(...Array.from({ length: 40 }, (_, index) => textFile(`${index}.txt`))));
  await idle(uploader);

  assert.equal(world.callsOf('/v1/uploads').length, 1);
  assert.equal(world.callsOf('/v1/sites/pk_test').length, 1);
  assert.equal(world.stored.size, 40);
});

test('a thousand files take few calls, each within the limits of the signer', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();
  const longName = 'n'.repeat(900);

  uploader.add(pick(...Array.from({ length: 1000 }, (_, index) => textFile(`${longName}${index}.txt`))));
  await idle(uploader);

  const calls = world.callsOf('/v1/uploads');
  assert.ok(calls.length <= 45, `${calls.length} calls`);
  for (const { bytes, body } of calls) assert.ok(bytes <= 65_536 && (body.files as unknown[]).length <= 100);
  assert.equal(uploader.files.filter(({ status }) => status === 'complete').length, 1000);
});

test('hashed files that keep the line busy do not wait for those that are still being hashed', async () => {
  const md5 = 'A'.repeat(22) + '==';
  const eightMegabytes = (index: number) => ({ name: `${index}.bin`, size: 8_000_000, type: '', md5 });
  const world = new FakeWorld();
  const { create } = clientFor(new SiteAccess({ ...SIGNING, fetch: world.ports.fetch ?? fetch }));
  const arrivals = Array.from({ length: 6 }, () => create.expect());

  const planned = Array.from({ length: 4 }, (_, index) => {
    arrivals[index]?.();
    return create.add(eightMegabytes(index));
  });
  await Promise.all(planned.slice(0, 3));

  assert.deepEqual(
    world.callsOf('/v1/uploads').map(({ body }) => (body.files as unknown[]).length),
    [3],
  );
  for (const arrived of arrivals) arrived();
  await Promise.all(planned);
});

test('an unusable name fails its own file only, though the signer refuses the whole call', async () => {
  const world = new FakeWorld();
  world.answers.set('/v1/uploads', ({ body }) => {
    const index = (body.files as { name: string }[]).findIndex(({ name }) => name === 'bad');
    return index < 0 ? undefined : json(problem('invalid-name', { field: `files[${index}].name` }), 400);
  });
  const uploader = world.uploader();

  uploader.add(pick(textFile('a'), textFile('bad'), textFile('b'), textFile('bad')));
  await idle(uploader);

  assert.deepEqual(
    uploader.files.map(({ status, error }) => error?.code ?? status),
    ['complete', 'invalid-name', 'complete', 'invalid-name'],
  );
});

test('when every file failed, each keeps its own reason', async () => {
  const world = new FakeWorld();
  const uploads = [{ error: problem('file-too-large') }, { error: problem('type-not-allowed') }];
  world.answers.set('/v1/uploads', () => json({ ...problem('file-too-large'), uploads }, 413));
  const uploader = world.uploader();

  uploader.add(pick(textFile('a'), textFile('b')));
  await idle(uploader);

  assert.deepEqual(
    uploader.files.map(({ error }) => error?.code),
    ['file-too-large', 'type-not-allowed'],
  );
});

test('many files that are all refused take one call', async () => {
  const world = new FakeWorld();
  world.answers.set('/v1/uploads', ({ body }) => {
    const refusals = (body.files as unknown[]).map((_, index) =>
      problem('type-not-allowed', { field: `files[${index}].type` }),
    );
    return json({ ...refusals[0], uploads: refusals.map((error) => ({ error })) }, 415);
  });
  const uploader = world.uploader();

  uploader.add(pick(...Array.from({ length: 30 }, (_, index) => textFile(`${index}.txt`))));
  await idle(uploader);

  assert.ok(uploader.files.every(({ error }) => error?.code === 'type-not-allowed'));
  assert.equal(world.callsOf('/v1/uploads').length, 1);
});

test('uploads are given up even when there are more of them than the browser lets outlive the page', async () => {
  const world = new FakeWorld();
  const client = clientFor(new SiteAccess({ ...SIGNING, fetch: limitedKeepalive(world) }));
  const tickets = Array.from({ length: 100 }, (_, index) => ({
    id: `id${index}`,
    ticket: `ticket-id${index}`.padEnd(900, '~'),
  }));

  await Promise.all(tickets.map((ticket) => client.abort(ticket)));

  const given = world.callsOf('/v1/uploads/abort').flatMap(({ body }) => body.tickets as string[]);
  assert.deepEqual(new Set(given), new Set(tickets.map(({ ticket }) => ticket)));
});

/** A fetch as the Fetch standard has it: 64 KiB of `keepalive` bodies under way at once. */
function limitedKeepalive(world: FakeWorld): typeof fetch {
  const given = world.ports.fetch ?? fetch;
  let underWay = 0;
  return async (input, init = {}) => {
    const bytes = init.keepalive && typeof init.body === 'string' ? init.body.length : 0;
    if (underWay + bytes > 64 * 1024) throw new TypeError('Failed to fetch');
    underWay += bytes;
    await Promise.resolve();
    return given(input, init).finally(() => (underWay -= bytes));
  };
}

test('the grant is asked for before each call, and its failure has a name', async () => {
  const world = new FakeWorld();
  let count = 0;
  const uploader = world.uploader({ grant: async () => `grant-${(count += 1)}` });

  uploader.add(pick(textFile('a'), textFile('b')));
  await idle(uploader);
  uploader.configure({
    siteKey: 'pk_test',
    signer: 'https://signer.test',
    grant: () => Promise.reject(new Error('backend down')),
  });
  uploader.clear();
  uploader.add(pick(textFile('c')));
  await idle(uploader);

  assert.deepEqual(
    world.callsOf('/v1/uploads').map(({ body }) => body.grant),
    ['grant-1'],
  );
  assert.equal(only(uploader).error?.code, 'hook-failed');
});

test('a batcher keeps order and limits, and gives every item its own outcome', async () => {
  const items = fc.array(
    fc.record({ id: fc.nat(), text: fc.string({ maxLength: 40 }), fails: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(items, async (all) => {
      const seen: (readonly { readonly id: number }[])[] = [];
      const batch = createBatcher<(typeof all)[number], number>(
        async (some) => {
          seen.push(some);
          return some.map(({ id, fails }) =>
            fails ? new UploadError('internal', String(id), { retryable: false }) : id,
          );
        },
        { maxBytes: 200, maxWeight: 5 },
      );

      const outcomes = await Promise.allSettled(all.map((item) => batch.add(item)));

      assert.deepEqual(seen.flat(), all);
      for (const some of seen) {
        assert.ok(some.length <= 5);
        assert.ok(some.length === 1 || JSON.stringify(some).length <= 200 * 3);
      }
      for (const [index, { id, fails }] of all.entries()) {
        const outcome = outcomes[index];
        if (fails) assert.equal(outcome?.status, 'rejected');
        else assert.deepEqual(outcome, { status: 'fulfilled', value: id });
      }
    }),
  );
});

test('sets no clock while as many calls as may be are under way', async (t) => {
  const clock = t.mock.method(globalThis, 'setTimeout');
  const batcher = createBatcher<number, number>(() => new Promise(() => undefined), {
    maxWeight: 1,
    maxBytes: 1000,
    holdMs: 1,
  });
  for (const item of [1, 2, 3, 4]) {
    void batcher.add(item);
    await Promise.resolve();
  }

  const rings = clock.mock.calls.map(({ arguments: [ring] }) => ring);
  for (const ring of rings) ring();

  assert.equal(clock.mock.callCount(), rings.length);
});
