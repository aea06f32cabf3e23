// The module that the build makes of a worker whose text is part of the bundle.
// https://vite.dev/guide/features.html#web-workers
declare module '*?worker&inline' {
  const InlineWorker: new (options?: { readonly name?: string }) => Worker;
  export default InlineWorker;
}
