// Preparing at selection keeps its bounds: a few images at once, no more than fit, and only where and when it is of use.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { press } from '../../../widget/engine/pressing.js';
import { problem } from './fake-signer.js';
import { FakeWorld, json, pick, record, textFile } from './fake-world.js';
import { settle } from './virtual-time.js';
import { openShop, photo } from './workshop.js';

test('a site that does not answer is not told of before the start', async () => {
  const { world, shop, uploader } = openShop();
  world.answers.set('/v1/sites/pk_test', () => json(problem('unknown-site'), 404));
  uploader.add(pick(photo()));
  await settle();
  uploader.add(pick(photo('b.jpg')));
  await settle();
  assert.deepEqual(
    [uploader.files.map(({ status }) => status), shop.works.length, world.calls.length],
    [['queued', 'queued'], 0, 1],
  );

  uploader.start(uploader.files[0]?.id);
  await settle();
  assert.equal(uploader.files[0]?.error?.code, 'unknown-site');
  world.answers.clear();
  uploader.retry(uploader.files[0]?.id);
  await settle();

  shop.on('a.jpg').finish();
  await settle();

  assert.deepEqual(shop.names, ['a.jpg', 'b.jpg'], 'the other is made, too');
});

test('of a thousand photos a few are made at once, in the order of the list', async () => {
  const { shop, uploader } = openShop();
  const names = Array.from({ length: 1000 }, (_, index) => `${index}.jpg`);
  uploader.add(pick(...names.map((name) => photo(name, 6))));
  await settle();
  assert.deepEqual(shop.names, names.slice(0, shop.works.length));

  for (let done = 0; done < names.length; done += 1) {
    while (done === shop.works.length) await new Promise((resolve) => setTimeout(resolve));
    shop.works[done]?.finish();
  }
  await settle();

  assert.deepEqual([shop.names, shop.atOnce], [names, 0]);
  assert.ok(shop.mostAtOnce <= 4, `${shop.mostAtOnce} at once`);
  assert.ok(uploader.files.every(({ status, size }) => status === 'queued' && size === 5));
});

test('no more images are kept than a phone can hold, and those that leave make room', async () => {
  const { shop, uploader } = openShop();
  const blob = Object.defineProperty(new Blob(['x']), 'size', { value: 100 * 2 ** 20 });
  uploader.add(pick(...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => photo(name))));
  await settle();
  for (const work of shop.works) work.finish({ blob });
  await settle();
  assert.deepEqual(shop.names, ['a', 'b', 'c', 'd']);

  for (const { id } of uploader.files.slice(0, 3)) uploader.remove(id);
  await settle();

  assert.deepEqual(shop.names, ['a', 'b', 'c', 'd', 'e', 'f']);
});

test('files that are started at once are not prepared ahead of their turn', async () => {
  const { shop, uploader } = openShop({ autoStart: true });
  const names = Array.from({ length: 400 }, (_, index) => `${index}.jpg`);

  uploader.add(pick(...names.map((name) => photo(name))));
  await settle();

  assert.ok(shop.works.length < 400, `${shop.works.length} of 400`);
  uploader.clear();
});

test('nothing is done for files as long as the page does not want it', async () => {
  let mayPrepare = false;
  const { world, shop, uploader } = openShop({}, { mayPrepare: () => mayPrepare });
  uploader.add(pick(photo()));
  await settle();
  assert.deepEqual([world.calls.length, shop.works.length], [0, 0]);

  mayPrepare = true;
  uploader.configure({ siteKey: 'pk_test', signer: 'https://signer.test', autoStart: false });
  await settle();

  assert.equal(shop.works.length, 1);
});

test('files of other kinds pass without a change, and thousands of them leave turns to the page', async () => {
  let count = 0;
  const prepare = async (file: File) => {
    count += 1;
    return { blob: file, name: file.name, type: file.type };
  };
  const uploader = new FakeWorld().uploader({ autoStart: false }, { prepare });
  const files = Array.from({ length: 2000 }, (_, index) => textFile(`${index}.txt`));
  uploader.add(pick(...files));
  const changes = record(uploader);

  let turns = 0;
  for (; count < files.length; turns += 1) await new Promise((resolve) => setTimeout(resolve));

  assert.deepEqual([changes.length, uploader.files.every(({ status }) => status === 'queued')], [0, true]);
  assert.ok(turns >= 10, `${turns} turns of the page`);
});

test('what users look at goes first', async () => {
  const over = press();
  const { shop, uploader } = openShop();
  uploader.add(pick(photo()));
  await settle();
  assert.deepEqual(shop.names, []);

  over();
  await settle();

  assert.deepEqual(shop.names, ['a.jpg']);
});
