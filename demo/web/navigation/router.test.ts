import { describe, expect, it } from 'vitest'
import { isPlainClick, parseAddress, type LinkClick } from './router.ts'

describe('parseAddress', () => {
  it.each([
    ['/', { path: '/', query: '', hash: '' }],
    ['/shop?category=table', { path: '/shop', query: '?category=table', hash: '' }],
    ['/journal#oiling-oak', { path: '/journal', query: '', hash: '#oiling-oak' }],
    ['/shop?q=a#top?b', { path: '/shop', query: '?q=a', hash: '#top?b' }],
    ['/shop/', { path: '/shop', query: '', hash: '' }],
    ['//', { path: '/', query: '', hash: '' }],
  ])('splits %s', (address, place) => {
    expect(parseAddress(address)).toEqual(place)
  })
})

describe('isPlainClick', () => {
  const plain: LinkClick = {
    button: 0,
    metaKey: false,
    ctrlKey: false,
    shiftKey: false,
    altKey: false,
    defaultPrevented: false,
  }

  it('takes a left click', () => {
    expect(isPlainClick(plain)).toBe(true)
  })

  it.each([
    { button: 1 },
    { metaKey: true },
    { ctrlKey: true },
    { shiftKey: true },
    { altKey: true },
    { defaultPrevented: true },
  ])('leaves %o to the browser', (change) => {
    expect(isPlainClick({ ...plain, ...change })).toBe(false)
  })
})
