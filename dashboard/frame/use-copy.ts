import { useEffect, useState } from 'react'
import { copyText } from './copy-text.ts'

const shownMs = 2_000

export type CopyState = 'idle' | 'copied' | 'failed'

/** A function that copies, and for two seconds what came of it. */
export function useCopy(): [CopyState, (text: string) => void] {
  const [state, setState] = useState<CopyState>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), shownMs)
    return () => clearTimeout(timer)
  }, [state])
  const copy = (text: string) => void copyText(text).then((done) => setState(done ? 'copied' : 'failed'))
  return [state, copy]
}
