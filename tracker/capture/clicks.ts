import { listen, timeOf, type StartSignal } from './signals.ts'
import { clickedElement, targetName } from './target-name.ts'

/** Clicks made with a keyboard or by a script have no press count. */
const synthetic = 9

/** Clicks with a stable name of what was clicked and where inside it. */
export const startClicks: StartSignal = (signals) => {
  const onClick = (event: MouseEvent) => {
    const element = clickedElement(event.composedPath()[0])
    if (element === null) return
    const box = element.getBoundingClientRect()
    const byKeyboard = event.detail === 0 && event.type === 'click'
    // A keyboard's click has no position of its own: the middle of the element stands for it.
    const x = byKeyboard ? box.left + box.width / 2 : event.clientX
    const y = byKeyboard ? box.top + box.height / 2 : event.clientY
    signals.click(
      timeOf(event),
      Math.round(x + scrollX),
      Math.round(y + scrollY),
      byKeyboard ? synthetic : event.button,
      targetName(element),
      within(x - box.left, box.width),
      within(y - box.top, box.height),
    )
  }
  listen(document, 'click', onClick)
  listen(document, 'auxclick', onClick)
}

/** A position inside an element in 1/65535 of its size. */
function within(offset: number, size: number): number {
  return size > 0 ? Math.round((offset / size) * 65_535) : 0
}
