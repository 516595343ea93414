import type { StartSignal } from './signals.ts'
import { clickedElement, targetName } from './target-name.ts'

/** The button of clicks that a keyboard or a script makes. */
const noButton = 9

/** Clicks with a stable name of what was clicked and where inside it. */
export const startClicks: StartSignal = (signals, listen) => {
  const onClick = (event: MouseEvent) => {
    const element = clickedElement(event.composedPath()[0])
    const box = element.getBoundingClientRect()
    const byPointer = event.detail > 0 || event.type !== 'click'
    // A keyboard's click has no position of its own: the middle of the element stands for it.
    const x = byPointer ? event.clientX : box.x + box.width / 2
    const y = byPointer ? event.clientY : box.y + box.height / 2
    signals
      .batchAt(event.timeStamp)
      .click(
        event.timeStamp,
        x + scrollX,
        y + scrollY,
        byPointer ? event.button : noButton,
        targetName(element),
        within(x - box.x, box.width),
        within(y - box.y, box.height),
      )
  }
  listen('click', onClick)
  listen('auxclick', onClick)
}

/** A position inside an element in 1/65535 of its size. */
function within(offset: number, size: number): number {
  return size && (offset / size) * 65_535
}
