import { type Browser, chromium } from 'playwright-core'

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
]

/**
 * The machine's own Chromium, headless, with an empty profile. SIGHTLINE_CHROMIUM names another one. `backForwardCache`:
 * keeps pages that were left, as browsers of people do; automation switches that off otherwise.
 */
export function startChromium({ backForwardCache = false } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.SIGHTLINE_CHROMIUM ?? '/usr/bin/chromium',
    args: flags,
    ...(backForwardCache ? { ignoreDefaultArgs: ['--disable-back-forward-cache'] } : {}),
  })
}
