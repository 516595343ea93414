import type { IncomingMessage, ServerResponse } from 'node:http'
import { Controller, Get, Inject, Req, Res } from '@nestjs/common'
import { answerRefusal, refusal } from './request-error.ts'
import { ServedTracker } from './tracker-script.ts'

/** The tracker, for the snippet that customers paste. Nest routes HEAD to the same methods. */
@Controller()
export class TrackerController {
  constructor(@Inject(ServedTracker) private readonly tracker: ServedTracker) {}

  @Get('tracker.js')
  script(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    if (this.tracker.script === null)
      answerRefusal(response, refusal('not-found', 'This gateway serves no tracker.'))
    else this.tracker.script.serve(request, response)
  }

  @Get('tracker.mjs')
  module(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    if (this.tracker.module === null)
      answerRefusal(response, refusal('not-found', 'This gateway serves no tracker.'))
    else this.tracker.module.serve(request, response)
  }
}
