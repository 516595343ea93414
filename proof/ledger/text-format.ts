/** A message in protobuf's text format: every field with its values in order, as text; messages nested. */
export type TextMessage = Map<string, (string | TextMessage)[]>

/** Reads what `protoc --decode` prints. Strings are unescaped to their bytes, one character each ("latin1"). */
export function parseTextFormat(text: string): TextMessage {
  const root: TextMessage = new Map()
  const open = [root]
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const message = open[open.length - 1]
    if (line === '}') {
      open.pop()
      continue
    }
    const begins = /^(\w+) \{$/.exec(line)
    if (begins !== null) {
      const nested: TextMessage = new Map()
      add(message, begins[1], nested)
      open.push(nested)
      continue
    }
    const [, name, value] = /^(\w+): (.*)$/.exec(line) ?? []
    if (name === undefined) throw new Error(`not protobuf's text format: ${line}`)
    add(message, name, value.startsWith('"') ? unescaped(value.slice(1, -1)) : value)
  }
  return root
}

function add(message: TextMessage, name: string, value: string | TextMessage): void {
  const values = message.get(name)
  if (values === undefined) message.set(name, [value])
  else values.push(value)
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

function unescaped(text: string): string {
  return text.replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string) =>
    octal === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
  )
}
