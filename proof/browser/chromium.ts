import { type Browser, chromium } from 'playwright-core'

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
]

/** The machine's own Chromium, headless, with an empty profile. SIGHTLINE_CHROMIUM names another one. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.SIGHTLINE_CHROMIUM ?? '/usr/bin/chromium',
    args: flags,
  })
}
