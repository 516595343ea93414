import { expect, it } from 'vitest'
import { checkoutErrors, type CheckoutValues } from './checkout-fields.ts'
import { placeOrder } from './order.ts'

const filled: CheckoutValues = {
  email: 'robin@example.org',
  firstName: 'Robin',
  lastName: 'Reed',
  address: '1 Mill Lane',
  city: 'Kendal',
  postcode: 'LA9',
}

it('takes a filled form', () => {
  expect(checkoutErrors(filled)).toEqual({})
})

it('names each field that is missing', () => {
  expect(checkoutErrors({ ...filled, city: ' ', email: '' })).toEqual({
    city: 'Town or city is missing',
    email: 'Email is missing',
  })
})

it('refuses what is no email address', () => {
  expect(Object.keys(checkoutErrors({ ...filled, email: 'robin' }))).toEqual(['email'])
})

it('gives an order a number of six digits', () => {
  const lines = [{ slug: 'ridge-mug', colour: 'Moss', quantity: 1 }]
  const number = (random: number) => placeOrder('a@b', lines, 'collect', false, () => random).number
  expect([number(0), number(0.999999999)]).toEqual(['LL-100000', 'LL-999999'])
  expect(placeOrder('a@b', lines, 'collect', false, () => 0).total.totalPence).toBe(1_800)
})
