// Thumbnails: made small, upright and only for rows in view; tiles where there is no picture; nothing is kept for nothing.
import { expect, waitUntil } from '@open-wc/testing';
import type { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { PreviewLoader, type Made } from '../../../widget/element/preview-loader.js';
import { difference, fixture, paint, readPixels } from '../image/support.js';
import { choose, file, parts, Stage } from './stage.js';

describe('a thumbnail', () => {
  it('is far smaller than its photo, upright and in its colours', async () => {
    const photo = await fixture('orientation-landscape-6.jpg');
    const element = await shown(photo);

    const picture = await pictureOf(element);
    const { width, height } = await createImageBitmap(picture);

    expect([width, height]).to.deep.equal([213, 160]);
    expect(picture.size).to.be.below(photo.size / 5);
    const expected = await drawAt(photo, { width: 213, height: 160 });
    expect(difference(await readPixels(picture, 16, 12), await readPixels(expected, 16, 12))).to.be.below(4);
    await expect(element).to.be.accessible();
  });

  it('keeps transparency', async () => {
    const element = await shown(await fixture('alpha.webp'));

    const pixels = await readPixels(await pictureOf(element), 4, 4);

    expect(Math.min(...pixels.filter((_, index) => index % 4 === 3))).to.be.below(250);
  });

  it('is what the camera put there at first, then the real one', async () => {
    const made: Made[] = [];
    const loader = new PreviewLoader((one) => made.push(one));

    loader.want('a', await fixture('gps-nikon.jpg'), 'photo');
    loader.want('b', await photoOf('b.png'), 'image');
    await waitUntil(() => made.length === 3, 'all are made', { timeout: 8000 });

    expect(made.map(({ id, isEarly }) => `${id} ${isEarly ? 'early' : 'real'}`)[0]).to.equal('a early');
    expect(made.filter(({ isEarly }) => !isEarly).map(({ id }) => id)).to.have.members(['a', 'b']);
    expect(made.every(({ picture }) => picture !== undefined)).to.equal(true);
  });

  it('is part of the snapshot, and is released with its file', async () => {
    const element = await shown(await photoOf('a.png'), await photoOf('b.png'));
    await waitUntil(() => element.files.every(({ previewUrl }) => previewUrl !== null));
    const [a, b] = element.files.map(({ previewUrl }) => previewUrl!);

    element.remove(element.files[0]!.id);

    expect(await isReleased(a!)).to.equal(true);
    expect(await isReleased(b!)).to.equal(false);
    element.remove();
    expect(await isReleased(b!)).to.equal(true);
  });

  it('is made only for rows in view', async () => {
    const photo = await photoOf('p.png');
    const copies = Array.from({ length: 60 }, (_, i) => new File([photo], `${i}.png`, { type: photo.type }));
    const element = await shown(...copies);
    const seen = (): number => element.files.filter(({ previewUrl }) => previewUrl !== null).length;
    await waitUntil(() => seen() >= 4, 'those in view have theirs', { timeout: 4000 });
    expect(element.files.at(-1)!.previewUrl).to.equal(null);
    expect(seen()).to.be.below(30);

    window.scrollTo(0, document.documentElement.scrollHeight);

    await waitUntil(() => element.files.at(-1)!.previewUrl !== null, 'the last is made', { timeout: 4000 });
    expect(seen()).to.be.below(60);
    window.scrollTo(0, 0);
  });

  it('is made of the first photo before its row is seen', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    element.style.display = 'none';
    await choose(element, await photoOf('a.png'), await photoOf('b.png'));

    await waitUntil(() => element.files[0]!.previewUrl !== null, 'the first is made', { timeout: 4000 });

    expect(element.files[1]!.previewUrl).to.equal(null);
  });

  it('is not kept for a photo that the page refuses', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    element.addEventListener('b2-add', (event) => event.preventDefault(), { once: true });
    await choose(element, await photoOf('a.png'), await photoOf('b.png'));

    await waitUntil(() => element.files[0]?.previewUrl != null, 'the other is made', { timeout: 4000 });

    expect(element.files.map(({ name }) => name)).to.deep.equal(['b.png']);
  });

  it('is a tile where the file cannot be shown', async () => {
    const element = await shown(file('broken.jpg', 2000, 'image/jpeg'), await photoOf('good.png'));

    await waitUntil(() => element.files[1]!.previewUrl !== null, 'the other is made', { timeout: 4000 });
    await waitUntil(() => tiles(element).length < 2, 'the other is drawn', { timeout: 4000 });

    expect(element.files[0]!.previewUrl).to.equal(null);
    expect(tiles(element)).to.deep.equal(['JPG']);
  });
});

