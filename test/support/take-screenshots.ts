// Pictures of the element in all its states: npx tsx test/support/take-screenshots.ts <folder> [scene-filter] [photo-folder]
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';
import { findChrome } from './ensure-browser.mjs';
import { selectScenes, type Scene, type Stage, type Upload } from './screenshot-scenes.js';
import { startStubService } from './stub-service.js';

const NAMES = [
  'IMG_20261114_183022.jpg',
  'Lisbon tram 28 at Miradouro das Portas do Sol, early morning.jpg',
  'IMG_2041.jpg',
  'portrait.jpg',
];
const TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};
const [folder = 'screenshots', filter = '', photoFolder] = process.argv.slice(2);

await main();

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const script = await bundle();
  const executablePath = findChrome() ?? '';
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  const service = await startStubService({ script, page: pageOf });
  try {
    const photos = photoFolder ? await readPhotos(photoFolder) : await drawPhotos(browser);
    for (const scene of selectScenes(filter)) await shoot(browser, scene, { service, photos });
  } finally {
    service.close();
    await browser.close();
  }
}

async function bundle(): Promise<string> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [join(root, 'widget/define.ts')],
    tsconfig: join(root, '.tsconfig.base.json'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['production'],
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

async function shoot(browser: Browser, scene: Scene, stage: Stage): Promise<void> {
  const { width = 760, height, isTouch = false } = scene;
  const context = await browser.newContext({
    viewport: { width: width < 700 ? width : 840, height: height ?? 740 },
    hasTouch: isTouch,
    isMobile: isTouch,
    deviceScaleFactor: 2,
    colorScheme: scene.isDark ? 'dark' : 'light',
    forcedColors: scene.forcesColors ? 'active' : 'none',
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (!scene.name.includes('broken')) console.error(`${scene.name}: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.error(`${scene.name}: ${error.message}`));
  stage.service.failing = '';
  const query = new URLSearchParams({
    attributes: scene.attributes ?? 'multiple required name="photos"',
    content: scene.content ?? '',
    dir: scene.isRtl ? 'rtl' : 'ltr',
  });
  await page.goto(`${stage.service.url}/?${query}`);
  await page.waitForFunction(() => customElements.get('b2-uploader'));
  if (!scene.name.includes('broken')) await page.waitForSelector('b2-uploader .hint:not(:empty)');
  await scene.act?.(page, stage);
  await page.evaluate(() => document.querySelector('b2-uploader')?.updateComplete);
  await page.waitForTimeout(350);
  const end = await page.evaluate(
    () => document.querySelector('b2-uploader')?.getBoundingClientRect().bottom ?? 0,
  );
  const clip = { x: 0, y: 0, width: width < 700 ? width : 840, height: Math.min(end + 56, height ?? 740) };
  await page.screenshot({ path: join(folder, `${scene.name}.png`), clip });
  console.log(scene.name);
  await context.close();
}

function pageOf(url: URL): string {
  const { attributes = '', content = '', dir = 'ltr' } = Object.fromEntries(url.searchParams);
  return `<!doctype html><html lang="en" dir="${dir}"><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1"><title>b2-uploader</title>
    <style>:root { color-scheme: light dark; font: 16px/1.5 "Inter", "Liberation Sans", sans-serif; }
      body { margin: 0 auto; padding: 32px 16px; max-width: 760px; }
      @media (min-width: 700px) { body { padding-inline: 40px; } }</style>
    <script type="module" src="/b2-uploader.js"></script>
    <b2-uploader site-key="pk_stub" ${attributes}>${content}</b2-uploader></html>`;
}

async function readPhotos(path: string): Promise<readonly Upload[]> {
  const names = (await readdir(path)).filter((name) => TYPES[extname(name)]).slice(0, NAMES.length);
  return Promise.all(
    names.map(async (name, i) => ({
      name: NAMES[i]!,
      mimeType: TYPES[extname(name)]!,
      buffer: await readFile(join(path, name)),
    })),
  );
}

/** Pictures that weigh what photos weigh. */
async function drawPhotos(browser: Browser): Promise<readonly Upload[]> {
  const page = await browser.newPage();
  const drawn = await page.evaluate(() =>
    [210, 30, 285, 140].map((hue) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 1200 });
      const context = canvas.getContext('2d')!;
      const sky = context.createLinearGradient(0, 0, 400, 1200);
      sky.addColorStop(0, `hsl(${hue} 70% 78%)`);
      sky.addColorStop(1, `hsl(${hue + 40} 55% 32%)`);
      context.fillStyle = sky;
      context.fillRect(0, 0, 1600, 1200);
      for (let i = 0; i < 9000; i += 1) {
        context.fillStyle = `hsl(${hue + (i % 60)} 60% ${30 + ((i * 37) % 50)}% / 40%)`;
        context.fillRect((i * 7919) % 1600, 600 + ((i * 104_729) % 600), 24, 12);
      }
      return canvas.toDataURL('image/jpeg', 0.95);
    }),
  );
  await page.close();
  return drawn.map((url, i) => ({
    name: NAMES[i]!,
    mimeType: 'image/jpeg',
    buffer: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'),
  }));
}
