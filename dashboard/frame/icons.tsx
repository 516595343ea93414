import type { ReactNode } from 'react'

/** Line drawings of 16 × 16, in the colour of the text around them. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  )
}

export const PulseIcon = () => (
  <Icon>
    <path d="M1.500 8.500h2.800L6.300 3l3.400 10 2-4.500h2.800" />
  </Icon>
)
export const NumbersIcon = () => (
  <Icon>
    <rect x="2" y="3" width="12" height="10" rx="1.500" />
    <path d="M6 3v10M10 3v10" />
  </Icon>
)
export const PointerIcon = () => (
  <Icon>
    <path d="M3 2.500l10 4.700-4.300 1.500L7 13z" />
  </Icon>
)
export const BarsIcon = () => (
  <Icon>
    <path d="M2.500 3.500h11M2.500 8h7M2.500 12.500h4" />
  </Icon>
)
export const ChartIcon = () => (
  <Icon>
    <path d="M2 13.500h12M2.500 10.500l3.500-4 3 2.500 4.500-6" />
  </Icon>
)
export const StagesIcon = () => (
  <Icon>
    <circle cx="3" cy="8" r="1.500" />
    <circle cx="8" cy="8" r="1.500" />
    <circle cx="13" cy="8" r="1.500" />
    <path d="M4.500 8h2M9.500 8h2" />
  </Icon>
)
export const PathsIcon = () => (
  <Icon>
    <path d="M2 3.500c6 0 6 4 12 4M2 12.500c6 0 6-5 12-5" />
  </Icon>
)
export const PeopleIcon = () => (
  <Icon>
    <circle cx="6" cy="5.500" r="2.300" />
    <path d="M1.800 13c.4-2.600 2-4 4.200-4s3.800 1.400 4.200 4M10.500 3.500a2.200 2.200 0 010 4.200M12 9.500c1.300.5 2 1.700 2.300 3.500" />
  </Icon>
)
export const CodeIcon = () => (
  <Icon>
    <path d="M5 4.500L1.800 8 5 11.500M11 4.500L14.200 8 11 11.500M9.200 3l-2.400 10" />
  </Icon>
)
export const PlugIcon = () => (
  <Icon>
    <path d="M5.500 1.500v3.500M10.500 1.500v3.500M3.500 5h9v2.500a4.500 4.500 0 01-9 0zM8 12v2.500" />
  </Icon>
)
export const PauseIcon = () => (
  <Icon>
    <rect x="3.500" y="2.500" width="3" height="11" rx=".8" />
    <rect x="9.500" y="2.500" width="3" height="11" rx=".8" />
  </Icon>
)
export const PlayIcon = () => (
  <Icon>
    <path d="M4.500 2.800v10.400l8.500-5.200z" />
  </Icon>
)
export const LinkIcon = () => (
  <Icon>
    <path d="M6.500 5H4.800a3 3 0 000 6h1.700M9.500 5h1.700a3 3 0 010 6H9.500M5.500 8h5" />
  </Icon>
)
export const KeyboardIcon = () => (
  <Icon>
    <rect x="1.500" y="3.500" width="13" height="9" rx="1.500" />
    <path d="M4.200 6.300h.1M6.700 6.300h.1M9.200 6.300h.1M11.700 6.300h.1M5 9.700h6" />
  </Icon>
)
export const SunIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="2.700" />
    <path d="M8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M12.600 3.400l-.9.9M4.300 11.700l-.9.9" />
  </Icon>
)
export const MoonIcon = () => (
  <Icon>
    <path d="M13.500 9.700A6 6 0 016.300 2.500a6 6 0 107.200 7.200z" />
  </Icon>
)
export const TableIcon = () => (
  <Icon>
    <rect x="2" y="2.500" width="12" height="11" rx="1.500" />
    <path d="M2 6.200h12M2 9.800h12M6.500 6.200v7.300" />
  </Icon>
)
export const MenuIcon = () => (
  <Icon>
    <path d="M2.500 4h11M2.500 8h11M2.500 12h11" />
  </Icon>
)
export const CloseIcon = () => (
  <Icon>
    <path d="M3.500 3.500l9 9M12.500 3.500l-9 9" />
  </Icon>
)
export const CopyIcon = () => (
  <Icon>
    <rect x="5.500" y="5.500" width="8" height="8" rx="1.500" />
    <path d="M3.500 10.500h-.2a1 1 0 01-1-1v-6a1 1 0 011-1h6a1 1 0 011 1v.2" />
  </Icon>
)
export const CheckIcon = () => (
  <Icon>
    <path d="M3 8.500l3.300 3.300L13 4.700" />
  </Icon>
)
export const AlertIcon = () => (
  <Icon>
    <path d="M8 2.200L14.300 13H1.700zM8 6.500v3M8 11.300v.1" />
  </Icon>
)
export const AgainIcon = () => (
  <Icon>
    <path d="M13.500 8a5.500 5.500 0 11-1.700-4M13.500 1.800V4.500h-2.700" />
  </Icon>
)
export const ChevronIcon = () => (
  <Icon>
    <path d="M4.500 6.300L8 9.800l3.500-3.500" />
  </Icon>
)

/** An eye along the line of whose sight a pointer stands. */
export function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" fill="none" aria-hidden="true" focusable="false">
      <path
        d="M1.500 11C4 6.500 7.200 4.300 11 4.300S18 6.500 20.500 11C18 15.500 14.800 17.700 11 17.700S4 15.500 1.500 11z"
        stroke="var(--accent)"
        strokeWidth="1.600"
        strokeLinejoin="round"
      />
      <path d="M8.700 7.300l6.300 3.500-2.800.9-1.400 2.700z" fill="var(--accent)" />
    </svg>
  )
}
