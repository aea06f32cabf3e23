// What scenes of take-screenshots.ts are made with: files, and the few things that they do to the page.
import type { Page } from 'playwright-core';
import type { StubService } from './stub-service.js';

export interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export interface Stage {
  readonly service: StubService;
  readonly photos: readonly Upload[];
}

export const pdf: Upload = {
  name: 'Site survey report.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.alloc(1_300_000),
};
/** Lets the first send through and holds the others on their way. */
export const STALL = `{
  const { send } = XMLHttpRequest.prototype;
  let sends = 0;
  XMLHttpRequest.prototype.send = function (body) {
    if (++sends === 1) return send.call(this, body);
    const total = body.size;
    const share = 0.2 + sends * 0.1;
    const report = (loaded) =>
      this.upload.dispatchEvent(new ProgressEvent('progress', { lengthComputable: true, loaded, total }));
    addEventListener('offline', () => this.dispatchEvent(new ProgressEvent('loadend')));
    setTimeout(() => report(total * share * 0.5), 100);
    setTimeout(() => report(total * share), 1200);
  };
}`;

export async function pick(page: Page, uploads: readonly Upload[]): Promise<void> {
  await page.locator('b2-uploader input[type=file]').setInputFiles([...uploads]);
}

export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('b2-uploader')?.matches(':state(busy)'), null, {
    timeout: 60_000,
  });
}

export async function evaluate(page: Page, code: string): Promise<void> {
  await page.evaluate(`(() => { const el = document.querySelector('b2-uploader'); ${code}; })()`);
}