describe('kinds of files', () => {
  it('shows a drawing as pixels, in which nothing runs', async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="parent.pwned=1"><script>parent.pwned=1</script>
      <rect width="100%" height="100%" fill="#f00"/></svg>`;
    const stage = new Stage();
    stage.policy = { accept: ['image/svg+xml'] };
    const element = await stage.mount({ 'no-auto': true });
    await choose(element, new File([svg], 'drawing.svg', { type: 'image/svg+xml' }));

    const picture = await pictureOf(element);

    expect(picture.type).to.equal('image/png');
    expect([...(await readPixels(picture, 1, 1))]).to.deep.equal([255, 0, 0, 255]);
    expect('pwned' in window).to.equal(false);
  });

  it('shows the first frame of a video', async () => {
    const element = await shown(await recordVideo());

    const [red = 0, green = 255] = await readPixels(await pictureOf(element), 1, 1);

    expect(red).to.be.above(180);
    expect(green).to.be.below(60);
  });

  it('gives tiles to what has no picture, in a colour of its kind', async () => {
    const element = await shown(
      file('a.pdf', 1, 'application/pdf'),
      file('b.mp3', 1, 'audio/mpeg'),
      file('c.zip', 1, 'application/zip'),
      file('d.txt', 1, 'text/plain'),
      file('e.mp4', 1, 'video/mp4'),
    );

    expect(tiles(element)).to.deep.equal(['PDF', 'MP3', 'ZIP', 'TXT', 'MP4']);
    const kinds = parts(element, 'preview').map(
      (one) => one.querySelector<HTMLElement>('.tile')?.dataset['kind'],
    );
    expect(kinds).to.deep.equal(['pdf', 'audio', 'archive', 'text', 'video']);
    await expect(element).to.be.accessible();
  });
});

async function shown(...files: File[]): Promise<B2Uploader> {
  const element = await new Stage().mount({ 'no-auto': true });
  await choose(element, ...files);
  return element;
}

/** The bytes of the first row's picture, once it is drawn. */
async function pictureOf(element: B2Uploader): Promise<Blob> {
  const find = () => parts(element, 'preview')[0]?.querySelector<HTMLImageElement>('img[src^="blob:"]');
  await waitUntil(find, 'a thumbnail is drawn', { timeout: 8000 });
  return (await fetch(find()!.src)).blob();
}

function tiles(element: B2Uploader): string[] {
  return [...element.shadowRoot!.querySelectorAll('.tile')].map(({ textContent }) => textContent.trim());
}

async function isReleased(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

async function photoOf(name: string): Promise<File> {
  const size = { width: 600, height: 450, type: 'image/png' };
  const blob = await paint(size, (context) => context.fillRect(0, 0, 300, 200));
  return new File([blob], name, { type: blob.type });
}

async function drawAt(blob: Blob, { width, height }: { width: number; height: number }): Promise<Blob> {
  const bitmap = await createImageBitmap(blob, {
    resizeWidth: width,
    resizeHeight: height,
    resizeQuality: 'high',
  });
  return paint({ width, height, type: 'image/png' }, (context) => context.drawImage(bitmap, 0, 0));
}

/** Half a second of red. */
async function recordVideo(): Promise<File> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const context = canvas.getContext('2d')!;
  const stream = canvas.captureStream(30);
  const recorder = new MediaRecorder(stream, { mimeType: 'video/webm' });
  const chunks: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
  recorder.start(50);
  const paintRed = setInterval(() => {
    context.fillStyle = `rgb(${220 + chunks.length} 0 0)`;
    context.fillRect(0, 0, 320, 240);
  }, 20);
  await waitUntil(() => chunks.filter(({ size }) => size > 0).length > 4, 'some frames', { timeout: 5000 });
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.stop();
  await stopped;
  clearInterval(paintRed);
  return new File(chunks, 'clip.webm', { type: 'video/webm' });
}
