// The scenes of take-screenshots.ts: what is shown, and how the element gets there.
import type { Page, Route } from 'playwright-core';
import { describeSome, drawSmall, kinds, sendAsItWas } from './screenshot-pictures.js';
import { evaluate, pdf, pick, settled, STALL, type Stage, type Upload } from './screenshot-stage.js';

export type { Stage, Upload } from './screenshot-stage.js';

export interface Scene {
  readonly name: string;
  readonly width?: number;
  readonly height?: number;
  readonly isDark?: boolean;
  readonly isRtl?: boolean;
  readonly forcesColors?: boolean;
  readonly isTouch?: boolean;
  readonly attributes?: string;
  readonly content?: string;
  readonly act?: (page: Page, stage: Stage) => Promise<void>;
}

const MULTIPLE = 'multiple required name="photos"';

const movie: Upload = {
  name: 'screen-recording.mov',
  mimeType: 'video/quicktime',
  buffer: Buffer.alloc(512_000),
};
const huge: Upload = {
  name: 'Annual report.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.alloc(12_000_000),
};

const LEFT = `[
  { id: '3', name: 'Interview, second camera.mp4', size: 1.2e9, type: 'video/mp4', sentBytes: 0.72e9, hasBytes: false },
  { id: '1', name: 'IMG_20261114_183022.jpg', size: 2.4e6, type: 'image/jpeg', sentBytes: 0, hasBytes: true },
  { id: '2', name: 'IMG_2041.jpg', size: 1.9e6, type: 'image/jpeg', sentBytes: 0, hasBytes: true },
]`;

const RESUME_ALONE = `el.uploads.engine.unfinished = async () => ${LEFT}.slice(1, 2); el.policyLoaded()`;

const scenes: readonly Scene[] = [
  { name: 'idle' },
  { name: 'idle-single', attributes: 'name="photo" accept="image/*"' },
  { name: 'idle-own', content: '<b>Scans of your passport</b> go here', attributes: 'multiple' },
  { name: 'idle-folder', attributes: 'multiple directory' },
  { name: 'idle-disabled', attributes: 'multiple disabled' },
  { name: 'idle-broken', attributes: 'multiple signer="ftp://x"' },
  { name: 'invalid', act: (page) => evaluate(page, 'el.reportValidity()') },
  { name: 'drag', act: (page) => drag(page, Array<string>(6).fill('image/jpeg')) },
  { name: 'drag-some', act: (page) => drag(page, ['image/jpeg', 'image/png', 'video/quicktime']) },
  { name: 'drag-refused', act: (page) => drag(page, ['video/quicktime', 'video/quicktime']) },
  { name: 'ready', attributes: `${MULTIPLE} no-auto`, act: choose },
  { name: 'busy', act: stall },
  {
    name: 'busy-hover',
    act: async (page, stage) => {
      await stall(page, stage);
      await drag(page, ['image/jpeg']);
    },
  },
  {
    name: 'done',
    act: async (page, { photos }) => {
      await pick(page, [...photos, pdf]);
      await settled(page);
    },
  },
  {
    name: 'single-done',
    attributes: 'name="photo"',
    act: async (page, { photos }) => {
      await pick(page, photos.slice(0, 1));
      await settled(page);
    },
  },
  { name: 'error', act: fail },
  {
    name: 'refused',
    act: async (page, { photos }) => {
      await pick(page, [...photos.slice(0, 2), movie, huge]);
      await settled(page);
    },
  },
  {
    name: 'focus',
    act: async (page, stage) => {
      await fail(page, stage);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
    },
  },
  { name: 'many', height: 800, act: many },
  {
    name: 'waiting',
    act: async (page, stage) => {
      await stall(page, stage);
      await page.context().setOffline(true);
      await page.waitForFunction(() =>
        document.querySelector('b2-uploader')?.files.every(({ status }) => /waiting|complete/.test(status)),
      );
    },
  },
  {
    name: 'waiting-single',
    attributes: 'name="photo"',
    act: async (page, { photos }) => {
      await page.evaluate(STALL.replace('=== 1', '=== 0'));
      await pick(page, photos.slice(1, 2));
      await page.waitForTimeout(2000);
      await page.context().setOffline(true);
      await page.waitForSelector('b2-uploader .item.stalled');
    },
  },
  {
    name: 'paused-one',
    act: async (page, stage) => {
      await stall(page, stage);
      await evaluate(page, 'el.pause(el.files[1].id)');
    },
  },
  {
    name: 'paused-all',
    act: async (page, stage) => {
      await stall(page, stage);
      await evaluate(page, 'el.pause()');
    },
  },
  { name: 'resume', act: (page) => offer(page, 3) },
  { name: 'resume-choose', act: (page) => offer(page, 1) },
  {
    name: 'resume-failed',
    act: async (page) => {
      await offer(page, 1);
      await evaluate(page, 'el.uploads.engine.restore = async () => undefined');
      await evaluate(page, RESUME_ALONE);
      await page.getByRole('button', { name: 'Resume', exact: true }).click();
    },
  },
  {
    name: 'started-again',
    act: async (page, stage) => {
      await stall(page, stage);
      await evaluate(page, "el.uploads.list.setFile({ ...el.uploads.files[2], notice: 'upload-gone' })");
      await evaluate(page, 'el.requestUpdate()');
    },
  },
  {
    name: 'alt-text',
    attributes: `${MULTIPLE} alt-text="required"`,
    act: describeSome,
  },
  { name: 'alt-text-optional', attributes: `${MULTIPLE} no-auto alt-text="optional"`, act: choose },
  { name: 'kinds', attributes: `${MULTIPLE} no-auto`, act: kinds },
  { name: 'as-it-was', act: sendAsItWas },
  { name: 'ten-thousand', height: 800, act: tenThousand },
];

