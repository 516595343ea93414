import type { Server } from 'node:http'
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { IngestServer } from './ingest-server.ts'

/**
 * Puts the ingest server behind Nest's HTTP server. It drains before the shutdown, while sockets still work: later,
 * clients would see their connection break in place of a close code.
 */
@Injectable()
export class IngestGateway implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(IngestServer) private readonly ingest: IngestServer,
  ) {}

  onApplicationBootstrap(): void {
    this.ingest.attach(this.host.httpAdapter.getHttpServer() as Server)
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ingest.drain()
    this.ingest.close()
  }
}
