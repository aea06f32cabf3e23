// Renditions of an image: sent beside it, told with it, gone on with, and given up with it.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FileRequest } from '../../../server/protocol.js';
import { narrowImagePolicy } from '../../../widget/engine/image-policy.js';
import type { Prepare, PreparedRendition } from '../../../widget/engine/ports.js';
import { idOf, problem } from './fake-signer.js';
import { FakeWorld, idle, json, only, pick, refusal, textFile } from './fake-world.js';
import { forgetSlowDowns, holdSends } from './held-sends.js';
import { settle } from './virtual-time.js';

beforeEach(forgetSlowDowns);

const policyOf = (world: FakeWorld) => ({
  ...world.policy,
  image: { ...world.policy.image, renditions: [{ name: 'thumb' }, { name: 'card' }] },
});

function rendition(name: string, width: number): PreparedRendition {
  return { name, blob: new Blob([name.repeat(3)]), type: 'image/webp', width, height: width / 2 };
}

/** What an image pipeline makes: the file itself, and what the site wants besides. */
const prepare: Prepare = (file, image) => {
  const made = { blob: file, name: file.name, type: 'image/png', width: 2000, height: 1000 };
  const widths: Readonly<Record<string, number>> = { thumb: 200, card: 800 };
  const renditions = image?.renditions.map(({ name }) => rendition(name, widths[name] ?? 10)) ?? [];
  return Promise.resolve({ ...made, renditions });
};

function worldWithRenditions(): FakeWorld {
  const world = new FakeWorld();
  world.policy = policyOf(world);
  return world;
}

const requestsOf = (world: FakeWorld) =>
  world.callsOf('/v1/uploads').flatMap(({ body }) => body.files as FileRequest[]);

test('renditions are stored beside their image, and told with it', async () => {
  const world = worldWithRenditions();
  const uploader = world.uploader({}, { prepare });

  uploader.add(pick(textFile('boats.png')));
  await idle(uploader);

  const { status, renditions, srcset, key } = only(uploader);
  assert.deepEqual([status, key, world.stored.size], ['complete', 'k/id1', 3]);
  assert.deepEqual(
    requestsOf(world).map(({ name, type, size, renditionOf, rendition }) => [
      name,
      type,
      size,
      renditionOf,
      rendition,
    ]),
    [
      ['boats.png', 'image/png', 3, undefined, undefined],
      ['boats-thumb.webp', 'image/webp', 15, 'ticket-id1', 'thumb'],
      ['boats-card.webp', 'image/webp', 12, 'ticket-id1', 'card'],
    ],
  );
  const shared = { height: 100, type: 'image/webp' };
  assert.deepEqual(renditions, [
    {
      ...shared,
      name: 'thumb',
      url: 'https://files.test/id2',
      key: 'k/id2',
      width: 200,
      size: 15,
      receipt: 'r-id2',
    },
    {
      ...shared,
      name: 'card',
      url: 'https://files.test/id3',
      key: 'k/id3',
      width: 800,
      height: 400,
      size: 12,
      receipt: 'r-id3',
    },
  ]);
  assert.equal(
    srcset,
    'https://files.test/id2 200w, https://files.test/id3 800w, https://files.test/id1 2000w',
  );
  assert.equal(world.callsOf('/v1/uploads/complete').length, 1);
});

test('a page chooses renditions where the site names none, and only there', async () => {
  for (const [world, expected] of [
    [new FakeWorld(), ['mine']],
    [worldWithRenditions(), ['thumb', 'card']],
  ] as const) {
    const uploader = world.uploader({ image: { renditions: [{ name: 'mine', maxWidth: 9 }] } }, { prepare });

    uploader.add(pick(textFile('boats.png')));
    await idle(uploader);

    assert.deepEqual(
      only(uploader).renditions.map(({ name }) => name),
      expected,
    );
  }
});

for (const [text, names] of [
  ['[{"name":"mine","maxWidth":9,"format":"webp"}]', ['mine']],
  ['', []],
  ['[{"name":"mine"}, {"name":"mine"}]', []],
  ['[{"name":"Mine"}]', []],
  ['[{"name":"mine","maxWidth":0}]', []],
  ['[{"name":"mine","width":10}]', []],
  ['[{"name":"mine","format":"gif"}]', []],
  ['{"name":"mine"}', []],
  ['[{"name":"mine"', []],
] as const) {
  test(`renditions written as ${text || 'nothing'} are ${names.join() || 'none'}`, (t) => {
    const warn = t.mock.method(console, 'warn', () => undefined);

    const { renditions } = narrowImagePolicy(new FakeWorld().policy.image, text ? { renditions: text } : {});

    assert.deepEqual(
      renditions.map(({ name }) => name),
      names,
    );
    assert.equal(warn.mock.callCount(), text !== '' && names.length === 0 ? 1 : 0);
  });
}

test('what has no renditions has none to tell', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader({}, { prepare });

  uploader.add(pick(textFile('boats.png')));
  await idle(uploader);

  assert.deepEqual([only(uploader).renditions, only(uploader).srcset], [[], '']);
});

