import { markKinds } from '@sightline/protocol/mark-kinds'
import { listen, timeOf, type StartSignal } from './signals.ts'

/** Whether the page can be seen at all. */
export const startVisibility: StartSignal = (signals) =>
  listen<Event>(document, 'visibilitychange', (event) => {
    signals.mark(timeOf(event), markKinds.visibility, document.hidden ? 'h' : 'v')
  })
