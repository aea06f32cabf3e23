// The drop area and the messages.
import { css } from 'lit';

export const uploaderStyles = css`
  .zone {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 28px 24px;
    border: 1.5px dashed var(--_edge);
    border-radius: var(--_radius);
    background: var(--_ground);
    cursor: pointer;
    transition:
      padding 160ms ease-out,
      background-color 120ms,
      border-color 120ms;
  }

  /* What a drag exchanges is never under the pointer: a drop on a node that has just gone is no drop. */
  .glyph,
  .invitation,
  .hint {
    pointer-events: none;
  }
  ::slotted(*) {
    pointer-events: auto;
  }
  .glyph {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: var(--_inner);
    background: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
    color: var(--_accent);
    transition:
      background-color 120ms,
      color 120ms;
  }

  .body {
    flex: 1;
    min-inline-size: 0;
  }

  .invitation {
    font-weight: 500;
  }

  .zone:not(.slim) .invitation {
    font-size: 1rem;
    line-height: 1.5rem;
  }

  ::slotted(input[type='file']) {
    display: none !important;
  }

  .hint,
  .meta {
    color: var(--_muted);
    font-size: 0.8125rem;
    line-height: 1.25rem;
    text-wrap: balance;
    font-variant-numeric: tabular-nums;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
  }

  :host(:state(disabled)) .zone {
    cursor: not-allowed;
  }

  :host(:state(disabled)) .invitation {
    color: var(--_muted);
  }

  :host(:state(disabled)) .glyph {
    background: color-mix(in srgb, var(--_text) 7%, var(--_surface));
    color: var(--_muted);
  }

  .notice {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-start: var(--_gap);
    color: var(--_danger);
    font-size: 0.8125rem;
  }

  :host(:state(invalid)) .zone:not(.over) {
    border-color: var(--_danger);
  }

  @container (inline-size < 480px) {
    .zone:not(.slim) {
      flex-wrap: wrap;
      padding: 20px 16px 16px;
    }

    .zone:not(.slim) .choices {
      flex: 1 0 100%;
      flex-direction: column-reverse;
      margin-block-start: 4px;
    }
  }

  @media (forced-colors: active) {
    .primary {
      border-color: ButtonText;
    }
  }
`;
