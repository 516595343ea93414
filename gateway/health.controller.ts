import type { ServerResponse } from 'node:http'
import { Controller, Get, Inject, Res } from '@nestjs/common'
import { IngestServer } from './ingest-server.ts'
import { Readiness } from './readiness.ts'
import { answerRefusal, refusal } from './request-error.ts'

/** For load balancers and supervisors. Live: the process turns. Ready: it takes data and the log answers. */
@Controller('health')
export class HealthController {
  constructor(
    @Inject(IngestServer) private readonly ingest: IngestServer,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  @Get('live')
  live(@Res() response: ServerResponse): void {
    answer(response, 'live')
  }

  @Get('ready')
  async ready(@Res() response: ServerResponse): Promise<void> {
    if (this.ingest.draining)
      return answerRefusal(response, refusal('unavailable', 'This gateway is draining.'))
    if (await this.readiness.logAnswers()) return answer(response, 'ready')
    answerRefusal(response, refusal('unavailable', 'The log does not answer.'))
  }
}

function answer(response: ServerResponse, status: string): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Cache-Control', 'no-store')
  response.end(JSON.stringify({ status }))
}
