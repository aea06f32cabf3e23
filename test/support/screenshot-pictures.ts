// Scenes of pictures and their kin: descriptions, every kind of tile, and one that was sent as it was.
import type { Page, Route } from 'playwright-core';
import { evaluate, pdf, pick, settled, STALL, type Stage, type Upload } from './screenshot-stage.js';

/** One described and on its way, one found in its file, others missing. */
export async function describeSome(page: Page, stage: Stage): Promise<void> {
  await page.evaluate(STALL);
  await pick(page, [...stage.photos.slice(0, 3), pdf]);
  await page
    .getByLabel('Description of IMG_20261114_183022.jpg')
    .fill('Fishing boats in the harbour at dusk');
  await page.keyboard.press('Enter');
  await evaluate(
    page,
    "el.uploads.engine.setAltText(el.files[1].id, 'A yellow tram climbs a narrow street')",
  );
  await page.waitForTimeout(1800);
}

/** A file of which only the name tells. */
const named = (name: string, mimeType: string): Upload => ({ name, mimeType, buffer: Buffer.alloc(4000) });

/** Every family of tiles, a drawing, a video and a photo of a phone where the folder has them. */
export async function kinds(page: Page, { photos }: Stage): Promise<void> {
  await page.route('**/v1/sites/*', takeEverything, { times: 1 });
  await evaluate(page, "el.siteKey = 'pk_kinds'");
  await page.waitForTimeout(300);
  const video = await recordVideo(page);
  await pick(page, [
    ...photos.slice(0, 1),
    { name: 'harbour.webm', mimeType: 'video/webm', buffer: video },
    { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(DRAWING) },
    named('damaged.jpg', 'image/jpeg'),
    named('interview.mp3', 'audio/mpeg'),
    named('lost.mp4', 'video/mp4'),
    pdf,
    named('letter.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'),
    named('prices.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
    named('talk.pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'),
    named('notes.txt', 'text/plain'),
    named('backup.zip', 'application/zip'),
    named('data', ''),
  ]);
  await page.waitForFunction(() => document.querySelector('b2-uploader')?.files[2]?.previewUrl);
  await page.waitForTimeout(800);
}

export async function sendAsItWas(page: Page, { photos }: Stage): Promise<void> {
  await pick(page, photos.slice(0, 2));
  await settled(page);
  await evaluate(page, "el.uploads.list.setFile({ ...el.uploads.files[0], notice: 'original-sent' })");
  await evaluate(page, 'el.requestUpdate()');
}

const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
  <circle cx="50" cy="50" r="46" fill="#e9c46a"/><path d="M20 60 50 20l30 40z" fill="#264653"/></svg>`;

/** A second of video, made by the page. */
async function recordVideo(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/webm' });
    const chunks: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
    recorder.start();
    for (let step = 0; step < 30; step += 1) {
      if (context) context.fillStyle = `hsl(${190 + step} 70% 45%)`;
      context?.fillRect(0, 0, 320, 240);
      if (context) context.fillStyle = '#fff';
      context?.fillRect(40 + step * 4, 90, 60, 60);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(chunks).arrayBuffer())];
  });
  return Buffer.from(bytes);
}

/** The site as it is, for files of every type. */
async function takeEverything(route: Route): Promise<void> {
  const response = await route.fetch();
  const accept = ['image/svg+xml', '.svg', '*/*'];
  await route.fulfill({ json: { ...((await response.json()) as object), accept } });
}

/** Whole photos that two hundred of can be handed to the page at once. */
export async function drawSmall(page: Page): Promise<readonly Upload[]> {
  const drawn = await page.evaluate(() =>
    [12, 48, 96, 150, 200, 230, 270, 320].map((hue) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 360 });
      const context = canvas.getContext('2d')!;
      const sky = context.createLinearGradient(0, 0, 120, 360);
      sky.addColorStop(0, `hsl(${hue} 70% 80%)`);
      sky.addColorStop(1, `hsl(${hue + 40} 50% 34%)`);
      context.fillStyle = sky;
      context.fillRect(0, 0, 480, 360);
      for (let i = 0; i < 4000; i += 1) {
        context.fillStyle = `hsl(${hue + (i % 60)} 60% ${30 + ((i * 37) % 50)}% / 50%)`;
        context.fillRect((i * 7919) % 480, 180 + ((i * 104_729) % 180), 6, 3);
      }
      return canvas.toDataURL('image/jpeg', 0.98);
    }),
  );
  return drawn.map((url) => ({
    name: 'photo.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'),
  }));
}
