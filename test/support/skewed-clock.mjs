// Loaded before a program: its clock is wrong by CLOCK_AHEAD_MS, whatever asks.
const aheadMs = Number(process.env['CLOCK_AHEAD_MS']);

globalThis.Date = class extends Date {
  constructor(...parts) {
    if (parts.length === 0) super(Date.now());
    else super(...parts);
  }

  static now() {
    return super.now() + aheadMs;
  }
};
