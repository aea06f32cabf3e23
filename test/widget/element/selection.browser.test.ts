// Work at selection: what waits for its start is shown, measured and judged as it will be sent.
import { expect, waitUntil } from '@open-wc/testing';
import { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { prepareLater } from '../../../widget/element/lazy-files-view.js';
import type { Prepare } from '../../../widget/engine/uploader.js';
import { paint } from '../image/support.js';
import { announced, choose, control, file, idle, part, rowTexts, Stage } from './stage.js';

it('a document that waits loads no image code', async () => {
  const element = await openStage().mount({ 'no-auto': true });

  await choose(element, file('a.pdf', 1000, 'application/pdf'));
  await waitUntil(() => hasLoaded('/engine/prepare-ahead'), 'it is looked at');
  await element.updateComplete;

  expect(rowTexts(element)[0]).to.contain('1 kB · Ready');
  expect(hasLoaded('/image/prepare')).to.equal(false);
});

describe('a photo that waits', () => {
  it('is shown as it will be sent, and keeps nobody waiting', async () => {
    const stage = openStage();
    const element = await stage.mount({ 'no-auto': true, 'max-width': '200' });
    const photo = await paintPhoto();

    await choose(element, photo);
    await made(element);

    const { size, width, height, originalSize, status } = element.files[0]!;
    expect([width, height, originalSize, status]).to.deep.equal([200, 150, photo.size, 'queued']);
    expect(size).to.be.lessThan(photo.size / 2);
    expect(rowTexts(element)[0]).to.match(/\b\d+(\.\d)? kB · Ready$/);
    expect(part(element, 'summary').textContent).to.contain('1 file ready');
    expect(element.matches(':state(busy)')).to.equal(false);
    expect(stage.heard).to.deep.equal(['b2-add']);
    expect(announced(element)).to.equal('1 file added.');
    await expect(element).to.be.accessible();

    control(element, 'Upload 1 file').click();
    (await stage.sending('a.jpg')).finish();
    await idle(element);
    expect([element.files[0]!.status, element.files[0]!.size]).to.deep.equal(['complete', size]);
  });

  it('goes with its form, whether it is made already or not', async () => {
    const stage = openStage();
    stage.isQuick = true;
    const element = await stage.mount({ 'no-auto': true, 'max-width': '200' });
    const form = document.createElement('form');
    let submits = 0;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submits += 1;
    });
    element.parentElement!.append(form);
    form.append(element);
    await choose(element, await paintPhoto());

    form.requestSubmit();
    await waitUntil(() => submits === 1, 'the form is sent', { timeout: 4000 });

    expect([element.files[0]!.status, element.files[0]!.width]).to.deep.equal(['complete', 200]);
  });

  it('is refused at once when it stays larger than its site takes', async () => {
    const stage = openStage();
    stage.policy = { maxSizeBytes: 1000 };
    const element = await stage.mount({ 'no-auto': true });

    await choose(element, await paintPhoto());
    await waitUntil(() => element.files.length === 0, 'it is refused', { timeout: 4000 });
    await element.updateComplete;

    expect(stage.heard).to.deep.equal(['b2-add', 'b2-reject']);
    expect(rowTexts(element)[0]).to.contain('a.jpg');
  });

  it('that cannot be made says so, and a retry makes it without a word of uploading', async () => {
    const stage = new Stage();
    let isBroken = true;
    preparedBy((...of) => (isBroken ? Promise.reject(new Error('broken')) : prepareLater(...of)));
    const element = await stage.mount({ 'no-auto': true, 'max-width': '200' });
    await choose(element, await paintPhoto());
    await waitUntil(() => element.files[0]?.status === 'failed', 'it fails');
    await element.updateComplete;
    expect(stage.heard).to.deep.equal(['b2-add', 'b2-error']);
    await waitUntil(() => announced(element).includes('a.jpg'), 'it is told', { timeout: 4000 });

    isBroken = false;
    control(element, 'Retry a.jpg').click();
    await made(element);

    expect(element.files[0]!.status).to.equal('queued');
    expect(rowTexts(element)[0]).to.contain('Ready');
    expect(announced(element)).not.to.contain('Uploading');
  });

  it('that was described before it failed is sent by a retry', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    let isBroken = true;
    preparedBy((...of) => (isBroken ? Promise.reject(new Error('broken')) : prepareLater(...of)));
    const element = await stage.mount({ 'alt-text': 'required', 'max-width': '200' });
    await choose(element, await paintPhoto());
    await waitUntil(() => element.files[0]?.status === 'failed', 'it fails');
    await element.updateComplete;
    const field = part(element, 'alt-text') as HTMLInputElement;
    field.value = 'A boat';
    for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));

    isBroken = false;
    element.retry();

    await waitUntil(() => element.files[0]!.status === 'complete', 'it is stored', { timeout: 4000 });
    expect(element.files[0]!.altText).to.equal('A boat');
  });

  it('is left alone once its element is taken out, and made when it is back', async () => {
    const element = await openStage().mount({ 'no-auto': true, 'max-width': '200' });
    const { parentElement } = element;
    element.remove();
    element.add([await paintPhoto()]);
    await element.uploads.engine.loadPolicy();
    await new Promise((resolve) => setTimeout(resolve));
    expect(element.files[0]!.width).to.equal(null);

    parentElement!.append(element);
    await made(element);

    expect(element.files[0]!.width).to.equal(200);
  });
});

/** With the real image code. */
function openStage(): Stage {
  const stage = new Stage();
  preparedBy(prepareLater);
  return stage;
}

function preparedBy(prepare: Prepare): void {
  const create = B2Uploader.createUploader;
  B2Uploader.createUploader = (options, ports) => create(options, { ...ports, prepare });
}

async function made(element: B2Uploader): Promise<void> {
  await waitUntil(() => element.files[0]?.width === 200, 'it is made', { timeout: 4000 });
  await element.updateComplete;
}

/** Coloured noise, which takes many bytes. */
async function paintPhoto(): Promise<File> {
  const blob = await paint({ width: 800, height: 600, type: 'image/jpeg' }, (context) => {
    for (let x = 0; x < 800; x += 8)
      for (let y = 0; y < 600; y += 8) {
        context.fillStyle = `hsl(${(x * 7 + y * 13) % 360} 80% ${30 + ((x * y) % 50)}%)`;
        context.fillRect(x, y, 8, 8);
      }
  });
  return new File([blob], 'a.jpg', { type: 'image/jpeg' });
}

function hasLoaded(path: string): boolean {
  return performance.getEntriesByType('resource').some(({ name }) => name.includes(path));
}
