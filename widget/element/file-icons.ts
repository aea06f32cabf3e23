// The icons of rows and of the bar under them.
import { svg } from 'lit';
import type { Icon } from './icons.js';

export const closeIcon: Icon = svg`<path d="m5.5 5.5 9 9m0-9-9 9"/>`;
export const removeIcon: Icon = svg`<path d="M3.75 5.75h12.5M8 5.5V4.25c0-.55.45-1 1-1h2c.55 0 1 .45 1 1V5.5M5.25 5.75l.6 9.1c.06.93.83 1.65 1.76 1.65h4.78c.93 0 1.7-.72 1.76-1.65l.6-9.1M8.5 9v4.25M11.5 9v4.25"/>`;
export const retryIcon: Icon = svg`<path d="M16 10a6 6 0 1 1-1.9-4.4L16.25 7.5M16.25 3.75V7.5H12.5"/>`;
export const openIcon: Icon = svg`<path d="M11.5 4h4.5v4.5M15.75 4.25 9.5 10.5M8 4.75H5.75C4.78 4.75 4 5.53 4 6.5v7.75c0 .97.78 1.75 1.75 1.75h7.75c.97 0 1.75-.78 1.75-1.75V12"/>`;
export const pageIcon: Icon = svg`<path d="M5.5 4.75c0-.97.78-1.75 1.75-1.75h3.5L15 7.25v8c0 .97-.78 1.75-1.75 1.75h-6c-.97 0-1.75-.78-1.75-1.75zM10.75 3v4.25H15"/>`;
export const doneIcon: Icon = svg`<path d="m5.5 10.5 3 3 6-7"/>`;
export const alertIcon: Icon = svg`<path d="M10 5.25v5.5M10 14.4v.1"/>`;
export const waitIcon: Icon = svg`<path d="M10 6v4.25l2.5 1.75"/>`;
export const sendingIcon: Icon = svg`<path d="M10 14.25v-8.5M6.5 9 10 5.5 13.5 9"/>`;
export const refusedIcon: Icon = svg`<path d="m6 6 8 8"/>`;
export const pauseIcon: Icon = svg`<path d="M7.5 6v8m5-8v8"/>`;
export const resumeIcon: Icon = svg`<path d="M7.25 5.6v8.8c0 .5.54.8.96.54l7-4.4a.64.64 0 0 0 0-1.08l-7-4.4a.63.63 0 0 0-.96.54z"/>`;
export const refuseIcon: Icon = svg`<circle cx="10" cy="10" r="6.75"/><path d="m5.4 5.4 9.2 9.2"/>`;
