import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common'
import { Processor } from './processor.ts'

/** Ties the processor to Nest's life: it joins the group at the start and drains before the shutdown. */
class ProcessorLife implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly processor: Processor

  constructor(processor: Processor) {
    this.processor = processor
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.processor.start()
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.processor.stop()
  }
}

@Module({})
export class ProcessorModule {
  static with(processor: Processor): DynamicModule {
    return {
      module: ProcessorModule,
      providers: [
        { provide: Processor, useValue: processor },
        {
          provide: ProcessorLife,
          useFactory: (one: Processor) => new ProcessorLife(one),
          inject: [Processor],
        },
      ],
    }
  }
}
