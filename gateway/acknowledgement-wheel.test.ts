import { expect, it } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { AcknowledgementWheel, type Waiting } from './acknowledgement-wheel.ts'

class Counted implements Waiting {
  inWheel = false
  count = 0
  onTurn(): void {
    this.count++
  }
}

it('[GW8] lets a connection acknowledge once, after the interval', () => {
  const wheel = new AcknowledgementWheel(100)
  const connection = new Counted()
  wheel.turn()
  wheel.add(connection)
  wheel.add(connection)
  const turns = limits.ackIntervalMs / 100
  for (let i = 0; i < turns - 1; i++) wheel.turn()
  expect(connection.count).toBe(0)
  wheel.turn()
  expect(connection.count).toBe(1)
  for (let i = 0; i < 3 * turns; i++) wheel.turn()
  expect(connection.count).toBe(1)
})

it('[GW8] takes a connection again, also from within its acknowledgement', () => {
  const wheel = new AcknowledgementWheel(500)
  const connection = new Counted()
  connection.onTurn = () => {
    connection.count++
    wheel.add(connection)
  }
  wheel.add(connection)
  for (let i = 0; i < 6; i++) wheel.turn()
  expect(connection.count).toBe(3)
})