test('a rendition that storage refuses fails its file, and only it is sent again', async () => {
  const world = worldWithRenditions();
  world.sending = (url, body) => {
    if (idOf(url) === 'id2') return Promise.reject(refusal(400));
    world.store(url, body.size);
    return Promise.resolve();
  };
  const uploader = world.uploader({}, { prepare });
  uploader.add(pick(textFile('boats.png')));
  await idle(uploader);
  assert.deepEqual(
    [only(uploader).error?.code, [...world.stored].toSorted()],
    ['storage-error', ['id1', 'id3']],
  );

  world.sending = undefined;
  world.sent.length = 0;
  uploader.retry(only(uploader).id);
  await idle(uploader);

  assert.deepEqual([only(uploader).status, world.sent.map(({ url }) => idOf(url))], ['complete', ['id2']]);
  assert.equal(world.planned.size, 3);
});

test('an image that fails takes its renditions along', async () => {
  const world = worldWithRenditions();
  const held = holdSends(world);
  const uploader = world.uploader({}, { prepare });
  uploader.add(pick(textFile('boats.png')));
  await settle();
  assert.equal(held.length, 3);

  const ended = idle(uploader);
  held.find(({ url }) => idOf(url) === 'id1')?.fail(refusal(400));
  await ended;

  assert.equal(only(uploader).error?.code, 'storage-error');
  assert.ok(held.every(({ isStopped }) => isStopped));
});

test('a pause keeps what is stored of them, and resume sends the rest', async () => {
  const world = worldWithRenditions();
  const held = holdSends(world);
  const uploader = world.uploader({}, { prepare });
  uploader.add(pick(textFile('boats.png')));
  await settle();
  held.find(({ url }) => idOf(url) === 'id3')?.arrive();
  await settle();

  uploader.pause();
  await settle();
  assert.ok(held.filter(({ url }) => idOf(url) !== 'id3').every(({ isStopped }) => isStopped));
  world.sending = undefined;
  world.sent.length = 0;
  uploader.resume();
  await idle(uploader);

  assert.equal(only(uploader).status, 'complete');
  assert.deepEqual(world.sent.map(({ url }) => idOf(url)).toSorted(), ['id1', 'id2']);
  assert.deepEqual([world.planned.size, world.stored.size], [3, 3]);
});

test('an image that storage lost is planned anew, and its renditions with it', async () => {
  const world = worldWithRenditions();
  const uploader = world.uploader({}, { prepare });
  world.answers.set('/v1/uploads/complete', ({ body }) => {
    const isFirst = world.planned.size === 3;
    const files = (body.tickets as string[]).map((ticket) =>
      isFirst && ticket === 'ticket-id1' ? { error: problem('upload-gone') } : world.completed(ticket),
    );
    return json({ files });
  });

  uploader.add(pick(textFile('boats.png')));
  await idle(uploader);

  const { status, key, renditions, notice } = only(uploader);
  assert.deepEqual(
    [status, key, notice, renditions.map(({ key }) => key)],
    ['complete', 'k/id4', 'upload-gone', ['k/id5', 'k/id6']],
  );
});

test('a removed image gives its renditions up too', async () => {
  const world = worldWithRenditions();
  const held = holdSends(world);
  const uploader = world.uploader({}, { prepare });
  uploader.add(pick(textFile('boats.png')));
  await settle();

  uploader.remove(only(uploader).id);
  await settle();

  assert.ok(held.every(({ isStopped }) => isStopped));
  assert.deepEqual([...world.aborted].toSorted(), ['id1', 'id2', 'id3']);
});

for (const autoStart of [true, false])
  test(`a later visit that goes on with the image${autoStart ? '' : ', looked at before its start,'} makes its renditions anew`, async () => {
    const world = worldWithRenditions();
    const image = textFile('boats.png', 1200);
    const held = holdSends(world);
    const first = world.uploader({}, { prepare });
    first.add(pick(image));
    await settle();
    held.find(({ part }) => part === 1)?.arrive();
    await world.time.advance(2000);
    first.pause();
    await settle();
    world.sending = undefined;

    const second = world.uploader({ autoStart }, { prepare });
    second.add(pick(image));
    if (!autoStart) await settle();
    second.start();
    await idle(second);

    const { status, key, renditions } = only(second);
    assert.deepEqual([status, key, renditions.length], ['complete', 'k/id1', 2]);
    const again = requestsOf(world).slice(-2);
    assert.deepEqual(
      again.map(({ rendition, repeated }) => [rendition, repeated]),
      [
        ['thumb', true],
        ['card', true],
      ],
    );
  });

test('an image that an earlier visit stored is confirmed, though nothing is left to make renditions of', async () => {
  const world = worldWithRenditions();
  const held = holdSends(world);
  const first = world.uploader({}, { prepare });
  first.add(pick(textFile('boats.png')));
  await world.time.advance(2000);
  for (const { arrive } of held) arrive();
  first.pause();
  await settle();
  const later = world.uploader(
    {},
    {
      prepare: (file, ...rest) =>
        file.size > 0 ? prepare(file, ...rest) : Promise.reject(new Error('empty')),
    },
  );

  const ended = idle(later);
  const [unfinished] = await later.unfinished();
  await later.restore(unfinished?.id ?? '');
  await ended;

  assert.deepEqual([only(later).status, only(later).key], ['complete', 'k/id1']);
});
