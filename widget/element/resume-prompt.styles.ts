// What an earlier visit left unfinished: a calm card between the drop area and the list.
import { css } from 'lit';

export const promptStyles = css`
  .prompt {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 64px;
    margin-block-start: var(--_gap);
    padding: 11px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
  }

  .prompt .mark {
    --_mark: var(--_accent);
  }

  .prompt ul {
    margin: 2px 0 0;
    padding: 0;
    list-style: none;
  }

  .prompt li {
    overflow-wrap: anywhere;
  }

  @container (inline-size < 480px) {
    .prompt:not(.problem) {
      flex-wrap: wrap;
    }

    .prompt:not(.problem) .body {
      flex: 1 1 100%;
    }

    .prompt .choices {
      flex: 1 1 auto;
    }

    .prompt .choices > * {
      flex: 1 1 auto;
    }
  }

  @media (forced-colors: active) {
    .prompt {
      border-color: CanvasText;
    }
  }
`;
