import net from 'node:net'

interface Pair {
  client: net.Socket
  server: net.Socket
  /** Cut as soon as another request has gone to the server, or an answer is on its way back: that answer is lost. */
  doomed: boolean
}

/** A TCP proxy on loopback for tests, which breaks connections at the worst moment: after the request, before the answer. */
export class CutProxy {
  /** Connections broken so far. */
  cuts = 0
  private readonly server: net.Server
  private readonly target: () => number
  private readonly pairs = new Set<Pair>()
  private readonly random: () => number

  /** @param target port on loopback, asked for at each connection: it may change with a restart */
  constructor(target: () => number, random: () => number) {
    this.target = target
    this.random = random
    this.server = net.createServer((client) => this.join(client))
  }

  /** @param port 0 takes any that is free. Resolves with the port it listens on. */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve))
    return (this.server.address() as net.AddressInfo).port
  }

  /** Breaks one connection chosen at random: six times in ten after its next request passed, else at once. */
  cutOne(): void {
    const all = [...this.pairs].filter((pair) => !pair.doomed)
    const chosen = all[Math.floor(this.random() * all.length)]
    if (chosen === undefined) return
    if (this.random() < 0.6) chosen.doomed = true
    else this.cut(chosen)
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) this.cut(pair)
    await new Promise((resolve) => this.server.close(resolve))
  }

  private join(client: net.Socket): void {
    const server = net.connect({ port: this.target(), host: '127.0.0.1' })
    const pair: Pair = { client, server, doomed: false }
    this.pairs.add(pair)
    client.on('data', (request) => {
      if (pair.doomed) server.write(request, () => this.cut(pair))
      else server.write(request)
    })
    server.on('data', (answer) => {
      if (pair.doomed) this.cut(pair)
      else client.write(answer)
    })
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.pairs.delete(pair)
        client.destroy()
        server.destroy()
      })
    }
  }

  private cut(pair: Pair): void {
    if (!this.pairs.delete(pair)) return
    this.cuts++
    pair.client.destroy()
    pair.server.destroy()
  }
}
