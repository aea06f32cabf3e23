// The resampler in the browser: in a page as it is, and in one whose content security policy allows no WebAssembly.
import { expect } from '@open-wc/testing';
import { resample } from '../../../../widget/image/resample/resample.js';
import { drawStrokes } from './pictures.js';

const SOURCE = { width: 300, height: 200 };
const TARGET = { width: 120, height: 80 };

interface Answer {
  readonly bytes: readonly number[];
  readonly isWasmForbidden: boolean;
}

it('gives the same pixels where the page forbids WebAssembly', async () => {
  const allowed = await resample(drawStrokes(SOURCE.width, SOURCE.height), TARGET);

  const { bytes, isWasmForbidden } = await resampleUnderPolicy();

  expect(isWasmForbidden).to.equal(true);
  expect(bytes).to.deep.equal([...allowed.data]);
});

it('lets the page have its turn while it works', async () => {
  const source = { data: new Uint8ClampedArray(4000 * 4000 * 4).fill(200), width: 4000, height: 4000 };
  let turns = 0;
  let isDone = false;
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    turns += 1;
    if (!isDone) port2.postMessage(null);
  });
  port1.start();
  port2.postMessage(null);

  await resample(source, { width: 2000, height: 2000 });

  isDone = true;
  port1.close();
  expect(turns).to.be.greaterThan(1);
});

/** Has a frame do the work, whose policy has no 'wasm-unsafe-eval'. */
async function resampleUnderPolicy(): Promise<Answer> {
  const frame = document.createElement('iframe');
  frame.srcdoc = `<meta http-equiv="content-security-policy" content="script-src 'self' 'unsafe-inline'">
    <script type="module">
      import { resample } from '${addressOf('../../../../widget/image/resample/resample.ts')}';
      import { drawStrokes } from '${addressOf('./pictures.ts')}';
      const isWasmForbidden = await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).then(() => false, () => true);
      const { data } = await resample(drawStrokes(${SOURCE.width}, ${SOURCE.height}), ${JSON.stringify(TARGET)});
      parent.postMessage({ bytes: [...data], isWasmForbidden }, '*');
    </script>`;
  const answer = new Promise<MessageEvent<Answer>>((resolve) => {
    addEventListener('message', resolve, { once: true });
  });
  document.body.append(frame);
  const { data } = await answer;
  frame.remove();
  return data;
}

function addressOf(path: string): string {
  return new URL(path, import.meta.url).href;
}
