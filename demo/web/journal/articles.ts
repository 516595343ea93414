import type { DrawingName } from '../pictures/drawings.ts'

export interface Article {
  /** Names the article in addresses: `/journal#oiling-oak`. */
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly minutes: number
  readonly picture: { readonly drawing: DrawingName; readonly colour: string }
  readonly paragraphs: readonly string[]
  readonly steps: readonly string[]
}

export const articles: readonly Article[] = [
  {
    id: 'oiling-oak',
    title: 'Oiling oak, twice a year',
    minutes: 4,
    picture: { drawing: 'board', colour: '#7f573a' },
    summary: 'A rag, a spoonful of oil and the length of one cup of tea.',
    paragraphs: [
      'Wood dries out. A board that has gone pale and thirsty drinks water from every wash, swells, and one winter morning it splits. Ten minutes in spring and ten in autumn prevent all of it.',
      'Any oil that hardens will do: linseed, tung, walnut. Olive oil will not. It stays wet, turns rancid, and your bread will tell you about it.',
    ],
    steps: [
      'Wash the board, stand it on edge, and leave it overnight.',
      'Rub it along the grain with fine paper until it feels like an eggshell.',
      'Spread a spoonful of oil with a rag. Wait until you have drunk your tea.',
      'Wipe off all that the wood did not want, and let it stand a day.',
    ],
  },
  {
    id: 'setting-a-table',
    title: 'Setting a table for too many',
    minutes: 6,
    picture: { drawing: 'bowl', colour: '#6f7f6a' },
    summary: 'Nine guests, six plates. Why the bowls go in the middle.',
    paragraphs: [
      'There are always more people than chairs, and always more chairs than matching plates. We have stopped apologising for it: a table that matches is a table that was laid for nobody in particular.',
      'Put the food in the middle, in the largest bowls you own, and let people reach. Reaching starts conversations. So does passing the wrong thing.',
    ],
    steps: [
      'Count stools, steps and the piano bench as chairs.',
      'Three big bowls for each six people, within an arm of everybody.',
      'Candles lower than the eyes, flowers lower than the candles.',
    ],
  },
  {
    id: 'light-at-four',
    title: 'Light at four in the afternoon',
    minutes: 5,
    picture: { drawing: 'lamp', colour: '#d9cbb3' },
    summary: 'Small lamps in corners, and one switch fewer on the wall.',
    paragraphs: [
      'In November the day ends before the work does. One bright lamp in the middle of the ceiling makes a room of four walls; four small ones in the corners make a room of places.',
      'A lamp belongs where something is done: beside the chair, over the board, next to the bed. Leave the rest of the room dark. It will look larger for it.',
    ],
    steps: [
      'Sit where you sit in the evening, and look for the glare.',
      'Move one lamp below the height of your eyes.',
      'Use warm bulbs, 2,700 K or less, and a dimmer where there is a cord.',
    ],
  },
  {
    id: 'mending-wool',
    title: 'Mending wool so that it shows',
    minutes: 7,
    picture: { drawing: 'throwBlanket', colour: '#8d7686' },
    summary: 'Moths are inevitable. A good darn is something to point at.',
    paragraphs: [
      'A hole in a throw is a matter of time. You can send it to us, and we will weave it shut so that you never find it again. Or you can choose a colour you like and do it by the fire.',
      'The trick is to begin well outside the hole, where the cloth is sound, and never to pull tight. Wool felts with use: after a winter the darn belongs to the cloth.',
    ],
    steps: [
      'Stretch the hole over a mug. It is just the right curve.',
      'Lay threads one way, a needle apart, from sound cloth to sound cloth.',
      'Weave back across, over and under, turning outside the hole.',
      'Damp it, press it with a warm iron, and leave it alone.',
    ],
  },
]
