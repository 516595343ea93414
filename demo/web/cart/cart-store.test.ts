import { describe, expect, it } from 'vitest'
import { cartLinesMax, countOf, createCartStore, quantityMax } from './cart-store.ts'
import { isKnownCode, totalOf } from './cart-total.ts'

function memoryStorage(content?: string) {
  let value = content ?? null
  return {
    getItem: () => value,
    setItem: (_key: string, next: string) => void (value = next),
    stored: () => value,
  }
}

describe('the bag', () => {
  it('adds to the row of the same product and colour', () => {
    const cart = createCartStore(undefined)
    cart.add('ridge-mug', 'Moss', 1)
    cart.add('ridge-mug', 'Chalk', 1)
    cart.add('ridge-mug', 'Moss', 2)
    expect(cart.read()).toEqual([
      { slug: 'ridge-mug', colour: 'Moss', quantity: 3 },
      { slug: 'ridge-mug', colour: 'Chalk', quantity: 1 },
    ])
    expect(countOf(cart.read())).toBe(4)
  })

  it('holds quantities within 1 and the most', () => {
    const cart = createCartStore(undefined)
    cart.add('ridge-mug', 'Moss', 40)
    const line = cart.read()[0]!
    expect(line.quantity).toBe(quantityMax)
    cart.setQuantity(line, 0)
    expect(cart.read()[0]!.quantity).toBe(1)
  })

  it('refuses a row beyond the most', () => {
    const cart = createCartStore(undefined)
    for (let row = 0; row < cartLinesMax; row++) expect(cart.add('ridge-mug', `colour ${row}`, 1)).toBe(true)
    expect(cart.add('long-board', 'Oak', 1)).toBe(false)
    expect(cart.read()).toHaveLength(cartLinesMax)
  })

  it('tells its listeners, and gives the same array until something changes', () => {
    const cart = createCartStore(undefined)
    let calls = 0
    const stop = cart.subscribe(() => calls++)
    cart.add('ridge-mug', 'Moss', 1)
    expect(cart.read()).toBe(cart.read())
    cart.remove(cart.read()[0]!)
    stop()
    cart.clear()
    expect(calls).toBe(2)
    expect(cart.read()).toEqual([])
  })

  it('is there again after a reload', () => {
    const storage = memoryStorage()
    createCartStore(storage).add('long-board', 'Oak', 2)
    expect(createCartStore(storage).read()).toEqual([{ slug: 'long-board', colour: 'Oak', quantity: 2 }])
  })

  it.each([
    '{',
    '{}',
    'null',
    '[null, 3, "a"]',
    '[{"slug":"gone","colour":"Oak","quantity":1}]',
    '[{"slug":"long-board","colour":"Pink","quantity":1}]',
    '[{"slug":"long-board","colour":"Oak","quantity":0}]',
  ])('reads the stored %s as an empty bag', (stored) => {
    expect(createCartStore(memoryStorage(stored)).read()).toEqual([])
  })
})

describe('the total', () => {
  const mug = { slug: 'ridge-mug', colour: 'Moss', quantity: 2 }
  const lamp = { slug: 'dune-lamp', colour: 'Oat', quantity: 1 }

  it('adds delivery below the free limit only', () => {
    expect(totalOf([mug], 'standard', false)).toEqual({
      goodsPence: 3_600,
      discountPence: 0,
      deliveryPence: 495,
      totalPence: 4_095,
    })
    expect(totalOf([lamp], 'standard', false).deliveryPence).toBe(0)
    expect(totalOf([lamp], 'express', false).deliveryPence).toBe(895)
    expect(totalOf([], 'express', false).totalPence).toBe(0)
  })

  it('takes the discount off the goods', () => {
    expect(totalOf([mug, lamp], 'collect', true)).toEqual({
      goodsPence: 20_100,
      discountPence: 2_010,
      deliveryPence: 0,
      totalPence: 18_090,
    })
  })

  it('knows one code, however it is typed', () => {
    expect(isKnownCode(' welcome10 ')).toBe(true)
    expect(isKnownCode('WELCOME')).toBe(false)
  })
})
