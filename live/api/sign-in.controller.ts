import { Body, Controller, HttpStatus, Inject, Post, Req, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import type { Request, Response } from 'express'
import { sameToken, tokenCookie } from '../authorization.ts'
import { isOwnOrigin } from '../authorization.ts'
import { signInPage } from '../sign-in-page.ts'
import { signInBody } from './queries-of-requests.ts'
import { settingsToken, type LiveSettings } from './tokens.ts'

/** Hands the token to a browser as a cookie that no script can read. */
@ApiExcludeController()
@Controller('api/v1/sign-in')
export class SignInController {
  private readonly settings: LiveSettings

  constructor(@Inject(settingsToken) settings: LiveSettings) {
    this.settings = settings
  }

  @Post()
  signIn(
    @Req() request: Request,
    @Res() response: Response,
    @Body({ schema: signInBody }) body: { token: string },
  ): void {
    const { adminToken } = this.settings
    if (adminToken === '' || !isOwnOrigin(request) || !sameToken(body.token, adminToken)) {
      response.status(HttpStatus.UNAUTHORIZED).type('html').send(signInPage)
      return
    }
    response.cookie(tokenCookie, encodeURIComponent(adminToken), {
      httpOnly: true,
      sameSite: 'strict',
      secure: request.secure,
      path: '/',
      encode: String,
    })
    response.redirect(HttpStatus.SEE_OTHER, '/')
  }
}
