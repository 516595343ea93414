import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  closeDelayMs,
  formatCloseReason,
  formatFlush,
  formatPing,
  formatPong,
  formatSettle,
  formatSettled,
  parseClientText,
  parseServerText,
} from './delivery.ts'
import { closures, type Closure, refusals, type Refusal } from './errors.ts'
import { limits } from './limits.ts'

const codes = Object.keys(refusals) as Refusal[]
const ordinal = fc.integer({ min: 1, max: 2 ** 31 })

describe('what a gateway says', () => {
  it('[D2] settled alone', () => {
    expect(formatSettled(7, [])).toBe('settled 7')
    expect(parseServerText('settled 7')).toEqual({ type: 'settled', count: 7, refused: [] })
    expect(parseServerText('settled 0')).toEqual({ type: 'settled', count: 0, refused: [] })
  })

  it('[D3] settled with refused ordinals', () => {
    const refused = [
      { ordinal: 3, refusal: 'malformed' },
      { ordinal: 5, refusal: 'too-old' },
    ] as const
    expect(formatSettled(7, refused)).toBe('settled 7 3:malformed,5:too-old')
    expect(parseServerText('settled 7 3:malformed,5:too-old')).toEqual({ type: 'settled', count: 7, refused })
  })

  it('[D2] [D3] every settled comes back as it was', () => {
    const refused = fc.array(fc.record({ ordinal, refusal: fc.constantFrom(...codes) }), { maxLength: 40 })
    fc.assert(
      fc.property(fc.nat(), refused, (count, refused) => {
        expect(parseServerText(formatSettled(count, refused))).toEqual({ type: 'settled', count, refused })
      }),
    )
  })

  it('[D6] a code of a later version is passed on: the batch is done with all the same', () => {
    expect(parseServerText('settled 2 1:not-known-yet')).toMatchObject({
      refused: [{ ordinal: 1, refusal: 'not-known-yet' }],
    })
  })

  it('[D12] flush, in whole ms', () => {
    expect(formatFlush(49.6)).toBe('flush 50')
    expect(parseServerText('flush 1000')).toEqual({ type: 'flush', intervalMs: 1_000 })
  })

  it('[D13] pong gives the ping back unchanged, with the gateway’s clock', () => {
    expect(formatPong('0012.50', 1_800_000_000_000.4)).toBe('pong 0012.50 1800000000000')
    expect(parseServerText('pong 0012.50 1800000000000')).toEqual({
      type: 'pong',
      echo: '0012.50',
      serverMs: 1_800_000_000_000,
    })
  })

  it.each([
    '',
    'settled',
    'settled ',
    'settled x',
    'settled -1',
    'settled 1.5',
    'settled 1 ',
    'settled 1 2',
    'settled 1 2:',
    'settled 1 :malformed',
    'settled 1 1:malformed,',
    'settled 1 1:malformed 2:malformed',
    'settled 1\n',
    ' settled 1',
    'Settled 1',
    'settled 1 1:Bad',
    'flush',
    'flush -5',
    'flush 5 5',
    'flush soon',
    'pong',
    'pong 5',
    'pong  5',
    'pong 1 2 3',
    'ping 5',
    'settle',
    '7',
    'null',
    '{}',
  ])('[D14] a tracker ignores %j', (text) => {
    expect(parseServerText(text)).toBeNull()
  })

  it('[D14] any text has an answer, soon', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseServerText(text)))
    const long = 'settled 1 ' + '1:a,'.repeat(200_000)
    const begun = performance.now()
    expect(parseServerText(long)).toBeNull()
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})

describe('what a tracker says', () => {
  it('[D5] settle', () => {
    expect(parseClientText(formatSettle())).toEqual({ type: 'settle' })
  })

  it('[D13] ping, within twenty characters of clock for three centuries', () => {
    expect(formatPing(12.345)).toBe('ping 12.3')
    for (const nowMs of [0, 0.04, 1e3 / 3, 1e7 + 0.1, 1e13]) {
      const text = formatPing(nowMs)
      expect(parseClientText(text)).toEqual({ type: 'ping', echo: nowMs.toFixed(1) })
      expect(text.length).toBeLessThanOrEqual(limits.controlTextBytesMax)
    }
  })

  it('[D13] the echo has one to twenty characters, digits and a point', () => {
    expect(parseClientText('ping 12345678901234567890')).toEqual({
      type: 'ping',
      echo: '12345678901234567890',
    })
    expect(parseClientText('ping 123456789012345678901')).toBeNull()
  })

  it.each([
    '',
    'settle ',
    ' settle',
    'settled',
    'settled 1',
    'SETTLE',
    'ping',
    'ping ',
    'ping  5',
    'ping .5',
    'ping -5',
    'ping 1e5',
    'ping 5 5',
    'ping 5\n',
    'ping x',
    'ping 5<script>',
    'flush 5',
    'pong 5 5',
    '{"type":"settle"}',
  ])('[D14] a gateway knows no %j', (text) => {
    expect(parseClientText(text)).toBeNull()
  })

  it('[D14] everything a tracker may say fits the limit', () => {
    expect('ping 12345678901234567890'.length).toBeLessThanOrEqual(limits.controlTextBytesMax)
  })
})

describe('why a connection ends', () => {
  it('[D10] the reason is the closure’s name, and the delay where there is one', () => {
    expect(formatCloseReason('closing')).toBe('closing')
    expect(formatCloseReason('retry', 1_500.4)).toBe('retry 1500')
  })

  it('[D10] the delay is read from it, 0 when there is none', () => {
    expect(closeDelayMs('retry 1500')).toBe(1_500)
    expect(closeDelayMs('rate 5000')).toBe(5_000)
    for (const reason of ['', 'closing', 'retry', 'retry ', 'retry -5', 'retry soon', 'retry 5 5', '5000']) {
      expect(closeDelayMs(reason), reason).toBe(0)
    }
  })

  it('[D10] every reason fits into a close frame: 123 bytes', () => {
    for (const closure of Object.keys(closures) as Closure[]) {
      const reason = formatCloseReason(closure, Number.MAX_SAFE_INTEGER)
      expect(reason.length).toBeLessThanOrEqual(123)
      expect(closeDelayMs(reason)).toBe(Number.MAX_SAFE_INTEGER)
    }
  })
})
