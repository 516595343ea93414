import { startTracker } from './tracker.ts'

/** The script tag: `<script async src="https://GATEWAY/tracker.js" data-key="WRITE KEY"></script>`. */
const tag = document.currentScript as HTMLScriptElement | null
if (tag?.dataset.key)
  startTracker({ key: tag.dataset.key, host: tag.dataset.host ?? new URL(tag.src).origin })
