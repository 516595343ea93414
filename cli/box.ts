import { styleText } from 'node:util'

/** A box with a title and labelled lines for the terminal. A long value is never cut: it must be copied whole. */
export function box(title: string, lines: string[][]): string {
  const label = Math.max(...lines.map(([name]) => name.length))
  const texts = lines.map(([name, value]) => `${name.padEnd(label)}  ${value}`)
  const width = Math.max(title.length + 1, ...texts.map((text) => text.length))
  const top = `╭ ${title} ${'─'.repeat(width - title.length)}╮`
  const rows = texts.map((text) => {
    const name = styleText('dim', text.slice(0, label))
    return `│ ${name}${text.slice(label)}${' '.repeat(width - text.length)} │`
  })
  return ['', top, ...rows, `╰${'─'.repeat(width + 2)}╯`, ''].join('\n') + '\n'
}
