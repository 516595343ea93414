import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './controls.tsx'
import styles from './dialog.module.css'
import { CloseIcon } from './icons.tsx'

interface DialogProps {
  title: string
  open: boolean
  onClose: () => void
  wide?: boolean
  children: ReactNode
}

/** The browser's own modal dialog: focus stays in it, Escape and a click beside it close it. */
export function Dialog({ title, open, onClose, wide = false, children }: DialogProps) {
  const dialog = useModal(open)
  const titleId = useId()
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      style={wide ? { ['--dialog-width' as string]: '680px' } : undefined}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      {open && (
        <>
          <header>
            <h2 id={titleId}>{title}</h2>
            <Button look="quiet" label="Close" onClick={onClose}>
              <CloseIcon />
            </Button>
          </header>
          <div className={styles.body}>{children}</div>
        </>
      )}
    </dialog>
  )
}

/** A dialog element that is shown as modal while `open`. */
export function useModal(open: boolean) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal()
    if (!open) dialog.current?.close()
  }, [open])
  return dialog
}
