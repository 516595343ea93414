import helmet from 'helmet'
import type { RequestHandler } from 'express'

/** No third parties, no inline scripts, no framing. Styles set through the CSSOM need no exception. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The live server speaks plain HTTP; what stands before it decides about HTTPS.
    strictTransportSecurity: false,
    // With no referrer at all a browser hides the origin of the sign-in form, which is then refused.
    referrerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  })
}
