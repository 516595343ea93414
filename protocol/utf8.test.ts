import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { isUtf8, utf8Text } from './utf8.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** The platform's own answer. */
function isValid(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

it('[B11] agrees with the platform’s decoder on any bytes', () => {
  // Bytes from where the borders of UTF-8 are, so that valid sequences happen.
  const border = fc.constantFrom(
    0x00,
    0x41,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xe1,
    0xed,
    0xee,
    0xef,
    0xf0,
    0xf1,
    0xf4,
    0xf5,
    0xff,
  )
  fc.assert(
    fc.property(fc.array(border, { maxLength: 8 }), (bytes) => {
      expect(isUtf8(new Uint8Array([0xff, ...bytes, 0x80]), 1, bytes.length + 1)).toBe(
        isValid(new Uint8Array(bytes)),
      )
    }),
    { numRuns: 3_000 },
  )
})

it('[B11] agrees with the platform’s decoder on each sequence of up to three bytes that begins with a lead byte', () => {
  const seconds = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]
  for (let lead = 0x80; lead <= 0xff; lead++) {
    for (const second of seconds) {
      for (const third of seconds) {
        const bytes = new Uint8Array([lead, second, third])
        for (let end = 1; end <= 3; end++) {
          expect(isUtf8(bytes, 0, end), `${[...bytes.subarray(0, end)]}`).toBe(
            isValid(bytes.subarray(0, end)),
          )
        }
      }
    }
  }
})

it('gives text back without Buffer as with it: as it was, a byte order mark too', async () => {
  vi.resetModules()
  vi.stubGlobal('Buffer', undefined)
  const inBrowser = await import('./utf8.ts')
  vi.unstubAllGlobals()
  expect(inBrowser.utf8Text).not.toBe(utf8Text)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const marked of [text, '\ufeff' + text]) {
        const bytes = new TextEncoder().encode('ab' + marked + 'cd')
        expect(inBrowser.utf8Text(bytes, 2, bytes.length - 2)).toBe(marked)
        expect(utf8Text(bytes, 2, bytes.length - 2)).toBe(marked)
      }
    }),
  )
})
