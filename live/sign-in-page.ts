/** What a browser is shown with status 401. No script, no style from elsewhere: the policy forbids inline ones. */
export const signInPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · Sightline</title>
<form method="post" action="/api/v1/sign-in">
<h1>Sightline</h1>
<p><label>Admin token<br><input type="password" name="token" autocomplete="current-password" required autofocus></label></p>
<p><button>Sign in</button></p>
</form>
</html>
`
