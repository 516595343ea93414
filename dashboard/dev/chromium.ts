import { type Browser, chromium } from 'playwright-core'

/** The browser of the machine, without a GPU. SIGHTLINE_CHROMIUM names another one. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.SIGHTLINE_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
