import type { ReactNode } from 'react'
import styles from './controls.module.css'
import { ChevronIcon } from './icons.tsx'

interface ButtonProps {
  onClick: () => void
  children: ReactNode
  /** Name for those who can't see the drawing; also the tooltip. */
  label?: string
  look?: 'plain' | 'square' | 'quiet' | 'primary'
  pressed?: boolean
}

export function Button({ onClick, children, label, look = 'plain', pressed }: ButtonProps) {
  const looks = { plain: '', square: styles.square, quiet: styles.quiet, primary: styles.primary }
  return (
    <button
      type="button"
      className={`${styles.button} ${looks[look]}`}
      onClick={onClick}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
    >
      {children}
    </button>
  )
}

export interface Option {
  value: string
  text: string
}

interface SelectProps {
  label: string
  value: string
  options: readonly Option[]
  onChange: (value: string) => void
  small?: boolean
  /** Shown as a filter that is on whenever the value is not ''. */
  isFilter?: boolean
}

export function Select({ label, value, options, onChange, small = false, isFilter = false }: SelectProps) {
  return (
    <label className={`${styles.select} ${small ? styles.small : ''}`} data-set={isFilter && value !== ''}>
      <span className="unseen">{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)} title={label}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <ChevronIcon />
    </label>
  )
}
