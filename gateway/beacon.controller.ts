import type { IncomingMessage, ServerResponse } from 'node:http'
import { Controller, Inject, Options, Post, Req, Res } from '@nestjs/common'
import { BeaconReceiver } from './beacon.ts'

/** `POST /beacon?key=…`: beacon.ts reads and answers it. */
@Controller('beacon')
export class BeaconController {
  constructor(@Inject(BeaconReceiver) private readonly beacons: BeaconReceiver) {}

  @Post()
  receive(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    return this.beacons.receive(request, response)
  }

  @Options()
  preflight(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    this.beacons.preflight(request, response)
  }
}
