// The field for a picture's description: one line under the row's other lines, as wide as the row allows.
import { css } from 'lit';

export const altFieldStyles = css`
  .alt {
    display: grid;
    grid-column: 2 / -1;
    gap: 4px;
    padding-block-start: 8px;
    cursor: text;
  }

  .alt input {
    inline-size: 100%;
    min-block-size: 40px;
    margin: 0;
    padding: 0 12px;
    border: 1px solid var(--_edge);
    border-radius: var(--_inner);
    background: var(--_surface);
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
  }

  .alt input:focus-visible {
    outline-offset: -1px;
  }

  .alt input:read-only {
    border-color: var(--_border);
    background: var(--_ground);
  }

  .alt input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .alt-hint {
    color: var(--_text);
    font-size: 0.8125rem;
    line-height: 1.25rem;
  }

  @container (inline-size < 480px) {
    .alt {
      grid-column: 1 / -1;
    }
  }

  @media (pointer: coarse) {
    .alt input {
      min-block-size: 44px;
      /* Phones zoom into fields of smaller letters. */
      font-size: 1rem;
    }
  }
`;
