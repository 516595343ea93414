import type { ReactNode } from 'react'

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

export const BagIcon = () => (
  <Icon>
    <path d="M5.5 8.5h13l1 11.5h-15z" />
    <path d="M9 11V7.5a3 3 0 0 1 6 0V11" />
  </Icon>
)

export const HeartIcon = ({ filled }: { filled: boolean }) => (
  <Icon>
    <path
      d="M12 20S4 15 4 9.5A4.25 4.25 0 0 1 12 7.5 4.25 4.25 0 0 1 20 9.5C20 15 12 20 12 20z"
      fill={filled ? 'currentColor' : 'none'}
    />
  </Icon>
)

export const MenuIcon = () => (
  <Icon>
    <path d="M4 7h16M4 12h16M4 17h16" />
  </Icon>
)

export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
)

export const VanIcon = () => (
  <Icon>
    <path d="M3 6h11v10H3zM14 10h4l3 3v3h-7z" />
    <circle cx="7.5" cy="17.5" r="1.8" />
    <circle cx="17" cy="17.5" r="1.8" />
  </Icon>
)

export const LeafIcon = () => (
  <Icon>
    <path d="M5 19c0-9 5-14 14-14 0 9-5 14-12 13" />
    <path d="M5 21c1-5 4-8 8-10" />
  </Icon>
)

export const MendIcon = () => (
  <Icon>
    <path d="M14.5 6.5a4 4 0 0 0-5.3 5.1L4 16.8 7.2 20l5.2-5.2a4 4 0 0 0 5.1-5.3l-2.6 2.6-2.4-.6-.6-2.4z" />
  </Icon>
)

export const ReturnIcon = () => (
  <Icon>
    <path d="M4 12a8 8 0 1 0 2.5-5.8" />
    <path d="M4 4v4.5h4.5" />
  </Icon>
)