const variants: readonly Partial<Scene>[] = [
  {},
  { name: '360', width: 360, isTouch: true },
  { name: '320', width: 320, isTouch: true },
  { name: 'dark', isDark: true },
  { name: 'rtl', isRtl: true },
  { name: 'forced', forcesColors: true },
];

/** Every scene in every variant whose name contains the filter. */
export function selectScenes(filter: string): readonly Scene[] {
  return variants.flatMap(vary).filter(({ name }) => name.includes(filter));
}

function vary(variant: Partial<Scene>): readonly Scene[] {
  return scenes.map((scene) => ({
    ...scene,
    ...variant,
    name: [scene.name, variant.name].filter(Boolean).join('-'),
  }));
}

async function choose(page: Page, { photos }: Stage): Promise<void> {
  await pick(page, [...photos, pdf]);
}

/**
 * Lets the first file through and holds the others on their way. The page does it: over loopback a socket swallows
 * small files whole, so that storage cannot hold them back.
 */
async function stall(page: Page, { photos }: Stage): Promise<void> {
  await page.evaluate(STALL);
  await pick(page, [...photos, pdf]);
  await page.waitForTimeout(2000);
}

async function fail(page: Page, { service, photos }: Stage): Promise<void> {
  service.failing = 'report';
  await pick(page, [...photos, pdf]);
  await page.waitForSelector('b2-uploader .item.failed', { timeout: 60_000 });
  await settled(page);
}

async function many(page: Page): Promise<void> {
  const photos = await drawSmall(page);
  await pick(
    page,
    Array.from({ length: 200 }, (_, i) => ({ ...photos[i % photos.length]!, name: `IMG_${2000 + i}.jpg` })),
  );
  await page.waitForFunction(() => (document.querySelector('b2-uploader')?.progress ?? 0) > 0.05);
  await page.waitForSelector('b2-uploader li:nth-child(9) img');
}

/** As if an earlier visit had left uploads. */
async function offer(page: Page, count: number): Promise<void> {
  await evaluate(page, "localStorage.setItem('b2-uploader:unfinished', 'pk_stub')");
  await evaluate(
    page,
    `el.uploads.engine.unfinished = async () => ${LEFT}.slice(0, ${count}); el.policyLoaded()`,
  );
  await page.waitForSelector('b2-uploader .prompt');
}

/** The site as it is, without a limit of files. */
async function liftCount(route: Route): Promise<void> {
  const response = await route.fetch();
  await route.fulfill({ json: { ...((await response.json()) as object), maxFiles: null } });
}

async function tenThousand(page: Page): Promise<void> {
  await page.route('**/v1/sites/*', liftCount, { times: 1 });
  await evaluate(page, "el.siteKey = 'pk_large'");
  await page.waitForTimeout(300);
  await evaluate(
    page,
    `el.add(Array.from({ length: 10000 }, (_, i) => new File(['x'.repeat(2000)], 'scan-' + i + '.pdf')))`,
  );
  await page.waitForFunction(() => document.querySelector('b2-uploader')?.files.length === 10_000);
  await page.waitForTimeout(1000);
  await page.evaluate(() => window.scrollTo(0, 60_000));
}

async function drag(page: Page, types: readonly string[]): Promise<void> {
  await page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const type of all) dataTransfer.items.add(new File(['x'], 'x', { type }));
    const event = new DragEvent('dragenter', {
      bubbles: true,
      composed: true,
      cancelable: true,
      dataTransfer,
    });
    document.querySelector('b2-uploader')?.dispatchEvent(event);
  }, types);
}
