// What waits for its start is prepared at selection: what is shown and judged is what will be sent, and nothing else happens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idle, json, only, pick, record } from './fake-world.js';
import { settle } from './virtual-time.js';
import { openShop, photo } from './workshop.js';

test('a photo that waits is shown as it will be sent, and nothing but the policy is asked for', async () => {
  const asked: string[] = [];
  const mayStart = ({ name }: { readonly name: string }) => asked.push(name) > 0;
  const { world, shop, uploader, idles } = openShop({}, { mayStart });
  const changes = record(uploader);

  uploader.add(pick(photo()));
  await settle();
  assert.deepEqual([only(uploader).status, only(uploader).size, uploader.busy], ['queued', 20, false]);
  shop.on('a.jpg').finish({
    name: 'a.webp',
    type: 'image/webp',
    width: 4,
    height: 3,
    placeholder: 'hash',
    notice: 'original-sent',
  });
  await settle();

  const { status, name, type, size, originalSize, width, height, placeholder, notice } = only(uploader);
  assert.deepEqual([status, name, type, size, originalSize], ['queued', 'a.webp', 'image/webp', 5, 20]);
  assert.deepEqual([width, height, placeholder, notice], [4, 3, 'hash', 'original-sent']);
  assert.equal(changes.length, 2);
  assert.deepEqual([uploader.busy, idles.length, asked.length, world.sent.length], [false, 0, 0, 0]);
  assert.deepEqual(
    world.calls.map(({ path }) => path),
    ['/v1/sites/pk_test'],
  );
});

test('what was made ahead is what is sent, and is not made again', async () => {
  const { world, shop, uploader, planned } = openShop();
  uploader.add(pick(photo()));
  await settle();
  shop.on('a.jpg').finish();
  await settle();

  uploader.start();
  await idle(uploader);

  assert.deepEqual([only(uploader).status, shop.works.length], ['complete', 1]);
  assert.deepEqual([planned().map(({ size }) => size), world.sent.map(({ size }) => size)], [[5], [5]]);
});

test('a photo that is started in the middle goes on with the same work', async () => {
  const { shop, uploader, planned } = openShop();
  const changes = record(uploader);
  uploader.add(pick(photo()));
  await settle();

  uploader.start();
  await settle();
  assert.deepEqual([only(uploader).status, uploader.busy], ['preparing', true]);
  shop.on('a.jpg').finish();
  await idle(uploader);

  assert.deepEqual([only(uploader).status, shop.works.length], ['complete', 1]);
  assert.deepEqual(
    planned().map(({ size }) => size),
    [5],
  );
  assert.deepEqual(
    [...new Set(changes.map(({ file }) => file.status))],
    ['queued', 'preparing', 'signing', 'uploading', 'completing', 'complete'],
  );
});

test('a photo that fails after it was started in the middle fails once, as a started one', async () => {
  const { shop, uploader, idles } = openShop();
  uploader.add(pick(photo()));
  await settle();
  uploader.start();
  await settle();

  shop.on('a.jpg').fail(new Error('a broken image'));
  await settle();

  assert.deepEqual([only(uploader).error?.code, idles.length], ['image-unreadable', 1]);
  uploader.retry();
  await settle();
  shop.on('a.jpg').finish();
  await settle();
  assert.equal(only(uploader).status, 'complete');
});

for (const end of ['remove', 'clear'] as const) {
  test(`${end} in the middle of it stops the work, and leaves nothing`, async () => {
    const { shop, uploader, idles } = openShop();
    const { id = '' } = uploader.add(pick(photo())).added[0] ?? {};
    await settle();
    const changes = record(uploader);

    if (end === 'remove') uploader.remove(id);
    else uploader.clear();
    await settle();

    assert.deepEqual([shop.on('a.jpg').isStopped, shop.atOnce, uploader.files.length], [true, 0, 0]);
    assert.deepEqual([changes.length, changes[0]?.removed, idles.length], [1, true, 0]);
  });
}

test('a pause in the middle stops the work, and a resumed photo is made anew and sent', async () => {
  const { shop, uploader } = openShop();
  const { id = '' } = uploader.add(pick(photo())).added[0] ?? {};
  await settle();

  uploader.pause(id);
  uploader.resume(id);
  uploader.pause(id);
  await settle();
  assert.deepEqual([only(uploader).status, shop.atOnce], ['paused', 0]);
  uploader.resume(id);
  await settle();
  shop.on('a.jpg').finish();
  await settle();

  assert.deepEqual([only(uploader).status, only(uploader).size, uploader.busy], ['complete', 5, false]);
});

