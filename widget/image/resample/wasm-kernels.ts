// The resampler's inner loops in WebAssembly, where browser and page allow it.
import type { Kernels } from './kernels.js';
import { RESAMPLE_WASM } from './resample-wasm.js';

/** What assembly/kernels.ts exports. */
type KernelExports = Omit<Kernels, 'memory'> & { readonly memory: WebAssembly.Memory };

/** Kernels for one image at a time. */
export interface WasmKernels extends Kernels {
  /** Makes them free for the next image. */
  release(): void;
}

const PAGE_BYTES = 65_536;

let compiling: Promise<WebAssembly.Module | undefined> | undefined;
/** Those not at work. Their memories have a few megabytes: better used again than left to the collector. */
const idle: KernelExports[] = [];

/** @returns Undefined where the browser has no SIMD, or the page's content security policy forbids WebAssembly. */
export async function takeWasmKernels(memoryBytes: number): Promise<WasmKernels | undefined> {
  // Asked for once: a policy's refusal is reported to the site each time.
  compiling ??= compile();
  const module = await compiling;
  if (!module) return undefined;
  const kernels = idle.pop() ?? instantiate(module);
  const missingBytes = memoryBytes - kernels.memory.buffer.byteLength;
  if (missingBytes > 0) kernels.memory.grow(Math.ceil(missingBytes / PAGE_BYTES));
  return { ...kernels, memory: kernels.memory.buffer, release: () => void idle.push(kernels) };
}

async function compile(): Promise<WebAssembly.Module | undefined> {
  try {
    return await WebAssembly.compile(Uint8Array.from(atob(RESAMPLE_WASM), (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function instantiate(module: WebAssembly.Module): KernelExports {
  const { exports } = new WebAssembly.Instance(module);
  if (!isKernelExports(exports)) throw new TypeError('resample-wasm.ts holds another module.');
  return exports;
}

function isKernelExports(exports: object): exports is KernelExports {
  return 'sumRows' in exports && 'memory' in exports;
}
