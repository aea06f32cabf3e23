// What is remembered of an unfinished upload, so that it goes on after a reload, a crash or a restart.

export interface ResumeRecord {
  /** The signer's id of the upload. */
  readonly id: string;
  /** Base URL of the signer. */
  readonly signer: string;
  readonly siteKey: string;
  readonly ticket: string;
  readonly plan: ResumePlan;
  /** The file as chosen. */
  readonly source: {
    readonly name: string;
    readonly relativePath?: string;
    readonly size: number;
    readonly type: string;
    readonly lastModified: number;
  };
  /** Of first, last and sampled chunks of the source: base64. */
  readonly fingerprint: string;
  /** What is sent: the source itself, or an image made from it. */
  readonly prepared: {
    readonly name: string;
    readonly type: string;
    readonly size: number;
    readonly width?: number;
    readonly height?: number;
  };
  /** True when `prepared` is not the source and its bytes are kept beside the record. */
  readonly hasBytes: boolean;
  /** Chromium: opens the same file again after a reload, once the user allows it. */
  readonly handle?: FileSystemFileHandle;
}

export type ResumePlan =
  | { readonly strategy: 'put' }
  | { readonly strategy: 'multipart'; readonly partSize: number; readonly partCount: number };
