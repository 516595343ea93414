import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { goTo, isPlainClick, parseAddress, usePlace } from './router.ts'

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** An address of this site. */
  readonly to: string
  /** Tells assistive technology when the visitor is already there. */
  readonly marksCurrent?: boolean
}

/** A real link that the shop follows without loading the page again. */
export function Link({ to, marksCurrent = false, onClick, ...rest }: LinkProps) {
  const { path } = usePlace()
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (!isPlainClick(event)) return
    event.preventDefault()
    goTo(to)
  }
  const isCurrent = marksCurrent && parseAddress(to).path === path
  return <a {...rest} href={to} aria-current={isCurrent ? 'page' : undefined} onClick={follow} />
}