test('a photo that cannot be made fails at selection, and a retry makes it without sending it', async () => {
  const { world, shop, uploader, idles } = openShop();
  uploader.add(pick(photo()));
  await settle();
  shop.on('a.jpg').fail(new Error('a broken image'));
  await settle();
  const { status, error } = only(uploader);
  assert.deepEqual([status, error?.code, error?.retryable], ['failed', 'image-unreadable', true]);
  assert.deepEqual([uploader.busy, idles.length], [false, 0]);

  uploader.retry();
  await settle();
  assert.deepEqual([only(uploader).status, uploader.busy], ['queued', false]);
  shop.on('a.jpg').finish();
  await settle();

  assert.deepEqual([only(uploader).status, only(uploader).size, world.sent.length], ['queued', 5, 0]);
  uploader.start();
  await idle(uploader);
  assert.deepEqual([only(uploader).status, shop.works.length], ['complete', 2]);
});

for (const [code, made, restrictions] of [
  ['file-too-large', { blob: new Blob(['x'.repeat(11)]) }, { maxSizeBytes: 10 }],
  ['file-too-small', {}, { minSizeBytes: 6 }],
  ['type-not-allowed', { contentType: 'application/pdf' }, { accept: ['image/*'] }],
] as const) {
  test(`a photo that turns out to be against the rules is refused at selection: ${code}`, async () => {
    const { shop, uploader } = openShop({ restrictions });
    uploader.add(pick(photo()));
    await settle();

    shop.on('a.jpg').finish(made);
    await settle();

    assert.deepEqual([only(uploader).error?.code, only(uploader).error?.retryable], [code, false]);
  });
}

test('a file that the site does not take is refused once its policy is known, and nothing is made of it', async () => {
  const { world, shop, uploader } = openShop();
  world.policy = { ...world.policy, accept: ['application/pdf'] };

  uploader.add(pick(photo()));
  await settle();

  assert.deepEqual([only(uploader).error?.code, shop.works.length], ['type-not-allowed', 0]);
});

test('a photo whose start is put off by the hook is made meanwhile', async () => {
  const { shop, uploader } = openShop({ autoStart: true }, { mayStart: () => false });
  uploader.add(pick(photo()));
  await settle();

  shop.on('a.jpg').finish();
  await settle();

  assert.deepEqual([only(uploader).status, only(uploader).size], ['queued', 5]);
});

test('a photo that became smaller leaves room for the next before anything is sent', async () => {
  const { shop, uploader } = openShop({ restrictions: { maxTotalSizeBytes: 30 } });
  uploader.add(pick(photo()));
  await settle();
  assert.equal(uploader.add(pick(photo('b.jpg'))).rejected[0]?.code, 'total-too-large');

  shop.on('a.jpg').finish();
  await settle();

  assert.equal(uploader.add(pick(photo('b.jpg'))).added.length, 1);
});

test('what was made for one site is made anew by the rules of another', async () => {
  const { world, shop, uploader, planned } = openShop();
  world.answers.set('/v1/sites/pk_other', () => {
    const image = { ...world.policy.image, maxWidth: 7 };
    return json({ ...world.policy, siteKey: 'pk_other', image });
  });
  uploader.add(pick(photo()));
  await settle();
  shop.on('a.jpg').finish();
  await settle();

  uploader.configure({ siteKey: 'pk_other', signer: 'https://signer.test', autoStart: false });
  uploader.start();
  await settle();
  assert.equal(shop.on('a.jpg').maxWidth, 7);
  shop.on('a.jpg').finish({ blob: new Blob(['little']) });
  await idle(uploader);

  assert.deepEqual([shop.works.length, planned().map(({ size }) => size)], [2, [6]]);
});

test('image options that are set after the selection count at the start', async () => {
  const { shop, uploader, planned } = openShop();
  uploader.add(pick(photo()));
  await settle();
  shop.on('a.jpg').finish();
  await settle();

  const image = { maxWidth: 7 };
  uploader.configure({ siteKey: 'pk_test', signer: 'https://signer.test', autoStart: false, image });
  uploader.start();
  await settle();
  shop.on('a.jpg').finish({ blob: new Blob(['new']) });
  await idle(uploader);

  assert.deepEqual(
    shop.works.map(({ maxWidth }) => maxWidth),
    [null, 7],
  );
  assert.deepEqual([only(uploader).status, planned().map(({ size }) => size)], ['complete', [3]]);
});

test('limits that are set after the selection count at the start', async () => {
  const { shop, uploader, planned } = openShop();
  uploader.add(pick(photo()));
  await settle();
  shop.on('a.jpg').finish();
  await settle();

  const restrictions = { maxSizeBytes: 2 };
  uploader.configure({ siteKey: 'pk_test', signer: 'https://signer.test', autoStart: false, restrictions });
  uploader.start();
  await settle();

  assert.deepEqual([only(uploader).error?.code, planned()], ['file-too-large', []]);
});
