// How much memory a page takes above idle: the growth of its renderer, read from the system while it works.
import { readFileSync } from 'node:fs';
import type { ProtocolPipe } from './protocol-pipe.js';

const EVERY_MS = 20;

export interface MemoryWatch {
  /** @returns Bytes above idle at the worst moment; undefined where the system does not tell. */
  stop(): number | undefined;
}

interface ProcessInfo {
  readonly processInfo: readonly { readonly type: string; readonly id: number }[];
}

interface Renderer {
  readonly pid: number;
  readonly idleBytes: number;
  peakBytes: number;
}

/** Takes the present as idle. Of several renderers the one that grows most counts: the others hold no page. */
export async function watchRendererMemory(browser: ProtocolPipe): Promise<MemoryWatch> {
  const { processInfo } = await browser.send<ProcessInfo>('SystemInfo.getProcessInfo');
  const renderers: readonly Renderer[] = processInfo
    .filter(({ type }) => type === 'renderer')
    .flatMap(({ id }) => {
      const bytes = residentBytes(id);
      return bytes === undefined ? [] : [{ pid: id, idleBytes: bytes, peakBytes: bytes }];
    });
  const look = (): void => {
    for (const renderer of renderers)
      renderer.peakBytes = Math.max(renderer.peakBytes, residentBytes(renderer.pid) ?? 0);
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop: () => {
      look();
      clearInterval(timer);
      const grown = renderers.map(({ idleBytes, peakBytes }) => peakBytes - idleBytes);
      return grown.length === 0 ? undefined : Math.max(...grown);
    },
  };
}

/** Private and shared memory, without mapped files: the browser's own code is no cost of a page. */
function residentBytes(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibOf = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return (kibOf('RssAnon') + kibOf('RssShmem')) * 1024;
  } catch {
    return undefined;
  }
}
