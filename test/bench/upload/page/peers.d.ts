// Just as much of the peers' types as the bench uses: they are installed when it runs, not with the project.
declare module '*.css';

declare module '@uppy/core' {
  interface UploadedFile {
    readonly error?: string | null;
  }
  interface UploadResult {
    readonly successful?: readonly UploadedFile[];
    readonly failed?: readonly UploadedFile[];
  }
  export default class Uppy {
    use(plugin: unknown, options: object): this;
    addFiles(files: readonly { readonly name: string; readonly type: string; readonly data: File }[]): void;
    upload(): Promise<UploadResult | undefined>;
  }
}

declare module '@uppy/aws-s3' {
  const plugin: unknown;
  export default plugin;
}

declare module '@uppy/dashboard' {
  const plugin: unknown;
  export default plugin;
}

declare module 'dropzone' {
  export type DropzoneFile = File & { readonly status: string };
  export interface DropzoneOptions {
    readonly url: (files: readonly DropzoneFile[]) => string;
    readonly method: string;
    readonly binaryBody: boolean;
    readonly parallelUploads: number;
    readonly maxFilesize: null;
    readonly timeout: number | null;
    readonly createImageThumbnails: boolean;
    readonly headers: Readonly<Record<string, null>>;
    readonly accept: (file: DropzoneFile, done: () => void) => Promise<void>;
  }
  export default class Dropzone {
    constructor(place: Element, options: DropzoneOptions);
    on(event: 'error', listener: (file: DropzoneFile, message: unknown) => void): void;
    on(event: 'success' | 'complete', listener: () => void): void;
    addFile(file: File): void;
  }
}

declare module 'filepond' {
  /** Field name, file, metadata, `load`, `error`. */
  type Process = (...given: [string, File, object, (id: string) => void, (message: string) => void]) => void;
  interface Options {
    readonly allowMultiple: boolean;
    readonly maxParallelUploads: number;
    readonly instantUpload: boolean;
    readonly server: { readonly process: Process };
  }
  interface Pond {
    addFiles(files: File[]): Promise<unknown>;
    on(event: 'processfiles', listener: () => void): void;
  }
  export function create(place: Element, options: Options): Pond;
}
