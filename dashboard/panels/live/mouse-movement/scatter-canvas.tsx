import { useEffect, useRef } from 'react'
import { useLiveClient } from '../../../live/use-live.ts'
import { subscribeTheme } from '../../../theme/theme.ts'
import styles from './mouse-movement.module.css'

/**
 * The canvas that the worker draws on. It is made in the effect and not by React: a canvas can be handed to a worker
 * only once, and effects may run twice.
 */
export function ScatterCanvas({ label }: { label: string }) {
  const client = useLiveClient()
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const canvas = document.createElement('canvas')
    element.replaceChildren(canvas)
    client.attachCanvas(canvas, element.clientWidth, element.clientHeight)
    const resize = () => client.resizeCanvas(element.clientWidth, element.clientHeight)
    const observer = new ResizeObserver(resize)
    observer.observe(element)
    const stopRatio = watchPixelRatio(resize)
    const stopTheme = subscribeTheme(() => client.recolorCanvas())
    return () => {
      observer.disconnect()
      stopRatio()
      stopTheme()
      client.detachCanvas()
      canvas.remove()
    }
  }, [client])
  return <div ref={host} className={styles.canvas} role="img" aria-label={label} />
}

/** Calls when the window goes to a screen of another resolution, or is zoomed. */
function watchPixelRatio(changed: () => void): () => void {
  let query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
  const listen = () => {
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    query.addEventListener('change', again, { once: true })
  }
  const again = () => {
    changed()
    listen()
  }
  listen()
  return () => query.removeEventListener('change', again)
}
